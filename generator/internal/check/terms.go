package check

import (
	"go/types"
	"iter"
)

// terms yields the types that a constraint lists: those of its unions, embedded ones included. None
// means any type.
func terms(i *types.Interface) iter.Seq[types.Type] {
	return func(yield func(types.Type) bool) { yieldTerms(i, yield) }
}

func yieldTerms(i *types.Interface, yield func(types.Type) bool) bool {
	if i == nil {
		return true
	}
	for e := range i.EmbeddedTypes() {
		switch t := types.Unalias(e).(type) {
		case *types.Union:
			for term := range t.Terms() {
				if inner, ok := term.Type().Underlying().(*types.Interface); ok {
					if !yieldTerms(inner, yield) {
						return false
					}
				} else if !yield(term.Type()) {
					return false
				}
			}
		default:
			if inner, ok := t.Underlying().(*types.Interface); ok {
				if !yieldTerms(inner, yield) {
					return false
				}
			} else if !yield(t) {
				return false
			}
		}
	}
	return true
}
