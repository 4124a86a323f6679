// Package generator finds the functions with a //cache: directive in Go packages, and generates
// code for them.
//
// Generation is a pipeline of packages, each with one job: directives are read from comments,
// packages loaded and type-checked, functions modelled, inputs and results checked, versions
// computed, code emitted. It writes no file of the user's; the command does.
package generator
