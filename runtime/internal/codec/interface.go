package codec

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/canon"
	"github.com/cachegen/cachegen/runtime/internal/types"
)

// What is behind an interface is stored with what its type is: path, name and shape. To come back
// it must be one of those that are known by that: plain types, and those that were registered.

// storedTypes are the types that can be behind an interface.
type storedTypes struct {
	mu     sync.RWMutex
	names  map[reflect.Type]string
	byName map[string]reflect.Type
}

var behind = func() *storedTypes {
	s := &storedTypes{names: map[reflect.Type]string{}, byName: map[string]reflect.Type{}}
	for _, v := range []any{
		"", false, 0, int8(0), int16(0), int32(0), int64(0), uint(0), uint8(0), uint16(0), uint32(0), uint64(0), uintptr(0),
		float32(0), 0.0, complex64(0), complex128(0), json.Number(""),
		time.Time{},
		time.Duration(0),
		[]byte(nil), []any(nil), []string(nil), []int(nil), []float64(nil), map[string]any(nil), map[string]string(nil), []map[string]any(nil),
	} {
		s.add(reflect.TypeOf(v))
	}
	return s
}()

// Register makes values of type t storable behind interfaces. Types that nothing tells apart, as
// they are local to functions, are not.
func Register(t reflect.Type) { behind.add(t) }

func (s *storedTypes) add(t reflect.Type) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.names[t]; ok {
		return
	}
	name := nameOf(t)
	if twin, ok := s.byName[name]; ok {
		delete(s.names, twin)
		return
	}
	s.names[t], s.byName[name] = name, t
}

// nameOf is a predeclared type's name; of others a digest of what they are.
func nameOf(t reflect.Type) string {
	var text strings.Builder
	types.Identify(&text, t)
	if t.PkgPath() == "" && text.Len() < sha256.Size {
		return t.String()
	}
	sum := sha256.Sum256([]byte(text.String()))
	return "sha256:" + fmt.Sprintf("%x", sum[:16])
}

func (s *storedTypes) name(t reflect.Type) (string, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	name, ok := s.names[t]
	return name, ok
}

func (s *storedTypes) named(name string) (reflect.Type, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	t, ok := s.byName[name]
	if ok {
		_, ok = s.names[t]
	}
	return t, ok
}

// interfacePlan writes null for nil, else a list of the type's name and the value.
func interfacePlan(t reflect.Type) plan {
	return plan{
		encode: func(b []byte, v reflect.Value, depth int) ([]byte, error) {
			if v.IsNil() {
				return canon.Nil(b), nil
			}
			if err := room(b, depth); err != nil {
				return nil, err
			}
			v = addressable(v.Elem())
			name, ok := behind.name(v.Type())
			if !ok {
				return nil, fmt.Errorf("a %s is behind an interface, and it is not among the types that can come back: name it with types=", v.Type())
			}
			if err := Check(v.Type()); err != nil {
				return nil, err
			}
			return planOf(v.Type()).encode(canon.String(canon.Array(b, 2), name), v, depth+1)
		},
		decode: func(r *reader, v reflect.Value, depth int) error {
			if r.null() {
				return nil
			}
			if err := r.tuple(2); err != nil {
				return err
			}
			name, err := r.string()
			if err != nil {
				return err
			}
			found, ok := behind.named(name)
			if !ok || !found.Implements(t) {
				return corrupt("%.80q is no type that can be in a %s", name, t)
			}
			if depth >= canon.MaxDepth || Check(found) != nil {
				return corrupt("a %s in a %s", found, t)
			}
			to := reflect.New(found).Elem()
			if err := planOf(found).decode(r, to, depth+1); err != nil {
				return err
			}
			v.Set(to)
			return nil
		},
		size: func(v reflect.Value, m *meter) int {
			if v.IsNil() || !m.visit() {
				return 0
			}
			v = addressable(v.Elem())
			if Check(v.Type()) != nil {
				return int(v.Type().Size())
			}
			return int(v.Type().Size()) + planOf(v.Type()).size(v, m)
		},
	}
}
