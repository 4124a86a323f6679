package facts

import "slices"

// Identity is a place where values are told apart by address: a comparison of pointers, a map with pointers as keys.
type Identity struct {
	Reach        Pointees
	Line, Column int
}

// Pointees are types that pointers point to, by name; Any says that they may point to anything.
// Errors says that pointers to some of them are errors: only those can be equal to an error.
type Pointees struct {
	Any, Errors bool
	Types       []string
}

// Meets reports whether a pointer can be among both.
func (p Pointees) Meets(other Pointees) bool {
	empty := func(p Pointees) bool { return !p.Any && !p.Errors && len(p.Types) == 0 }
	if empty(p) || empty(other) {
		return false
	}
	return p.Any || other.Any || p.Errors && other.Errors || slices.ContainsFunc(p.Types, func(t string) bool { return slices.Contains(other.Types, t) })
}
