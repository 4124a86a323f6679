package facts

import (
	"go/token"
	"time"
)

// Root is a function whose version is asked for, with what its options say about the version.
type Root struct {
	Func     ID
	Body     bool
	Override string
	// Functions are those that options name, with the numbers of their parameters.
	Functions []Named
	// Asked are the methods of interfaces that make parts of the key.
	Asked []AnyOf
	// Methods are the nodes of the methods that codec and keys can call.
	Methods []ID
	// Brought are the parameters, the receiver being 0, that hold behaviour of callers: those that are no part of the key, and those with
	// interfaces in them.
	Brought []int
	Cached  *Cached
}

// Named is a function that an option names.
type Named struct {
	ID     ID
	Params int
}

// AnyOf is a method of whatever type has methods of these names.
type AnyOf struct {
	Names  []string
	Method string
}

// Cached is what decides whether a cached function is refused or warned of.
type Cached struct {
	Name                                  string
	Pos                                   token.Position
	Disabled, Overridden                  bool
	Reviewed, Trust, NoJoin, PerRun       bool
	HasContext, NarrowsKey, MaxAgeByValue bool
	Params                                []Parameter
	TypeParams, Tags                      []string
	Vary, Policies                        []ID
	MaxAge                                *time.Duration
	Behind                                []Behind
}

// Behind is an interface with methods of these names in an input: some type whose values can be told apart must have them.
type Behind struct {
	Names []string
	// Path leads to the interface, Ways are the ways out, Pos is where the input is declared.
	Path, Ways string
	Pos        token.Position
}

// Parameter is a parameter, or the receiver.
type Parameter struct {
	Name string
	// Keyed says that the parameter is in the key.
	Keyed bool
	// Points says what pointers in it can point to.
	Points Pointees
}

// NeedsReview reports whether there is something to refuse: a disabled wrapper calls its function and can do no harm.
func (p Root) NeedsReview() bool { return p.Cached != nil && !p.Cached.Disabled }
