package check

import (
	"fmt"
	"go/types"

	"golang.org/x/tools/go/types/typeutil"
)

// storer finds out whether the codec gives back what it was given.
type storer struct {
	pkg   *types.Package
	seen  typeutil.Map
	found []problem
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
	if _, ok := ruleOf(t); ok {
		return
	}
	if s.marshals(t) {
		return
	}
	s.plain(path, t)
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

func (s *storer) plain(path string, t types.Type) {
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
			s.refuse("the keys of "+path, "hold pointers, which are other pointers after a round trip")
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
		s.refuse(path, "is an interface, and what is in it can't be stored and made again")
	default:
		s.refuse(path, "has the type %s, which can't be stored", short(t, s.pkg))
	}
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
	if r, ok := ruleOf(t); ok {
		return !r.immutable
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer:
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
