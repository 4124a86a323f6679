// Package version computes what a function means: a hash of its code and of all code that it can reach.
//
// It has six rooms. Package extract summarises each package of the user's on its own: every declaration becomes a [facts.Node] with a
// hash of its canonical form and edges to the objects that it mentions, converts to interfaces, or writes to. Package facts is what a
// summary consists of: plain data that refers to other packages by name alone. Package closure joins summaries and finds what a function
// reaches; package effects tells it who may write to the memory that it reads, from what extract/memory finds in the SSA form of each
// package. Package review says what of that is refused or warned of. Package stdmodel is all that is known of the standard library.
//
// A version is the hash of the sorted pairs of name and local hash in the closure of a function. Names are identity, so recursion
// needs no care: Unison, which hashes without names, has to hash cycles as one.
//
// Experiments on real modules are part of the tests: rewriting them without changing what they mean, and mutating them; see
// experimentModules.
package version
