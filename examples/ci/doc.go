// Package ci has files for CI, hooks and editors, ready to copy. They are described in README.md.
// The package itself is only their test, in a module of its own because of what reads YAML.
package ci
