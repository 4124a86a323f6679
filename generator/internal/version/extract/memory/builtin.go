package memory

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// builtin writes the operations of a builtin function.
func (w *writer) builtin(name string, c *ssa.CallCommon, v *ssa.Call) {
	switch name {
	case "append":
		w.appendTo(c, v)
	case "copy":
		to, from := c.Args[0], c.Args[1]
		if refers(from.Type()) {
			w.load(w.of(from), w.elements(from.Type()))
		}
		w.store(w.of(to), deep(w.of(from)), w.elements(to.Type()))
	case "delete", "clear":
		w.store(w.of(c.Args[0]), nil, w.elements(c.Args[0].Type()))
	case "close":
		w.store(w.of(c.Args[0]), nil, w.elements(c.Args[0].Type()))
	case "len", "cap":
		if t := coreOf(c.Args[0].Type()); t != nil {
			switch t.(type) {
			case *types.Map, *types.Chan:
				w.load(w.of(c.Args[0]), w.elements(c.Args[0].Type()))
			}
		}
	case "String", "StringData", "Slice", "SliceData", "Add":
		for _, a := range c.Args {
			if refers(a.Type()) {
				w.load(w.everything(a), []int{w.reachOf(a.Type())})
				w.leak(w.of(a))
			}
			w.takeUnsafely(a)
		}
		if v != nil {
			w.takeUnsafely(v)
		}
	}
}

func (w *writer) appendTo(c *ssa.CallCommon, v *ssa.Call) {
	to := c.Args[0]
	locations := w.elements(to.Type())
	w.load(w.of(to), locations)
	if len(c.Args) < 2 {
		return
	}
	more := c.Args[1]
	var held []facts.Source
	if refers(more.Type()) {
		w.load(w.of(more), locations)
		if elem, ok := coreOf(to.Type()).(*types.Slice); !ok || refers(elem.Elem()) {
			held = deep(w.of(more))
		}
	}
	if len(w.of(to)) > 0 {
		w.op(facts.Op{Kind: facts.OpStore, Base: w.of(to), Value: held, Locations: locations, Spare: !isCut(to, map[ssa.Value]bool{})})
	}
	if v != nil {
		w.keep([]facts.Source{w.alloc(v)}, join(held, deep(w.of(to))))
	}
}
