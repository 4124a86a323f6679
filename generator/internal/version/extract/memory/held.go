package memory

import (
	"go/types"
	"iter"
	"slices"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
	"github.com/cachegen/cachegen/generator/internal/version/stdmodel"
)

// A value of another module may hold values of the user's, which were handed over before: a
// bufio.Writer holds an io.Writer, a flag.FlagSet functions. Code outside that gets the holder may
// call them. Their types are known from the types of the holder's fields.

// heldTypes are the interfaces and the function types of what a value holds, as far as the types of
// other modules tell. An interface holds itself.
func (x *extractor) heldTypes(t types.Type) []types.Type {
	key := x.typeKey(t)
	if known, ok := x.heldBy[key]; ok {
		return known
	}
	c := holdings{extractor: x, seen: map[string]bool{}}
	c.visit(t)
	x.heldBy[key] = c.found
	return c.found
}

// holdings collects what values of a type hold.
type holdings struct {
	*extractor
	seen map[string]bool
	// hides is the package of the field that is looked at, if others can't assign to it.
	hides *types.Package
	found []types.Type
}

func (c *holdings) visit(t types.Type) {
	t = types.Unalias(t)
	key := c.typeKey(t)
	if c.hides != nil {
		key += " of " + c.hides.Path() // another field may be exported
	}
	if c.seen[key] {
		return
	}
	c.seen[key] = true
	switch u := t.Underlying().(type) {
	case *types.Interface:
		if _, isParam := t.(*types.TypeParam); !isParam && slices.ContainsFunc(slices.Collect(u.Methods()), (*types.Func).Exported) && !IsError(t) {
			c.add(t)
		}
	case *types.Signature:
		if c.hides == nil || c.handsOver(c.hides, u) {
			c.add(t)
		}
	case *types.Pointer:
		c.visit(u.Elem())
	case *types.Slice:
		c.visit(u.Elem())
	case *types.Array:
		c.visit(u.Elem())
	case *types.Chan:
		c.visit(u.Elem())
	case *types.Map:
		c.visit(u.Key())
		c.visit(u.Elem())
	case *types.Struct:
		if n, ok := t.(*types.Named); ok && (c.isLocal(pathOf(n.Obj())) || stdmodel.IsInternal(pathOf(n.Obj()))) {
			return // the user's own code calls what is in there, or users can't put anything there
		}
		outer := c.hides
		for f := range u.Fields() {
			if c.hides = nil; !f.Exported() {
				c.hides = f.Pkg()
			}
			c.visit(f.Type())
		}
		c.hides = outer
	}
}

func (c *holdings) add(t types.Type) {
	key := c.typeKey(t)
	if !slices.ContainsFunc(c.found, func(other types.Type) bool { return c.typeKey(other) == key }) {
		c.found = append(c.found, t)
	}
}

// handsOver reports whether users can hand functions of a signature to a package: one that no
// function or method takes is the package's own.
func (x *extractor) handsOver(p *types.Package, sig *types.Signature) bool {
	known, ok := x.taking[p]
	if !ok {
		x.taking[p] = nil // what it takes may hold such functions itself
		for f := range exportedFunctions(p) {
			for v := range f.Signature().Params().Variables() {
				for _, t := range x.heldTypes(v.Type()) {
					if s, ok := t.Underlying().(*types.Signature); ok {
						known = append(known, x.callKey(s))
					}
				}
			}
		}
		slices.Sort(known)
		known = slices.Compact(known)
		x.taking[p] = known
	}
	key := x.callKey(sig)
	return slices.ContainsFunc(known, func(taken string) bool { return facts.SignaturesFit(key, taken) })
}

// exportedFunctions are the functions of a package, and the methods of its types, that others can
// call.
func exportedFunctions(p *types.Package) iter.Seq[*types.Func] {
	return func(yield func(*types.Func) bool) {
		for _, name := range p.Scope().Names() {
			var found []*types.Func
			switch o := p.Scope().Lookup(name).(type) {
			case *types.Func:
				found = append(found, o)
			case *types.TypeName:
				if n, ok := types.Unalias(o.Type()).(*types.Named); ok {
					found = slices.Collect(n.Methods())
				}
			}
			for _, f := range found {
				if f.Exported() && !yield(f) {
					return
				}
			}
		}
	}
}

// IsError reports whether a type is error.
func IsError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }

// keptByPackage are the interfaces and the function types of what a package may hold in its
// variables: they are exported, or functions of the package get them. Packages that have their
// state together hold what each of them holds.
func (x *extractor) keptByPackage(p *types.Package) []types.Type {
	if known, ok := x.keptBy[p]; ok {
		return known
	}
	c := holdings{extractor: x, seen: map[string]bool{}}
	for _, name := range p.Scope().Names() {
		o := p.Scope().Lookup(name)
		if !o.Exported() || x.partOf(o) != p.Path() {
			continue
		}
		switch o := o.(type) {
		case *types.Var:
			c.visit(o.Type())
		case *types.Func:
			conduct := x.conductOf(o)
			i := 0
			for v := range o.Signature().Params().Variables() {
				if conduct == nil || conduct.Keeps.Has(i) {
					c.visit(v.Type())
				}
				i++
			}
		}
	}
	for _, imported := range p.Imports() {
		if x.Hidden(imported.Path()) == x.Hidden(p.Path()) {
			for _, t := range x.keptByPackage(imported) {
				c.visit(t)
			}
		}
	}
	x.keptBy[p] = c.found
	return c.found
}

// partOf is the part of what a package hides that an object of it belongs to.
func (x *extractor) partOf(o types.Object) string {
	return stdmodel.PartOf(pathOf(o), stdmodel.ConductOf(pathOf(o), o.Name()))
}

// keepsSomething reports whether the function may call what its package keeps.
func (h *handover) keepsSomething() bool {
	return h.pkg != nil && !h.isLocal(h.path) && (h.unknown || h.conduct.Reads || h.conduct.Changes) && len(h.keptByPackage(h.pkg)) > 0
}

// elementOf is the type of the elements of a slice, as of variadic arguments, or a type itself.
func elementOf(t types.Type) types.Type {
	if s, ok := t.Underlying().(*types.Slice); ok {
		return s.Elem()
	}
	return t
}

// isCalledItself knows the types of values that functions outside call directly, where they get
// them.
func isCalledItself(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Signature, *types.Interface:
		_, isParam := t.(*types.TypeParam)
		return !isParam
	}
	return false
}
