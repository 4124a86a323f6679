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
	// Encoded are the nodes of the methods that codec and keys call.
	Encoded []ID
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
	// KeyedBy are the functions that make the key. KeyList names the inputs as a list in the option key does; Listed says that it can, ByFunction that a
	// function may make the key, and ByReceiver that each receiver may have a cache of its own.
	KeyedBy                        []ID
	KeyList                        []string
	Listed, ByFunction, ByReceiver bool
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
	// Keyed says that the parameter is in the key, Context that it is the context, which never is.
	Keyed, Context bool
	// Points says what pointers in it can point to.
	Points Pointees
	// LeftOut is the data that it leads to and that is not in the key.
	LeftOut []Data
}

// Data is a field that a parameter leads to, or the parameter itself, that could be in a key.
type Data struct {
	// Path leads to it as code in the function's package writes it, if it is Reachable from there.
	Path      string
	Reachable bool
	// Location is where it is read from; "" says that the function reads it as can be seen from its syntax. Entries are those of a map.
	Location, Entries string
}

// NeedsReview reports whether there is something to refuse: a disabled wrapper calls its function and can do no harm.
func (p Root) NeedsReview() bool { return p.Cached != nil && !p.Cached.Disabled }
