// Package load turns package patterns into type-checked packages.
//
// The go command (or another driver behind go/packages) says which packages there are; parsing and
// type-checking are done here, from source and in dependency order, because export data would have
// to be compiled first, for the host's platform: after an edit of a low-level package that is what
// takes the time. Function bodies of packages that are not the user's own are dropped at once.
//
// The platform is pinned to linux/amd64 without cgo, so that what is generated is the same on every
// machine.
//
// Code may call wrappers that were not generated yet. Their declarations are added as stubs, and
// old generated files left out, so that the first generation and the hundredth see the same
// program.
package load
