package schema

import (
	"crypto/sha256"
	"encoding/hex"
	"hash/fnv"
	"math/rand"
	"reflect"
	"unsafe"
)

// texts are those that occur in the module.
var texts []string

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:8])
}

// source draws the same for a call each time.
func source(c Call) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(c.Function))
	return rand.New(rand.NewSource(int64(h.Sum64()) + int64(c.Input)))
}

// fill makes v a random value.
func fill(v reflect.Value, r *rand.Rand, depth int) {
	if !v.CanSet() { // an unexported field
		v = reflect.NewAt(v.Type(), unsafe.Pointer(v.UnsafeAddr())).Elem()
	}
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(r.Intn(2) == 0)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(integer(r))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		v.SetUint(uint64(max(integer(r), -integer(r), 0)))
	case reflect.Float32, reflect.Float64:
		v.SetFloat(float64(integer(r)) / 4)
	case reflect.String:
		v.SetString(text(r))
	case reflect.Pointer:
		if r.Intn(6) > 0 && depth < 5 {
			v.Set(reflect.New(v.Type().Elem()))
			fill(v.Elem(), r, depth+1)
		}
	case reflect.Slice:
		fillSlice(v, r, depth)
	case reflect.Array:
		for i := range v.Len() {
			fill(v.Index(i), r, depth+1)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range r.Intn(4) {
			if depth < 5 {
				key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
				fill(key, r, depth+1)
				fill(value, r, depth+1)
				v.SetMapIndex(key, value)
			}
		}
	case reflect.Struct:
		for _, field := range v.Fields() {
			if depth < 6 {
				fill(field, r, depth+1)
			}
		}
	}
}

func fillSlice(v reflect.Value, r *rand.Rand, depth int) {
	if v.Type().Elem().Kind() == reflect.Uint8 {
		v.SetBytes([]byte(text(r)))
		return
	}
	n := r.Intn(5)
	if depth > 4 {
		n = 0
	}
	v.Set(reflect.MakeSlice(v.Type(), n, n))
	for i := range n {
		fill(v.Index(i), r, depth+1)
	}
}

func integer(r *rand.Rand) int64 {
	switch r.Intn(5) {
	case 0:
		return r.Int63n(5) - 1
	case 1:
		return r.Int63n(200)
	case 2:
		return int64(r.Uint32())
	}
	return r.Int63n(12)
}

// text is one that occurs in the module, as it is or nearly, or a few letters.
func text(r *rand.Rand) string {
	if len(texts) == 0 || r.Intn(5) == 0 {
		s := make([]byte, r.Intn(8))
		for i := range s {
			s[i] = "abcxyz019 .-/_@:\n\"<{(=,"[r.Intn(23)]
		}
		return string(s)
	}
	s := texts[r.Intn(len(texts))]
	if len(s) == 0 {
		return s
	}
	switch r.Intn(5) {
	case 0:
		return s[:r.Intn(len(s))]
	case 1:
		return s + texts[r.Intn(len(texts))]
	case 2:
		i := r.Intn(len(s))
		return s[:i] + text(r) + s[i:]
	}
	return s
}
