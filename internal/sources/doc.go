// Package sources finds out whether the code in directories has changed since wrappers were
// generated from it.
//
// The command writes a record of that code outside the repository. Programs that run next to their
// code compare. docs/design.md describes the record.
package sources
