package check

import (
	"go/types"

	"golang.org/x/tools/go/types/typeutil"
)

// CopyKind says how a value is copied.
type CopyKind uint8

// The kinds of copies.
const (
	CopySlice CopyKind = iota
	CopyMap
	CopyArray
	CopyPointer
	CopyStruct
	// CopyMethod makes a new value and hands the old one's address to its method.
	CopyMethod
)

// Copy is how to copy values of a type that hold something a caller could change. Where nothing can
// change there is no Copy: the nil pointer stands for assignment.
type Copy struct {
	Kind CopyKind
	Type types.Type
	// Elem is how to copy what a slice, array, map or pointer holds; nil if assignment does.
	Elem *Copy
	// Fields are those of a struct that assignment does not copy.
	Fields []CopyField
	// Method is the method of a CopyMethod.
	Method string
	// NaN says that a map's keys can differ from themselves, so that its elements can't be replaced
	// one by one.
	NaN bool
}

// CopyField is a field that assignment does not copy.
type CopyField struct {
	Name string
	Copy *Copy
}

// Named returns the declared type that c copies, or nil.
func (c *Copy) Named() *types.Named {
	n, _ := types.Unalias(c.Type).(*types.Named)
	return n
}

// copier finds out how to copy values.
type copier struct {
	pkg    *types.Package
	builds *builds
	known  typeutil.Map // types.Type to *Copy, those in progress too
	// opaque says that something can change that generated code can't copy; recursive, that a type
	// contains itself.
	opaque, recursive bool
	open              typeutil.Map // declared types in progress
}

func (c *copier) of(t types.Type) *Copy {
	if known, ok := c.known.At(t).(*Copy); ok {
		if c.open.At(t) != nil {
			c.recursive = true
			// A function copies it, and its type is written there.
			c.opaque = c.opaque || !CanName(c.pkg, t)
		}
		return known
	}
	n := &Copy{Type: t}
	c.known.Set(t, n)
	c.open.Set(t, true)
	found := c.new(t)
	c.open.Delete(t)
	if found == nil {
		c.known.Set(t, (*Copy)(nil))
		return nil
	}
	found.Type = t
	*n = *found
	return n
}

func (c *copier) new(t types.Type) *Copy {
	if r, ok := ruleOf(t); ok {
		if r.copy != "" {
			return &Copy{Kind: CopyMethod, Method: r.copy}
		}
		return nil
	}
	if _, ok := types.Unalias(t).(*types.TypeParam); ok || isLock(t) || c.builds.differ(t) {
		c.opaque = true
		return nil
	}
	switch u := t.Underlying().(type) {
	case *types.Slice:
		return &Copy{Kind: CopySlice, Elem: c.of(u.Elem())}
	case *types.Map:
		return &Copy{Kind: CopyMap, Elem: c.of(u.Elem()), NaN: canBeNaN(u.Key())}
	case *types.Pointer:
		if r, ok := ruleOf(u.Elem()); ok && r.immutable {
			return nil
		}
		return &Copy{Kind: CopyPointer, Elem: c.of(u.Elem())}
	case *types.Array:
		if u.Len() == 0 {
			return nil
		}
		if elem := c.of(u.Elem()); elem != nil {
			return &Copy{Kind: CopyArray, Elem: elem}
		}
	case *types.Struct:
		return c.fields(u)
	case *types.Interface, *types.Signature, *types.Chan:
		c.opaque = true
	case *types.Basic:
		c.opaque = c.opaque || u.Kind() == types.UnsafePointer
	}
	return nil
}

func (c *copier) fields(s *types.Struct) *Copy {
	var fields []CopyField
	for f := range s.Fields() {
		field := c.of(f.Type())
		switch {
		case field == nil:
		case f.Name() == "_" || !f.Exported() && f.Pkg() != c.pkg:
			c.opaque = true
		default:
			fields = append(fields, CopyField{f.Name(), field})
		}
	}
	if fields == nil {
		return nil
	}
	return &Copy{Kind: CopyStruct, Fields: fields}
}

// isLock reports whether values of t must not be copied: atomics, and what has the methods that go
// vet takes for a lock's.
func isLock(t types.Type) bool {
	if n, ok := types.Unalias(t).(*types.Named); ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "sync/atomic" {
		return true
	}
	lock, byPointer := method(t, nil, "Lock")
	unlock, _ := method(t, nil, "Unlock")
	return byPointer && takes(lock, nil, nil) && takes(unlock, nil, nil)
}

// canBeNaN reports whether values of a map's key type can differ from themselves.
func canBeNaN(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Info()&(types.IsFloat|types.IsComplex) != 0
	case *types.Array:
		return canBeNaN(u.Elem())
	case *types.Struct:
		for f := range u.Fields() {
			if canBeNaN(f.Type()) {
				return true
			}
		}
	case *types.Interface:
		return true // also a type parameter's
	}
	return false
}
