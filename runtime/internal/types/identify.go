package types

import (
	"reflect"
	"strconv"
	"strings"
)

// Identify writes what type t is: its path and name, and its structure, down to what it is made of.
// Types that are local to functions can be written alike.
func Identify(b *strings.Builder, t reflect.Type) { identify(b, t, map[reflect.Type]int{}) }

// identify writes a type that is met again inside of itself as its number.
func identify(b *strings.Builder, t reflect.Type, seen map[reflect.Type]int) {
	if n, ok := seen[t]; ok {
		b.WriteString("#" + strconv.Itoa(n))
		return
	}
	if t.Name() != "" {
		seen[t] = len(seen)
		b.WriteString(strconv.Quote(t.PkgPath()) + "." + strconv.Quote(t.Name()) + "=")
	}
	b.WriteString(t.Kind().String())
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice:
		identifyIn(b, seen, t.Elem())
	case reflect.Chan:
		b.WriteString(strconv.Itoa(int(t.ChanDir())))
		identifyIn(b, seen, t.Elem())
	case reflect.Array:
		b.WriteString(strconv.Itoa(t.Len()))
		identifyIn(b, seen, t.Elem())
	case reflect.Map:
		identifyIn(b, seen, t.Key(), t.Elem())
	case reflect.Struct:
		identifyFields(b, t, seen)
	case reflect.Func:
		b.WriteString(strconv.Quote(t.String()))
	case reflect.Interface:
		for m := range t.Methods() {
			b.WriteString(strconv.Quote(m.PkgPath) + strconv.Quote(m.Name) + strconv.Quote(m.Type.String()))
		}
	}
}

func identifyIn(b *strings.Builder, seen map[reflect.Type]int, types ...reflect.Type) {
	b.WriteByte('(')
	for _, t := range types {
		identify(b, t, seen)
		b.WriteByte(';')
	}
	b.WriteByte(')')
}

func identifyFields(b *strings.Builder, t reflect.Type, seen map[reflect.Type]int) {
	b.WriteByte('{')
	for f := range t.Fields() {
		b.WriteString(strconv.Quote(f.Name))
		if f.Anonymous {
			b.WriteByte('^')
		}
		if f.Tag != "" {
			b.WriteString(strconv.Quote(string(f.Tag)))
		}
		identifyIn(b, seen, f.Type)
	}
	b.WriteByte('}')
}
