package memory

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
	"github.com/cachegen/cachegen/generator/internal/version/stdmodel"
)

// entrust hands a value to the methods that its type has from modules outside: behind an interface they can be called by anybody, and do what they do
// to what their module hides. Those that the model describes do so if the interface has them, or if they are asked for of any value.
func (w *writer) entrust(in *ssa.MakeInterface) {
	iface := in.Type().Underlying().(*types.Interface)
	names := methodNames(iface)
	if len(names) == 0 {
		names = stdmodel.UsualMethods
	}
	set := w.prog.MethodSets.MethodSet(in.X.Type())
	known := map[string]bool{}
	for sel := range set.Methods() {
		m := sel.Obj().(*types.Func)
		path := pathOf(m)
		if !m.Exported() || path == "" || w.isLocal(path) || known[path] {
			continue
		}
		h := handover{writer: w, path: path, conduct: w.conductOf(m), sig: m.Signature()}
		if h.conduct == nil {
			known[path] = true // all that it may do
			h.conduct, h.unknown = w.anything(), true
		} else if !slices.Contains(names, m.Name()) {
			continue
		}
		h.hiddenState()
		if h.conduct.Keeps.Has(0) {
			h.keep([]facts.Source{h.module()}, w.of(in.X))
		}
	}
}

// adopt notes that an interface may hold what code outside made, if it gets its value from an
// interface that another module declares.
func (w *writer) adopt(from, to types.Type) {
	if n, ok := types.Unalias(from).(*types.Named); ok && n.Obj().Pkg() != nil && !w.isLocal(n.Obj().Pkg().Path()) {
		w.admit(to)
	}
}

// admit notes that an interface may hold a value that code outside made: one that was in another interface before.
func (w *writer) admit(t types.Type) {
	iface, ok := t.Underlying().(*types.Interface)
	if !ok || w.isOursAlone(iface) {
		return
	}
	for m := range iface.Methods() {
		if k := outsideKey(m); !w.foreign[k] {
			w.foreign[k] = true
			w.effects.Foreign = append(w.effects.Foreign, w.foreignMethod(m, k))
		}
	}
}

// isOursAlone reports whether code outside can't declare the methods of an interface: one is not exported, or takes or returns a type of the user's, which
// code outside can't name.
func (x *extractor) isOursAlone(t *types.Interface) bool {
	for m := range t.Methods() {
		if !m.Exported() && x.isLocal(pathOf(m)) || strings.Contains(x.signatureKey(m.Signature()), facts.LocalMark) {
			return true
		}
	}
	return false
}

// foreignMethod is a method of a value that code outside made, of which the interface alone is known.
func (x *extractor) foreignMethod(m *types.Func, key string) facts.Implementation {
	name := facts.ForeignName + "\x00" + key
	b := x.modelledBody(m, name)
	x.effects.Bodies = append(x.effects.Bodies, b)
	return facts.Implementation{Key: key, Body: name}
}
