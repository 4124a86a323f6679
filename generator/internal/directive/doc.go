// Package directive reads //cache: lines: their grammar, the table of options, and the declarations
// that they are on. It knows syntax only; what the options mean for a function is checked where its
// types are known, in package model.
//
// A directive is a line of a doc comment, as [ast.ParseDirective] defines them:
//
//	line     = "//cache:" name { word } [ "//" comment ]
//	word     = option | option "=" value | quoted word
//	value    = bare text | quoted text
//	quoted   = a Go string, interpreted or raw
//
// Every word, value and list element has the exact position at which it is written, through escapes
// too.
package directive
