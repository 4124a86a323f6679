package canon

import (
	"fmt"
	"reflect"

	"github.com/cachegen/cachegen/runtime/internal/types"
)

// Why says which field of the struct that v points to has a part without an encoding, and why; ""
// if there is none. It is for people, and takes its time.
func Why(v reflect.Value, known ...string) string {
	w := search{place{known: known}}
	v = v.Elem()
	for i := range v.NumField() {
		field := types.Field(v, i)
		if !w.encodes(field, w.at) {
			path, why := w.part(field, v.Type().Field(i).Name, w.at)
			return path + " " + why
		}
	}
	return ""
}

type search struct{ at place }

func (w search) encodes(v reflect.Value, at place) bool {
	at.depth = 0
	return appendValue([]byte{}, v, at) != nil
}

// maxPath bounds the parts of a path: what is nested deeper is shown by its beginning.
const maxPath = 20

// part returns the path to the first part of v that has no encoding, and why that has none.
func (w search) part(v reflect.Value, path string, at place) (string, string) {
	if at.depth > maxPath {
		return path, fmt.Sprintf("is nested over %d deep, contains itself, or has a part without a key", MaxDepth)
	}
	at = at.below()
	try := func(child reflect.Value, step string) bool {
		if w.encodes(child, at) {
			return false
		}
		v, path = child, path+step
		return true
	}
	if known[v.Type()] == nil && types.InputForm(v.Type()) == types.ByKind {
		if w.child(v, try, &at) {
			return w.part(v, path, at)
		}
	}
	return path, reason(v, at)
}

// child tries the parts of v until one has no encoding.
func (w search) child(v reflect.Value, try func(reflect.Value, string) bool, at *place) bool {
	switch v.Kind() {
	case reflect.Pointer:
		return !v.IsNil() && try(v.Elem(), "")
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			if try(v.Index(i), fmt.Sprintf("[%d]", i)) {
				return true
			}
		}
	case reflect.Map:
		for pairs := v.MapRange(); pairs.Next(); {
			if try(copied(pairs.Key()), "[key]") || try(copied(pairs.Value()), fmt.Sprintf("[%v]", pairs.Key())) {
				return true
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if name := v.Type().Field(i).Name; name != "_" && try(types.Field(v, i), "."+name) {
				return true
			}
		}
	case reflect.Interface:
		if v.IsNil() || !identities.Of(v.Elem().Type(), identify).tellsApart(at.known) {
			return false
		}
		at.behind = true
		return try(copied(v.Elem()), "")
	}
	return false
}

func copied(v reflect.Value) reflect.Value {
	to := reflect.New(v.Type()).Elem()
	to.Set(v)
	return to
}

// reason says why v has no encoding though its parts do.
func reason(v reflect.Value, at place) string {
	t := v.Type()
	if t.Kind() == reflect.Interface && !v.IsNil() {
		return fmt.Sprintf("holds a %s, whose code is in no version", v.Elem().Type())
	}
	switch form := types.InputForm(t); {
	case form == types.Refused:
		return fmt.Sprintf("is a %s, which has no value to tell apart by", t)
	case known[t] != nil || form != types.ByKind:
		return fmt.Sprintf("is a %s, whose own encoding failed", t)
	case t.Kind() == reflect.Struct && at.behind:
		return fmt.Sprintf("is a %s, whose private parts belong to code that is in no version", t)
	}
	return fmt.Sprintf("is a %s that is nested over %d deep or too long", t, MaxDepth)
}
