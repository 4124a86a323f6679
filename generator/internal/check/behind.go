package check

import (
	"go/token"
	"go/types"
	"slices"
)

// Behind is an interface with methods in an input. Its values are told apart by what is behind it,
// where that has a key.
type Behind struct {
	// Path leads to it from the input.
	Path string
	Type types.Type
	// Ways are the ways out where no type that could be in it has a key, Pos is where the input is
	// declared.
	Ways string
	Pos  token.Position
}

// dynamic returns the key of what is behind an interface.
func (k *keyer) dynamic(path string, t types.Type, u *types.Interface) *Key {
	switch {
	case IsContext(t):
		return k.refuse(path, "is a context, which is never in a key")
	case isStream(t) && consumer(t) == "":
		return k.refuse(path, "is an interface for writing or closing, which a hit would not do")
	case isStream(t):
		return k.refuse(path, "is a stream, which the first call would use up for all others; read it first and cache a function of the bytes "+
			"(docs/howto/real-code.md)")
	case u.NumMethods() > 0 && !standsIn(k.pkg, t, u):
		k.behind = append(k.behind, Behind{Path: path, Type: t})
	}
	return &Key{Kind: BehindInterface}
}

// isStream reports whether values of t, or pointers to them, are read: what is read is used up. Of
// an interface it is enough that what is behind it is written to or closed, which a hit would not
// do.
func isStream(t types.Type) bool {
	count := []types.Type{types.Typ[types.Int], errorType}
	for _, m := range []struct {
		name            string
		params, results []types.Type
		behindOnly      bool
	}{
		{"Read", []types.Type{bytesType}, count, false},
		{"Write", []types.Type{bytesType}, count, true},
		{"Close", nil, []types.Type{errorType}, true},
	} {
		if m.behindOnly && !types.IsInterface(t) {
			continue
		}
		if o, _, _ := types.LookupFieldOrMethod(t, true, nil, m.name); o != nil {
			if f, ok := o.(*types.Func); ok && takes(f.Signature(), m.params, m.results) {
				return true
			}
		}
	}
	return false
}

// standsIn reports whether a type outside the user's modules that pkg can name, declared next to
// the interface or in a package that pkg imports, can be in the interface and has a key. Those of
// the user's are looked for where all of them are known.
func standsIn(pkg *types.Package, t types.Type, u *types.Interface) bool {
	packages := pkg.Imports()
	if n, ok := types.Unalias(t).(*types.Named); ok && n.Obj().Pkg() != nil && n.Obj().Pkg() != pkg {
		packages = append([]*types.Package{n.Obj().Pkg()}, packages...)
	}
	return slices.ContainsFunc(packages, func(p *types.Package) bool {
		return slices.ContainsFunc(implementations(p, u, false), func(t types.Type) bool { return IsData(t, nil) })
	})
}

// implementations returns the types that p declares which can be in an interface: pointers where
// their methods take one. With all, types that p keeps to itself are among them.
func implementations(p *types.Package, u *types.Interface, all bool) []types.Type {
	var found []types.Type
	for _, name := range p.Scope().Names() {
		o, ok := p.Scope().Lookup(name).(*types.TypeName)
		if !ok || o.IsAlias() || !all && !o.Exported() || types.IsInterface(o.Type()) {
			continue
		}
		n, ok := o.Type().(*types.Named)
		switch {
		case !ok || n.TypeParams().Len() > 0:
		case types.Implements(n, u):
			found = append(found, n, types.NewPointer(n))
		case types.Implements(types.NewPointer(n), u):
			found = append(found, types.NewPointer(n))
		}
	}
	return found
}

// IsData reports whether values of t are told apart when they are behind an interface: they hold no
// behaviour, and nothing that is private to packages other than those that local admits. What is
// behind interfaces with methods in them counts as behaviour here.
func IsData(t types.Type, local func(*types.Package) bool) bool {
	d := data{local, map[types.Type]bool{}}
	return d.is(t)
}

type data struct {
	local func(*types.Package) bool
	seen  map[types.Type]bool
}

func (d data) is(t types.Type) bool {
	t = types.Unalias(t)
	if d.seen[t] {
		return true
	}
	d.seen[t] = true
	if r, ok := ruleOf(t); ok {
		return !r.identity
	}
	if ownEncoding(t) {
		return true
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Kind() != types.UnsafePointer
	case *types.Pointer:
		return isIdentity(u.Elem()) || d.is(u.Elem())
	case *types.Slice:
		return d.is(u.Elem())
	case *types.Array:
		return d.is(u.Elem())
	case *types.Map:
		return d.is(u.Key()) && d.is(u.Elem())
	case *types.Interface:
		return u.NumMethods() == 0
	case *types.Struct:
		for f := range u.Fields() {
			private := !f.Exported() && f.Name() != "_"
			if private && (d.local == nil || !d.local(f.Pkg())) || !d.is(f.Type()) {
				return false
			}
		}
		return true
	}
	return false
}
