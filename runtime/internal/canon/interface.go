package canon

import (
	"crypto/sha256"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/cachegen/cachegen/runtime/internal/types"
)

// Interface appends what is behind an interface: null for nil, else the identity of its dynamic
// type and the value. What that is must be known down to its behaviour, or there is no encoding.
// The code of types that the modules in known declare is in the version that the key has; that of
// modules with a version is in the type's identity by those; the standard library's is opaque.
// Private parts are told apart only where the code that they are private to is known.
func Interface(b []byte, v any, known ...string) []byte {
	if b == nil {
		return nil
	}
	return behind(b, v, place{known: known})
}

// behind appends a dynamic type and a value of it.
func behind(b []byte, v any, at place) []byte {
	if !deeper(b, at.depth) {
		return nil
	}
	at.behind = true
	switch v := v.(type) { // what encoding/json makes
	case nil:
		return Nil(b)
	case string:
		return String(Room(String(Array(b, 2), "string"), len(v)), v)
	case bool:
		return Bool(String(Array(b, 2), "bool"), v)
	case float64:
		return Float64(String(Array(b, 2), "float64"), v)
	}
	t := reflect.TypeOf(v)
	id := identities.Of(t, identify)
	if !id.tellsApart(at.known) {
		return nil
	}
	to := reflect.New(t).Elem()
	to.Set(reflect.ValueOf(v))
	return appendValue(id.append(Array(b, 2)), to, at.below())
}

// identity tells a type from all others, and says whose code its values can run.
type identity struct {
	// name is a type's that is made of predeclared ones alone; others have a digest of path, name
	// and shape.
	name   string
	digest []byte
	// packages are those whose types with methods are in it.
	packages []string
	twins    *twins
}

// twins counts the types with one identity. Those that are local to functions can share one; then
// neither is told apart.
type twins struct {
	first  reflect.Type
	second atomic.Bool
}

var (
	identities types.Plans[identity]
	allTwins   sync.Map // what a type is, a string -> *twins
)

func identify(t reflect.Type, _ func(reflect.Type) *identity) identity {
	var text strings.Builder
	types.Identify(&text, t)
	found, _ := allTwins.LoadOrStore(text.String(), &twins{first: t})
	id := identity{twins: found.(*twins)}
	if id.twins.first != t {
		id.twins.second.Store(true)
	}
	id.packages = methodsOf(t)
	if predeclared(t) {
		id.name = t.String()
	} else {
		sum := sha256.Sum256([]byte(text.String()))
		id.digest = sum[:]
	}
	return id
}

// tellsApart reports whether the identity of the type and the version of a function know all that
// values of the type can do.
func (id *identity) tellsApart(known []string) bool {
	return !id.twins.second.Load() && !slices.ContainsFunc(id.packages, func(pkg string) bool { return originOf(pkg, known) == unknown })
}

func (id *identity) append(b []byte) []byte {
	if id.name != "" {
		return String(b, id.name)
	}
	if !slices.ContainsFunc(id.packages, func(pkg string) bool { return originOf(pkg, nil) == versioned }) {
		return Bytes(b, id.digest)
	}
	sum := sha256.Sum256(append(slices.Clip(id.digest), built().versions...))
	return Bytes(b, sum[:])
}

// predeclared reports whether a type is made of types without packages, so that its name says all.
func predeclared(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Struct, reflect.Func, reflect.Chan:
		return false
	case reflect.Interface:
		return t.Name() == "" && t.NumMethod() == 0
	}
	if t.Name() != "" {
		return t.PkgPath() == ""
	}
	switch t.Kind() {
	case reflect.Map:
		return predeclared(t.Key()) && predeclared(t.Elem())
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return predeclared(t.Elem())
	}
	return false
}

// methodsOf returns the packages whose types with methods are in t.
func methodsOf(t reflect.Type) []string {
	var packages []string
	seen := map[reflect.Type]bool{}
	var walk func(reflect.Type)
	walk = func(t reflect.Type) {
		if seen[t] {
			return
		}
		seen[t] = true
		if t.PkgPath() != "" && t.Kind() != reflect.Interface && reflect.PointerTo(t).NumMethod() > 0 && !slices.Contains(packages, t.PkgPath()) {
			packages = append(packages, t.PkgPath())
		}
		switch t.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Array:
			walk(t.Elem())
		case reflect.Map:
			walk(t.Key())
			walk(t.Elem())
		case reflect.Struct:
			for f := range t.Fields() {
				walk(f.Type)
			}
		}
	}
	walk(t)
	return packages
}

// hides reports whether private parts that belong to a package are of code that the version doesn't
// know.
func (p place) hides(pkg string) bool { return originOf(pkg, p.known) != local }
