// Package programs tests versions with small random programs and needs to know nothing of how versions are made.
//
// A program has a few packages and one piece of memory, which several ways lead to: an alias, an accessor, a closure, a map of a
// struct, a channel, a generic box. Code that runs before the call writes to it: initialisers, main, goroutines that they start,
// callbacks, functions of the standard library. A cached function reads it. One edit changes a constant, a statement, an operator, a
// name or an order somewhere in the program. It is run before and after:
//
//   - The result differs and the version does not: a false hit, what must never be.
//   - The result is the same and the version differs: a needless change, which is counted.
//
// Shapes are texts in tables: [memories], [ways], [actions] and [readings]. A false hit that anybody finds becomes a line there, and
// is from then on combined with all the others.
//
// Building costs most, so a [batch] holds many programs. Those of a cluster share their packages; names end in the program's number,
// and each program has its own files and its own main package. What the analysis finds in files of another program does not count:
// where a version differs for nothing in the program's own files, the program is tried again alone.
package programs
