package types

import (
	"crypto/sha256"
	"encoding/hex"
	"reflect"
	"strconv"
	"strings"
)

// Layout is what generated code takes for granted of types: a digest of their structure as the
// generator saw it, and the places where it does not look into them. The generator writes the same
// text, of which package check says more.
type Layout string

// Fits reports whether types have the layout: those of inputs, of what the vary functions return,
// and of results. Args are the type arguments of a generic function.
func (l Layout) Fits(inputs, varies, results, args []reflect.Type) bool {
	words := strings.Fields(string(l))
	if len(words) == 0 {
		return true
	}
	w := &layouter{args: args, stops: map[int]string{}, met: map[reflect.Type]int{}}
	for _, stop := range words[1:] {
		end := strings.IndexAny(stop+"!", "!$")
		n, err := strconv.Atoi(stop[:end])
		if err != nil {
			return false
		}
		w.stops[n] = stop[end:]
	}
	for i, list := range [][]reflect.Type{inputs, varies, results} {
		if i > 0 {
			w.text.WriteByte('|')
		}
		for _, t := range list {
			w.write(t)
			w.text.WriteByte(';')
		}
	}
	sum := sha256.Sum256([]byte(w.text.String()))
	return hex.EncodeToString(sum[:])[:len(words[0])] == words[0]
}

// layouter writes the text.
type layouter struct {
	text  strings.Builder
	args  []reflect.Type
	stops map[int]string       // by the number of the type: "", "!" or "$" and the index of a type argument
	met   map[reflect.Type]int // declared types
	types int                  // how many were written
}

func (w *layouter) write(t reflect.Type) {
	stop, stopped := w.stops[w.types]
	w.types++
	if stopped {
		w.stop(t, stop)
		return
	}
	if t.PkgPath() != "" {
		if n, ok := w.met[t]; ok {
			w.text.WriteString("#" + strconv.Itoa(n))
			return
		}
		w.met[t] = len(w.met)
	}
	w.parts(t)
}

// stop writes a type that the generator does not look into. One that only has to have a method,
// which calls of it see to, has no more text.
func (w *layouter) stop(t reflect.Type, how string) {
	switch arg, ok := strings.CutPrefix(how, "$"); {
	case ok:
		if i, err := strconv.Atoi(arg); err == nil && i < len(w.args) && w.args[i] == t {
			w.text.WriteByte('$')
		}
	case how == "!":
		w.text.WriteString("!" + t.PkgPath() + "." + t.Name())
	default:
		w.text.WriteByte('!')
	}
}

// parts writes what a type is made of.
func (w *layouter) parts(t reflect.Type) {
	switch t.Kind() {
	case reflect.Pointer:
		w.text.WriteByte('*')
		w.write(t.Elem())
	case reflect.Slice:
		w.text.WriteString("[]")
		w.write(t.Elem())
	case reflect.Array:
		w.text.WriteString("[" + strconv.Itoa(t.Len()) + "]")
		w.write(t.Elem())
	case reflect.Map:
		w.text.WriteString("map[")
		w.write(t.Key())
		w.text.WriteByte(']')
		w.write(t.Elem())
	case reflect.Struct:
		w.fields(t)
	case reflect.UnsafePointer:
		w.text.WriteString("Pointer")
	default:
		w.text.WriteString(t.Kind().String())
	}
}

func (w *layouter) fields(t reflect.Type) {
	w.text.WriteByte('{')
	for f := range t.Fields() {
		if f.Name == "_" {
			continue
		}
		w.text.WriteString(f.Name + " ")
		w.write(f.Type)
		w.text.WriteByte(';')
	}
	w.text.WriteByte('}')
}
