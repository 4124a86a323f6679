package check

import (
	"go/types"
	"slices"
)

// holdsData reports whether a value leads to data that could decide a result, in structs of this
// module. What a struct of another one keeps to itself is a handle's, and so are the numbers that
// set it up, such as a timeout. Text that it shows, such as an address, tells what it stands for.
func (c *checker) holdsData(t types.Type, seen map[types.Type]bool) bool {
	t = types.Unalias(t)
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	local := func(p *types.Package) bool {
		found := c.builds.find(p.Path())
		return found != nil && found.Local()
	}
	if IsData(t, local) {
		return true
	}
	if u, ok := t.Underlying().(*types.Interface); ok {
		return c.maybeData(t, u, local, seen)
	}
	n, ok := t.(*types.Named)
	if !ok || seen[n] || n.Obj().Pkg() == nil {
		return false
	}
	seen[n] = true
	s, ok := n.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	own := local(n.Obj().Pkg())
	for f := range s.Fields() {
		switch {
		case own && c.holdsData(f.Type(), seen):
			return true
		case !own && f.Exported() && IsData(f.Type(), local) && holdsText(f.Type(), map[types.Type]bool{}):
			return true
		}
	}
	return false
}

// maybeData reports whether a type of this module that could be in an interface leads to data, as
// far as those are declared here, next to the interface, or in what is imported here.
func (c *checker) maybeData(t types.Type, u *types.Interface, local func(*types.Package) bool, seen map[types.Type]bool) bool {
	if seen[t] || IsContext(t) {
		return false
	}
	seen[t] = true
	packages := append([]*types.Package{c.pkg}, c.pkg.Imports()...)
	if n, ok := t.(*types.Named); ok && n.Obj().Pkg() != nil {
		packages = append(packages, n.Obj().Pkg())
	}
	return slices.ContainsFunc(packages, func(p *types.Package) bool {
		return local(p) && slices.ContainsFunc(implementations(p, u, true), func(t types.Type) bool { return c.holdsData(t, seen) })
	})
}

// holdsText reports whether there is a string in values of a type, among what everybody sees.
func holdsText(t types.Type, seen map[types.Type]bool) bool {
	if t = types.Unalias(t); seen[t] {
		return false
	}
	seen[t] = true
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Info()&types.IsString != 0
	case *types.Pointer:
		return holdsText(u.Elem(), seen)
	case *types.Slice:
		return holdsText(u.Elem(), seen)
	case *types.Array:
		return holdsText(u.Elem(), seen)
	case *types.Map:
		return holdsText(u.Key(), seen) || holdsText(u.Elem(), seen)
	case *types.Struct:
		for f := range u.Fields() {
			if f.Exported() && holdsText(f.Type(), seen) {
				return true
			}
		}
	}
	return false
}

// isOption reports whether values of a type are functional options: functions, or behind an
// interface, that change a struct which they get by its address.
func isOption(t types.Type) bool {
	changes := func(s *types.Signature) bool {
		for p := range s.Params().Variables() {
			if p, ok := p.Type().Underlying().(*types.Pointer); ok {
				if _, ok := p.Elem().Underlying().(*types.Struct); ok {
					return true
				}
			}
		}
		return false
	}
	switch u := t.Underlying().(type) {
	case *types.Signature:
		return changes(u)
	case *types.Interface:
		for m := range u.Methods() {
			if changes(m.Signature()) {
				return true
			}
		}
	}
	return false
}
