package facts

import (
	"go/token"
)

// Summary is what a package contributes to versions. It is plain data and refers to other packages by name alone, so that it can be
// kept as long as the package's files and the declarations that it imports stay the same.
type Summary struct {
	Path string
	// Nodes are in order of their IDs.
	Nodes []*Node
	// Initialisers are the nodes whose initialisers do more than compute a value, in the order in which they run.
	Initialisers []ID
	// Order are the nodes of all that runs when the package is initialised, in the order in which it runs.
	Order []ID
	// Effects is what the package's code does to memory; nil if the package has errors.
	Effects *Effects
	// Links are the names that go:linkname gives to other names.
	Links []Link
	// Errors are the errors of the package.
	Errors []Error
}

// Error is what keeps a package from being understood.
type Error struct {
	Pos token.Position // zero if unknown
	Msg string
}

// Link says that two names are one symbol.
type Link struct{ Local, Target ID }
