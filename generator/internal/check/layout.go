package check

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/types/typeutil"
)

// Generated code encodes and copies types field by field as they were when it was generated. Types
// of other modules can be different ones in a program, which has other versions of them, and so can
// those of packages with files for other builds. A layout says what generated code takes for
// granted; the runtime looks by reflection whether it is so, and does not cache where it isn't.
//
// It is a digest of a text that package types of the runtime writes too, followed by the places
// where that must stop: the walk over types counts them, and a stop is the number of one with an
// encoding of its own ("7"), of a reviewed one, which is known by name ("7!"), or of a type
// parameter's ("7$0").

// layout returns the layout of what p's generated code encodes and copies, "" if nothing in it can
// vary.
func layout(b *builds, p *Plan) string {
	l := &layouter{params: typeParamIndex(p.Function.Obj), builds: b}
	for _, in := range p.Inputs {
		l.write(in.Type, in.Key)
		l.text.WriteByte(';')
	}
	l.text.WriteByte('|')
	for i, k := range p.Vary {
		l.write(p.Function.Options.Vary[i].Signature.Results().At(0).Type(), k)
		l.text.WriteByte(';')
	}
	l.text.WriteByte('|')
	if !p.Function.Options.Share && !p.CloneByCodec { // otherwise nothing is taken for granted
		l.results(p)
	}
	if !l.varies {
		return ""
	}
	sum := sha256.Sum256([]byte(l.text.String()))
	return strings.Join(append([]string{hex.EncodeToString(sum[:])[:shapeSize]}, l.stops...), " ")
}

// results writes what is kept of the results: one as it is, several as the struct that is generated
// for them.
func (l *layouter) results(p *Plan) {
	if len(p.Results) == 1 {
		l.write(p.Results[0].Type, nil)
		l.text.WriteByte(';')
		return
	}
	l.types++
	if len(p.Results) > 0 {
		l.declared++
	}
	l.text.WriteByte('{')
	for _, r := range p.Results {
		l.text.WriteString(r.Field + " ")
		l.write(r.Type, nil)
		l.text.WriteByte(';')
	}
	l.text.WriteString("};")
}

// layouter writes a layout.
type layouter struct {
	text   strings.Builder
	stops  []string
	params map[*types.TypeParam]int
	builds *builds
	// varies says that a type was met that can be another one in a program.
	varies bool
	// met are the declared types that were met, with their numbers. There were so many declared
	// ones, and so many types in all.
	met             typeutil.Map
	declared, types int
}

// write writes a type. How it is encoded says where generated code stops; nil stands for copying.
func (l *layouter) write(t types.Type, key *Key) {
	t = types.Unalias(t)
	number := l.types
	l.types++
	if p, ok := t.(*types.TypeParam); ok {
		l.stops = append(l.stops, fmt.Sprintf("%d$%d", number, l.params[p]))
		l.text.WriteByte('$')
		return
	}
	if _, ok := ruleOf(t); ok {
		l.stops = append(l.stops, strconv.Itoa(number)+"!")
		l.text.WriteString("!" + typeName(t))
		return
	}
	if key != nil && (key.Kind == Method || key.Kind == Proto || key.Kind == Reflected) {
		l.stops = append(l.stops, strconv.Itoa(number))
		l.text.WriteByte('!')
		return
	}
	if n, ok := t.(*types.Named); ok && n.Obj().Pkg() != nil {
		if known := l.met.At(t); known != nil {
			fmt.Fprintf(&l.text, "#%d", known)
			return
		}
		l.met.Set(t, l.declared)
		l.declared++
		l.varies = l.varies || l.builds.vary(n)
	}
	l.parts(t.Underlying(), key)
}

// parts writes what a type is made of.
func (l *layouter) parts(t types.Type, key *Key) {
	elem := func(t types.Type) {
		var of *Key
		if key != nil {
			of = key.Elem
		}
		l.write(t, of)
	}
	switch t := t.(type) {
	case *types.Basic:
		l.text.WriteString(strings.TrimPrefix(types.Typ[t.Kind()].String(), "unsafe."))
	case *types.Pointer:
		l.text.WriteByte('*')
		elem(t.Elem())
	case *types.Slice:
		l.text.WriteString("[]")
		elem(t.Elem())
	case *types.Array:
		fmt.Fprintf(&l.text, "[%d]", t.Len())
		elem(t.Elem())
	case *types.Map:
		var of *Key
		if key != nil {
			of = key.MapKey
		}
		l.text.WriteString("map[")
		l.write(t.Key(), of)
		l.text.WriteByte(']')
		elem(t.Elem())
	case *types.Struct:
		l.fields(t, key)
	case *types.Chan:
		l.text.WriteString("chan")
	case *types.Signature:
		l.text.WriteString("func")
	case *types.Interface:
		l.text.WriteString("interface")
	}
}

func (l *layouter) fields(t *types.Struct, key *Key) {
	of := map[string]*Key{}
	if key != nil {
		for _, f := range key.Fields {
			of[f.Name] = f.Key
		}
	}
	l.text.WriteByte('{')
	for f := range t.Fields() {
		if f.Name() == "_" {
			continue
		}
		l.text.WriteString(f.Name())
		l.text.WriteByte(' ')
		l.write(f.Type(), of[f.Name()])
		l.text.WriteByte(';')
	}
	l.text.WriteByte('}')
}
