package codec

import (
	"fmt"
	"reflect"
	"sync"

	"github.com/cachegen/cachegen/runtime/internal/types"
)

// checked are the types that Check looked at, with what it found.
var checked sync.Map // reflect.Type -> error, or nil

// Check returns an error if values of type t can't be stored, which says where in t that is
// decided, and why.
func Check(t reflect.Type) error {
	if err, ok := checked.Load(t); ok {
		err, _ := err.(error)
		return err
	}
	var err error
	if path, why := find(t, t.String(), map[reflect.Type]bool{}); why != "" {
		err = fmt.Errorf("codec: %s: %s", path, why)
	}
	checked.Store(t, err)
	return err
}

// find returns the path to a type in t that has no stored form, and why it has none.
func find(t reflect.Type, path string, seen map[reflect.Type]bool) (string, string) {
	if _, ok := known[t]; ok || seen[t] {
		return "", ""
	}
	seen[t] = true
	switch types.StoredForm(t) {
	case types.Refused:
		return path, refusal(t)
	case types.ByKind:
	default:
		return "", ""
	}
	switch t.Kind() {
	case reflect.Pointer:
		return find(t.Elem(), path, seen)
	case reflect.Slice, reflect.Array:
		return find(t.Elem(), path+"[]", seen)
	case reflect.Map:
		if holdsPointer(t.Key()) {
			return path + "[key]", "pointers and interfaces in keys of maps can be others when they come back"
		}
		if path, why := find(t.Key(), path+"[key]", seen); why != "" {
			return path, why
		}
		return find(t.Elem(), path+"[]", seen)
	case reflect.Struct:
		for f := range t.Fields() {
			if f.Name == "_" {
				continue
			}
			if path, why := find(f.Type, path+"."+f.Name, seen); why != "" {
				return path, why
			}
		}
	}
	return "", ""
}

// holdsPointer reports whether keys of a map have an identity that is not in their value.
func holdsPointer(t reflect.Type) bool {
	if _, ok := known[t]; ok {
		return false
	}
	switch t.Kind() {
	case reflect.Pointer, reflect.Interface:
		return true
	case reflect.Array:
		return holdsPointer(t.Elem())
	case reflect.Struct:
		for f := range t.Fields() {
			if holdsPointer(f.Type) {
				return true
			}
		}
	}
	return false
}

// refusal says why values of a type that is refused have no stored form.
func refusal(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Func:
		return "functions have no stored form"
	case reflect.Chan:
		return "channels have no stored form"
	case reflect.UnsafePointer:
		return "unsafe pointers have no stored form"
	}
	return fmt.Sprintf("%s has an identity that a copy would lose", t)
}
