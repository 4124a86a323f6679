// Census counts what is in a tree of Go source: the most complex functions and the words that names
// are made of. Without arguments it looks at the toolchain's own tree, which every machine with Go
// has.
//
//	go generate ./examples/census
//	go run ./examples/census
//	go run ./examples/census       # a new process, and next to nothing to do
//
// Each package of the tree is measured by two cached functions, keyed by the content of its files.
// Edit a file of the tree and only its package is measured again; edit [complexity.Of] and run go
// generate, and all packages are measured again but no vocabulary is taken; edit a comment, and
// nothing is.
package main

//go:generate go run ../../cmd/cachegen .
