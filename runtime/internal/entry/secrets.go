package entry

import (
	"reflect"
	"slices"
	"time"

	"github.com/cachegen/cachegen/internal/secretname"
	"github.com/cachegen/cachegen/runtime/internal/types"
)

// Secrets says which inputs are never stored or logged, wherever they are nested: those whose names
// say that they are secret, and those that are named.
type Secrets struct {
	// Fields are fields of the arguments that are secret whatever they are called.
	Fields []string
	// Open says that a name alone makes no secret.
	Open bool
}

// byName reports whether a name alone makes a secret.
func (s Secrets) byName(name string) bool { return !s.Open && secretname.Is(name) }

// hides reports whether a field of the arguments is secret.
func (s Secrets) hides(field string) bool { return slices.Contains(s.Fields, field) || s.byName(field) }

// In returns the fields of the arguments' type that are secret, or have secrets in them.
func (s Secrets) In(args reflect.Type) (fields []string) {
	if args.Kind() != reflect.Struct {
		return nil
	}
	for f := range args.Fields() {
		if s.hides(f.Name) || s.holds(f.Type, map[reflect.Type]bool{}) {
			fields = append(fields, f.Name)
		}
	}
	return fields
}

// holds reports whether there are fields with secret names in values of a type.
func (s Secrets) holds(t reflect.Type, seen map[reflect.Type]bool) bool {
	if s.Open || seen[t] || t == reflect.TypeFor[time.Time]() {
		return false
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return s.holds(t.Elem(), seen)
	case reflect.Map:
		return s.holds(t.Key(), seen) || s.holds(t.Elem(), seen)
	case reflect.Struct:
		for f := range t.Fields() {
			if s.byName(f.Name) || s.holds(f.Type, seen) {
				return true
			}
		}
	}
	return false
}

// Redact sets the fields of args that [Secrets.In] returned to zero: what is left may be stored.
func Redact(args reflect.Value, fields []string) {
	if args.Kind() != reflect.Struct {
		return
	}
	for i := range args.NumField() {
		if slices.Contains(fields, args.Type().Field(i).Name) {
			types.Field(args, i).SetZero()
		}
	}
}
