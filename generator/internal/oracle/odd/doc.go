// Package odd tests that what is generated compiles and does what functions do, whatever packages look like: it makes random ones of
// everything that is legal and rare.
//
// Names are drawn from the vocabulary of generated code, so that the user's are in its way wherever they can be: those of packages'
// declarations, imports, parameters, results, type parameters, fields and methods. Types are drawn from a small grammar with blank
// fields, arrays without elements, aliases, recursive types, generic ones, types of another package that can't be named, and dot
// imports. Functions and methods of them get directives with options. Some files have build constraints.
//
// A batch of packages is one module. The generator runs over it, for two sets of tags; all that it generates is vetted and built, and
// one program calls each function and its wrapper, twice, and compares the results. A refusal is an answer, too; generated code that
// does not compile, a result that differs and a panic are none.
package odd
