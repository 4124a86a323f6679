package check

import (
	"fmt"
	"go/types"
	"slices"

	"golang.org/x/tools/go/types/typeutil"
)

// storer finds out whether the codec gives back what it was given.
type storer struct {
	pkg   *types.Package
	seen  typeutil.Map
	found []problem
	// types are those that the user says can be behind interfaces, behind those that can be.
	types, behind []types.Type
	// marshaler says that a user's marshaler is involved.
	marshaler bool
	// proto says that a protobuf message is.
	proto bool
}

func (s *storer) refuse(path, format string, args ...any) {
	s.found = append(s.found, problem{path: path, what: fmt.Sprintf(format, args...)})
}

func (s *storer) check(path string, t types.Type) {
	if s.seen.Set(t, true) != nil {
		return
	}
	if isIdentity(t) {
		s.refuse(path, identityProblem, short(t, s.pkg))
		return
	}
	if types.IsInterface(t) && !isTypeParam(t) && isStream(t) {
		s.refuse(path, "is an interface, and what is in it can't be stored and made again")
		return
	}
	if _, ok := ruleOf(t); ok {
		return
	}
	if s.marshals(t) {
		return
	}
	s.byParts(path, t)
}

func isTypeParam(t types.Type) bool {
	_, ok := types.Unalias(t).(*types.TypeParam)
	return ok
}

// marshals reports whether t is stored by a marshaler of its own.
func (s *storer) marshals(t types.Type) bool {
	if isByteArray(t) {
		return false
	}
	if isProto(t) {
		s.proto = true
		return true
	}
	for _, form := range []string{"Binary", "CBOR"} {
		if ok, _ := marshals(t, "Marshal"+form); ok && unmarshals(t, "Unmarshal"+form) {
			s.marshaler = true
			return true
		}
	}
	return false
}

func (s *storer) byParts(path string, t types.Type) {
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return // known when the program runs
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		if u.Kind() == types.UnsafePointer {
			s.refuse(path, "is an unsafe.Pointer, which means nothing outside this process")
		}
	case *types.Slice:
		s.check(path+"[]", u.Elem())
	case *types.Array:
		s.check(path+"[]", u.Elem())
	case *types.Map:
		if holdsPointer(u.Key()) {
			s.refuse("the keys of "+path, "hold pointers or interfaces, which can be others after a round trip")
			return
		}
		s.check("the keys of "+path, u.Key())
		s.check(path+"[]", u.Elem())
	case *types.Pointer:
		if !isIdentity(u.Elem()) {
			s.check(path, u.Elem())
		}
	case *types.Struct:
		s.fields(path, t, u)
	case *types.Signature:
		s.refuse(path, "is a function, which can't be stored")
	case *types.Chan:
		s.refuse(path, "is a channel, which can't be stored")
	case *types.Interface:
		s.dynamic(path, t, u)
	default:
		s.refuse(path, "has the type %s, which can't be stored", short(t, s.pkg))
	}
}

// maxBehind is how many types a package may have that can be behind an interface: of more the user
// says which are.
const maxBehind = 16

// dynamic finds the types that can be behind an interface: those that the user names, and of one
// with methods those that the package declares. Plain types are known to the codec.
func (s *storer) dynamic(path string, t types.Type, u *types.Interface) {
	if IsContext(t) {
		s.refuse(path, "is a context, which can't be stored")
		return
	}
	fits := func(t types.Type) bool { return types.Implements(t, u) }
	for _, named := range s.types {
		if fits(named) {
			s.found = append(s.found, s.problemsOf(named)...)
			s.behind = append(s.behind, named)
		}
	}
	if u.NumMethods() == 0 || slices.ContainsFunc(s.types, fits) {
		return
	}
	candidates := implementations(s.pkg, u, true)
	if n, ok := types.Unalias(t).(*types.Named); ok && n.Obj().Pkg() != nil && n.Obj().Pkg() != s.pkg {
		candidates = append(candidates, implementations(n.Obj().Pkg(), u, false)...)
	}
	candidates = slices.DeleteFunc(candidates, func(t types.Type) bool { return s.problemsOf(t) != nil || unnameable(s.pkg, t) != nil })
	if len(candidates) == 0 || len(candidates) > maxBehind {
		s.refuse(path, "is an interface, and the package doesn't tell what can be behind it: say so with types=T,…")
		return
	}
	s.behind = append(s.behind, candidates...)
}

// problemsOf returns why a type can't be stored. What is behind interfaces in it has to be plain,
// or named by the user.
func (s *storer) problemsOf(t types.Type) []problem {
	inner := storer{pkg: s.pkg, types: s.types}
	if isStream(t) {
		return []problem{{path: short(t, s.pkg), what: "is a stream"}}
	}
	n, _ := types.Unalias(t).(*types.Named)
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		n, _ = types.Unalias(p.Elem()).(*types.Named)
	}
	if n != nil && holdsMethods(n.Underlying(), map[types.Type]bool{}) {
		return []problem{{path: short(t, s.pkg), what: "holds an interface with methods"}}
	}
	inner.check(rootPath("", t), t)
	return inner.found
}

// holdsMethods reports whether an interface with methods is in a type.
func holdsMethods(t types.Type, seen map[types.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	switch u := t.Underlying().(type) {
	case *types.Interface:
		return u.NumMethods() > 0
	case *types.Map:
		return holdsMethods(u.Key(), seen) || holdsMethods(u.Elem(), seen)
	case interface{ Elem() types.Type }:
		return holdsMethods(u.Elem(), seen)
	case *types.Struct:
		for f := range u.Fields() {
			if holdsMethods(f.Type(), seen) {
				return true
			}
		}
	}
	return false
}

func (s *storer) fields(path string, t types.Type, u *types.Struct) {
	if f := hidden(u, s.pkg); f != nil {
		s.refuse(path, "is of type %s, whose private field %s belongs to another package", short(t, s.pkg), f.Name())
		return
	}
	for f := range u.Fields() {
		if f.Name() != "_" {
			s.check(path+"."+f.Name(), f.Type())
		}
	}
}

// holdsPointer reports whether a map's key has an identity beyond its value.
func holdsPointer(t types.Type) bool {
	if isTypeParam(t) {
		return false // known when the program runs
	}
	if r, ok := ruleOf(t); ok {
		return !r.immutable
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer, *types.Interface:
		return true
	case *types.Array:
		return holdsPointer(u.Elem())
	case *types.Struct:
		for f := range u.Fields() {
			if holdsPointer(f.Type()) {
				return true
			}
		}
	}
	return false
}
