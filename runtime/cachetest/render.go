package cachetest

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/cachegen/cachegen/runtime/internal/types"
)

// render returns an addressable value as text that people can read and compare. Each field, item or
// pair has a line, indented below the value to which it belongs. Strings of several lines stay as
// they are. Equal values have equal texts. It calls only methods of the standard library's types.
func render(v reflect.Value) string {
	r := renderer{}
	r.value(v, "")
	return strings.TrimLeft(r.String()[:1], " \n") + r.String()[1:]
}

// maxLevels bounds the depth to which a value is shown.
const maxLevels = 100

type renderer struct {
	strings.Builder
	level int
}

// value writes a name and a value, at an indentation.
func (r *renderer) value(v reflect.Value, at string) {
	r.level++
	defer func() { r.level-- }()
	if r.level > maxLevels {
		r.WriteString(" …")
		return
	}
	if s, ok := standardText(v); ok {
		r.WriteString(" " + s)
		return
	}
	switch v.Kind() {
	case reflect.String:
		r.text(v.String(), at)
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			r.WriteString(" nil")
			return
		}
		if v.Kind() == reflect.Interface {
			fmt.Fprintf(r, " (%s)", v.Elem().Type())
			r.value(addressable(v.Elem()), at)
			return
		}
		r.value(v.Elem(), at)
	case reflect.Struct:
		r.fields(v, at)
	case reflect.Slice, reflect.Array:
		r.items(v, at)
	case reflect.Map:
		r.pairs(v, at)
	default:
		fmt.Fprintf(r, " %v", v)
	}
}

// standardText returns the text of a value, if its type is of the standard library and has a text.
func standardText(v reflect.Value) (string, bool) {
	if path := v.Type().PkgPath(); path == "" || strings.Contains(strings.Split(path, "/")[0], ".") {
		return "", false
	}
	switch x := v.Addr().Interface().(type) {
	case *time.Time:
		return x.Format(time.RFC3339Nano), true
	case encoding.TextMarshaler:
		b, err := x.MarshalText()
		return string(b), err == nil
	case fmt.Stringer:
		return x.String(), true
	}
	return "", false
}

// text writes a string: quoted, or its lines below if it has several.
func (r *renderer) text(s, at string) {
	if !strings.Contains(s, "\n") || !legible(s) {
		r.WriteString(" " + strconv.Quote(s))
		return
	}
	r.WriteString(" |")
	for line := range strings.SplitSeq(s, "\n") {
		r.line(at, line)
	}
}

// legible reports whether lines can be shown as they are, even after an editor removes white space
// at their ends.
func legible(s string) bool {
	hidden := func(c rune) bool { return c != '\n' && !strconv.IsPrint(c) }
	return utf8.ValidString(s) && !strings.ContainsFunc(s, hidden) && !strings.Contains(s+"\n", " \n")
}

// line begins a line.
func (r *renderer) line(at, text string) {
	if text == "" {
		r.WriteString("\n")
		return
	}
	r.WriteString("\n" + at + text)
}

func (r *renderer) fields(v reflect.Value, at string) {
	if v.NumField() == 0 {
		r.WriteString(" {}")
	}
	for i := range v.NumField() {
		r.line(at, v.Type().Field(i).Name+":")
		r.value(types.Field(v, i), at+"  ")
	}
}

func (r *renderer) items(v reflect.Value, at string) {
	switch {
	case v.Kind() == reflect.Slice && v.IsNil():
		r.WriteString(" nil")
	case v.Len() == 0:
		r.WriteString(" []")
	case types.IsByte(v.Type().Elem()):
		r.text(string(bytesOf(v)), at)
	default:
		for i := range v.Len() {
			r.line(at, "-")
			r.value(v.Index(i), at+"  ")
		}
	}
}

func bytesOf(v reflect.Value) []byte {
	b := make([]byte, v.Len())
	reflect.Copy(reflect.ValueOf(b), v)
	return b
}

func (r *renderer) pairs(v reflect.Value, at string) {
	switch {
	case v.IsNil():
		r.WriteString(" nil")
		return
	case v.Len() == 0:
		r.WriteString(" {}")
		return
	}
	var pairs []string
	for iter := v.MapRange(); iter.Next(); {
		k, e := renderer{level: r.level}, renderer{level: r.level}
		k.value(addressable(iter.Key()), at+"  ")
		e.value(addressable(iter.Value()), at+"  ")
		pairs = append(pairs, strings.TrimPrefix(k.String(), " ")+":"+e.String())
	}
	slices.Sort(pairs)
	for _, pair := range pairs {
		r.line(at, pair)
	}
}

// addressable returns a copy of a value that has an address.
func addressable(v reflect.Value) reflect.Value {
	c := reflect.New(v.Type()).Elem()
	c.Set(v)
	return c
}
