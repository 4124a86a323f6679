package closure

import (
	"slices"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// signatures finds functions by their signature. Where type parameters are in one, it is any with as many parameters and results.
type signatures[T comparable] struct{ exact, arity map[facts.Shape][]T }

func newSignatures[T comparable]() signatures[T] {
	return signatures[T]{map[facts.Shape][]T{}, map[facts.Shape][]T{}}
}

// add adds a function unless it is known.
func (s signatures[T]) add(signature facts.Shape, function T) {
	if !slices.Contains(s.exact[signature], function) {
		s.exact[signature] = append(s.exact[signature], function)
	}
	if arity := signature.Arity(); !slices.Contains(s.arity[arity], function) {
		s.arity[arity] = append(s.arity[arity], function)
	}
}

// of returns the functions that may have a signature.
func (s signatures[T]) of(signature facts.Shape) []T {
	arity := signature.Arity()
	if signature == arity {
		return s.arity[arity]
	}
	if generic := s.exact[arity]; len(generic) > 0 {
		return slices.Concat(s.exact[signature], generic)
	}
	return s.exact[signature]
}

// has reports whether a function may have a signature.
func (s signatures[T]) has(signature facts.Shape) bool { return len(s.of(signature)) > 0 }
