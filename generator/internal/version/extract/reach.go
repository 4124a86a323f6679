package extract

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/cachegen/cachegen/generator/internal/model"
	"github.com/cachegen/cachegen/generator/internal/version/facts"
	"github.com/cachegen/cachegen/generator/internal/version/stdmodel"
)

// maxReach bounds the shapes that are kept of a type. A type of more is taken to reach anything.
const maxReach = 50

// reachOf says what memory can be reached from values of a type.
func (s *summarizer) reachOf(t types.Type) facts.Reach {
	if known, ok := s.reaches[t]; ok {
		return known
	}
	w := reachWalker{summarizer: s, seen: map[types.Type]bool{}}
	w.walk(t)
	s.reaches[t] = w.reach
	return w.reach
}

type reachWalker struct {
	*summarizer
	seen  map[types.Type]bool
	reach facts.Reach
}

func (w *reachWalker) walk(t types.Type) {
	t = types.Unalias(t)
	if w.reach.Any || t == nil || w.seen[t] {
		return
	}
	w.seen[t] = true
	if n, ok := t.(*types.Named); ok && (isContext(n) || stdmodel.Immutable(typeID(n))) {
		return
	}
	w.add(w.memoryShape(t))
	switch t := t.Underlying().(type) {
	case *types.Pointer:
		w.walk(t.Elem())
	case *types.Slice:
		w.add(w.sliceShape(t.Elem()))
		w.walk(t.Elem())
	case *types.Array:
		w.add(w.sliceShape(t.Elem()))
		w.walk(t.Elem())
	case *types.Chan:
		w.walk(t.Elem())
	case *types.Map:
		w.walk(t.Key())
		w.walk(t.Elem())
	case *types.Struct:
		for f := range t.Fields() {
			w.walk(f.Type())
		}
	case *types.Interface: // a type parameter's too
		w.reach = facts.Reach{Any: true}
	case *types.Basic:
		if t.Kind() == types.UnsafePointer {
			w.reach = facts.Reach{Any: true}
		}
	}
}

func (w *reachWalker) add(shape facts.Shape) {
	switch {
	case w.reach.Any:
	case len(w.reach.Shapes) >= maxReach:
		w.reach = facts.Reach{Any: true}
	case !slices.Contains(w.reach.Shapes, shape):
		w.reach.Shapes = append(w.reach.Shapes, shape)
	}
}

// memoryShape is the shape of memory that holds values of a type, whatever the type is called. With type parameters in it, that is known
// to callers alone.
func (s *summarizer) memoryShape(t types.Type) facts.Shape {
	if t == nil || model.HasTypeParam(t) {
		return facts.Shape{}
	}
	return s.shape(t.Underlying())
}

// written is the shape of the memory that assigning to x changes: the struct, the map, or what the slice is of.
func (m *memorizer) written(x ast.Expr) facts.Shape {
	switch x := ast.Unparen(x).(type) {
	case *ast.SelectorExpr:
		if sel := m.info.Selections[x]; sel != nil && len(sel.Index()) == 1 {
			return m.memoryShape(deref(m.info.TypeOf(x.X)))
		}
	case *ast.IndexExpr:
		return m.elements(x.X)
	case *ast.StarExpr:
		return m.memoryShape(m.info.TypeOf(x))
	}
	return facts.Shape{}
}

// elements is the shape of the memory of a map, slice or array. An array is what a slice of it is: slices point into nothing else.
func (m *memorizer) elements(x ast.Expr) facts.Shape {
	switch t := core(m.info.TypeOf(x)).(type) {
	case *types.Map:
		return m.memoryShape(t)
	case *types.Slice:
		return m.sliceShape(t.Elem())
	case *types.Array:
		return m.sliceShape(t.Elem())
	case *types.Pointer:
		if a, ok := core(t.Elem()).(*types.Array); ok {
			return m.sliceShape(a.Elem())
		}
	}
	return facts.Shape{}
}

// sliceShape is the shape of a slice with elements of a type.
func (s *summarizer) sliceShape(elem types.Type) facts.Shape {
	if model.HasTypeParam(elem) {
		return facts.Shape{}
	}
	if s.slices[elem] == nil {
		s.slices[elem] = types.NewSlice(elem)
	}
	return s.shape(s.slices[elem])
}
