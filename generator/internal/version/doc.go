// Package version computes what a function means: a hash of its code and of all code that it can reach.
//
// It works in two steps. Each package of the user's is summarised on its own: every declaration becomes a [Node] with a hash of its
// canonical form and edges to the objects that it mentions, converts to interfaces, or writes to. A summary is plain data
// that refers to other packages by name alone. Then [Graph] joins the summaries and a version is the hash of the sorted pairs of
// name and local hash in the closure of a function. Names are identity, so recursion needs no care: Unison, which hashes
// without names, has to hash cycles as one.
//
// What is canonical is decided in one place, the encoder: locals are numbered by occurrence, constants are their type and exact
// value, types are what the type-checker says they are. Comments, formatting and order never get so far.
//
// Dynamic dispatch follows values, as rapid type analysis does: a method can only be called through an interface if a value of its
// type was converted to one, and the conversion is in code that can be reached, or in code that the caller ran before
// (Bacon and Sweeney, OOPSLA 1996). The second case is what ignored parameters and contexts bring; there every
// implementation in the module counts (class hierarchy analysis, Dean, Grove and Chambers, ECOOP 1995). Where such values go is
// found by classes of variables ([Flow]), and what functions write to by what their values may point to ([Memory]).
//
// What a version can't vouch for is refused or warned of in the review of a closure. Experiments on real modules are part of the tests:
// rewriting them without changing what they mean, and mutating them; see experimentModules.
package version
