package odd

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// form is a type as source, and how to write a value of it that depends on n, an expression of type int without side effects.
type form struct {
	source string
	value  func(n string) string
	// key says that the type can be a map's key.
	key bool
}

// Lib is the package that has what others can't name, and values.
const Lib = `package lib

import "time"

// Ptr points to a copy.
func Ptr[X any](x X) *X { return &x }

func Str(n int) string { return "s" + string(rune('a'+n%26)) }

func Float(n int) float64 { return float64(n) / 3 }

func Complex(n int) complex128 { return complex(float64(n), 1) }

func Bool(n int) bool { return n%2 == 0 }

func Time(n int) time.Time { return time.Unix(int64(n), 0).UTC() }

// Visible can be named.
type Visible struct {
	A []string
	B map[string]*Visible
}

func MakeVisible(n int) Visible { return Visible{A: []string{Str(n)}, B: map[string]*Visible{Str(n): nil}} }

type hidden struct {
	L []int
	N map[string]hidden
}

// Open holds what can't.
type Open struct {
	H hidden
	P *hidden
}

func MakeOpen(n int) Open { return Open{H: hidden{L: []int{n}, N: map[string]hidden{Str(n): {}}}, P: &hidden{L: []int{n, n}}} }

// Alias is another name.
type Alias = Visible

type E int

// Pair is generic.
type Pair[A, B any] struct {
	First  A
	Second B
}

var FArgs, FCache, CachedG = 1, 2, 3
`

// Exported are the names that Lib exports.
var Exported = strings.Fields("Ptr Str Float Complex Bool Time Visible MakeVisible Open MakeOpen Alias E Pair FArgs FCache CachedG")

// basics are the forms that need nothing.
func basics() []form {
	plain := func(source, value string, key bool) form {
		return form{source, func(n string) string { return strings.ReplaceAll(value, "N", n) }, key}
	}
	return []form{
		plain("int", "N", true), plain("string", "lib_.Str(N)", true), plain("bool", "lib_.Bool(N)", true), plain("uint8", "uint8(N)", true),
		plain("float64", "lib_.Float(N)", false), plain("int32", "int32(N)", true), plain("complex128", "lib_.Complex(N)", false),
		plain("time_.Duration", "time_.Duration(N)", true), plain("time_.Time", "lib_.Time(N)", false), plain("lib_.Visible", "lib_.MakeVisible(N)", false),
		plain("lib_.Open", "lib_.MakeOpen(N)", false), plain("lib_.Alias", "lib_.MakeVisible(N)", false), plain("lib_.E", "lib_.E(N)", true),
		plain("*lib_.Open", "lib_.Ptr(lib_.MakeOpen(N))", false), plain("[]byte", "[]byte(lib_.Str(N))", false),
		plain("lib_.Pair[int, []string]", "lib_.Pair[int, []string]{First: N, Second: []string{lib_.Str(N)}}", false),
	}
}

// types makes forms of others.
type types struct {
	rng   *rand.Rand
	known []form
}

// form returns a form, composed to a depth.
func (t *types) form(depth int) form {
	if depth == 0 || chance(t.rng, 3) {
		return t.known[t.rng.IntN(len(t.known))]
	}
	elem := t.form(depth - 1)
	switch t.rng.IntN(7) {
	case 0:
		return form{"[]" + elem.source, func(n string) string {
			return fmt.Sprintf("[]%s{%s, %s}", elem.source, elem.value(n), elem.value("("+n+"+1)"))
		}, false}
	case 1:
		return form{"*" + elem.source, func(n string) string { return "lib_.Ptr(" + elem.value(n) + ")" }, false}
	case 2:
		key := t.key()
		return form{"map[" + key.source + "]" + elem.source, func(n string) string {
			return fmt.Sprintf("map[%s]%s{%s: %s}", key.source, elem.source, key.value(n), elem.value(n))
		}, false}
	case 3:
		return form{"[2]" + elem.source, func(n string) string { return fmt.Sprintf("[2]%s{%s}", elem.source, elem.value(n)) }, elem.key}
	case 4:
		return form{"[0]" + elem.source, func(string) string { return "[0]" + elem.source + "{}" }, elem.key}
	case 5:
		source := "struct{ X, Y int; Z " + elem.source + " }"
		return form{source, func(n string) string { return source + "{X: " + n + ", Z: " + elem.value(n) + "}" }, elem.key}
	default:
		return elem
	}
}

// key returns a form that can be a map's key.
func (t *types) key() form {
	for {
		if f := t.known[t.rng.IntN(len(t.known))]; f.key {
			return f
		}
	}
}

// declare writes the declaration of a type called name and adds its form. The name is of the package.
func (t *types) declare(name string, fields namer) string {
	switch t.rng.IntN(6) {
	case 0:
		elem := t.form(1)
		t.known = append(t.known, form{name, elem.value, elem.key})
		return fmt.Sprintf("type %s = %s\n", name, elem.source)
	case 1:
		key := t.key()
		f := form{name, func(n string) string { return name + "(" + key.value(n) + ")" }, true}
		t.known = append(t.known, f)
		return fmt.Sprintf("type %s %s\n", name, key.source)
	case 2:
		next := fields.name(vocabulary)
		value := fields.name(vocabulary)
		t.known = append(t.known, form{name, func(n string) string {
			return fmt.Sprintf("%s{%s: []*%s{{%s: %s}, nil}, %s: %s}", name, next, name, value, n, value, n)
		}, false})
		return fmt.Sprintf("type %s struct {\n\t%s []*%s\n\t%s int\n}\n", name, next, name, value)
	default:
		return t.structure(name, fields)
	}
}

// structure writes the declaration of a struct with odd fields.
func (t *types) structure(name string, fields namer) string {
	var b strings.Builder
	fmt.Fprintf(&b, "type %s struct {\n", name)
	var set []func(n string) string
	for range 1 + t.rng.IntN(4) {
		f := t.form(2)
		if chance(t.rng, 4) {
			blank := []string{f.source, "[0]func()", "struct{}", "[]byte", "func()"}
			fmt.Fprintf(&b, "\t_ %s\n", blank[t.rng.IntN(len(blank))])
			continue
		}
		field := fields.name(vocabulary)
		fmt.Fprintf(&b, "\t%s %s `json:\"-\"`\n", field, f.source)
		set = append(set, func(n string) string { return field + ": " + f.value(n) })
	}
	b.WriteString("}\n")
	t.known = append(t.known, form{name, func(n string) string {
		var values []string
		for _, one := range set {
			values = append(values, one(n))
		}
		return name + "{" + strings.Join(values, ", ") + "}"
	}, false})
	return b.String()
}
