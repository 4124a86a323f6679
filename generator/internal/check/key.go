package check

import (
	"go/types"
	"slices"

	"github.com/cachegen/cachegen/generator/internal/model"
)

// Kind says how a value is encoded in a key.
type Kind uint8

// The kinds. Each has the runtime function of its name, but for those that a comment explains.
const (
	Invalid Kind = iota
	Bool
	Int  // signed integers of all widths
	Uint // unsigned integers of all widths
	Float32
	Float64
	Complex64
	Complex128
	String
	Bytes     // slices of byte, nil apart from empty
	Bits      // arrays of byte
	Slice     // nil or a sequence
	Array     // a sequence
	Map       // nil or sorted pairs
	Pointer   // nil or a sequence of one item
	Struct    // a sequence of the fields
	Method    // Append, a function of the runtime that takes the value or a pointer to it
	Proto     // a protobuf message's deterministic form
	Reflected // by reflection: a type parameter's value, or one of a type that other builds have otherwise
	// BehindInterface is AppendInterface: what is behind an interface, its type and the value, by
	// reflection.
	BehindInterface
)

// Key is how values of a type are encoded: a tree, but for recursive types.
type Key struct {
	Kind Kind
	Type types.Type
	// Elem is what a slice, array, pointer or map holds, MapKey what a map is indexed by.
	Elem, MapKey *Key
	// Fields are a struct's, without blank ones.
	Fields []Field
	// Append is the runtime's function for a Method, which takes a pointer to the value if
	// ByPointer.
	Append    string
	ByPointer bool
	// Comparable says that == is the cache's equality.
	Comparable bool
	// Recursive says that the type contains itself.
	Recursive bool
}

// Field is a field of a struct that is encoded.
type Field struct {
	Name string
	Key  *Key
}

// Named returns the declared type that k encodes, or nil.
func (k *Key) Named() *types.Named {
	n, _ := types.Unalias(k.Type).(*types.Named)
	return n
}

// children are the keys right below k.
func (k *Key) children() []*Key {
	var all []*Key
	for _, f := range k.Fields {
		all = append(all, f.Key)
	}
	if k.MapKey != nil {
		all = append(all, k.MapKey)
	}
	if k.Elem != nil {
		all = append(all, k.Elem)
	}
	return all
}

// reaches reports whether target is below k.
func (k *Key) reaches(target *Key, seen map[*Key]bool) bool {
	for _, c := range k.children() {
		if c == target {
			return true
		}
		if !seen[c] {
			seen[c] = true
			if c.reaches(target, seen) {
				return true
			}
		}
	}
	return false
}

// HasParam reports whether a type parameter's value is in what k encodes.
func (k *Key) HasParam() bool { return model.HasTypeParam(k.Type) }

// HoldsInterface reports whether an interface is in what k encodes.
func (k *Key) HoldsInterface() bool { return k.holds(BehindInterface, map[*Key]bool{}) }

func (k *Key) holds(kind Kind, seen map[*Key]bool) bool {
	if k.Kind == kind {
		return true
	}
	seen[k] = true
	return slices.ContainsFunc(k.children(), func(c *Key) bool { return !seen[c] && c.holds(kind, seen) })
}

// HoldsString reports whether a string is in a value that == compares.
func (k *Key) HoldsString() bool {
	switch k.Kind {
	case String:
		return true
	case Array:
		return k.Elem.HoldsString()
	case Struct:
		for _, f := range k.Fields {
			if f.Key.HoldsString() {
				return true
			}
		}
	}
	return false
}
