// Package generator finds the functions of Go packages that a //cache: directive asks to cache and
// says what has to be generated for them.
//
// Generation is a pipeline of packages, each with one job: directives are read from comments,
// packages loaded and type-checked, functions modelled, inputs and results checked, versions
// computed, code emitted. Nothing here writes into the user's tree; that is the command's.
package generator
