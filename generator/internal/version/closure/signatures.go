package closure

import (
	"slices"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// signatures finds functions by their signature. Where type parameters are in one, it may be any that fits.
type signatures[T comparable] map[facts.Shape][]signed[T]

// signed is a function with its signature.
type signed[T comparable] struct {
	function  T
	signature facts.Shape
}

func newSignatures[T comparable]() signatures[T] { return signatures[T]{} }

// add adds a function unless it is known.
func (s signatures[T]) add(signature facts.Shape, function T) {
	arity := signature.Arity()
	if one := (signed[T]{function, signature}); !slices.Contains(s[arity], one) {
		s[arity] = append(s[arity], one)
	}
}

// of returns the functions that may have a signature.
func (s signatures[T]) of(signature facts.Shape) []T {
	var found []T
	for _, one := range s[signature.Arity()] {
		if one.signature.Fits(signature) {
			found = append(found, one.function)
		}
	}
	return found
}
