// Package target keeps results at readable paths that a template names, as Prefect's targets do.
//
// # Templates
//
//	template    = { text | "{{" | "}}" | placeholder } .
//	placeholder = "{" name { "." name [ "()" ] } [ ":" layout ] "}" .
//	name        = a Go identifier but "_", or func .
//	text        = what a path may have, see [store.CheckPath], without braces .
//	layout      = what [time.Time.Format] takes, without braces, slashes and backslashes .
//
// What a placeholder stands for is what the caller's inputs say, or else the start of the call in
// UTC (date, in the layout 2006-01-02 unless it says another; no other placeholder has a layout),
// the function's name (func), or the project or domain of its scope. Between two placeholders must
// be a slash or a sign: a character that is neither an ASCII letter nor a digit, % or !. The path
// must be one that stores take whatever is filled in, and end in the name of a format: .json, .txt,
// .cbor or .bin, as text.
//
// # Values in paths
//
// Two lists of inputs never have the same path, not even where file names ignore case, and values
// neither leave their segment of the path nor add one. Lower-case ASCII letters, digits and the
// signs - _ . = @ stand for themselves, but not a dot at the beginning or the end, nor a sign that
// stands between two placeholders of the template: values have to end before it. An upper-case
// letter is ! and the lower-case letter, as in Go's module cache; every other byte is % and two
// hexadecimal digits. The empty value is %empty; the first letter of names that Windows keeps for
// devices is written in hexadecimal. A value that takes more than 100 bytes is shortened to its
// beginning, %h and the SHA-256 of the whole. The function's name keeps its slashes.
//
// Dates of a layout made of 2006 01 02 002 15 04 05 06, the signs - _ . and the letters T and Z
// have one width, so they can't be mistaken for what stands next to them and are written as they
// are. Other dates are values.
package target
