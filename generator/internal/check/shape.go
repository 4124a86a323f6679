package check

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/model"
)

// shapeSize is how many hexadecimal digits of a SHA-256 a shape has.
const shapeSize = 16

// shaper writes types in one way, whatever they are called in the source: declared types by path,
// name and what they are made of, basic types by kind, type parameters by index, structs without
// tags.
type shaper struct {
	strings.Builder
	params map[*types.TypeParam]int
	open   map[*types.TypeName]bool
}

// shape identifies the types of p's inputs by position, of what results vary by, and of the
// results; and where the version is computed, what the inputs are. An overriding version says that
// itself.
func shape(p *Plan) string {
	s := &shaper{params: typeParamIndex(p.Function.Obj), open: map[*types.TypeName]bool{}}
	s.WriteString("in")
	for _, in := range p.Inputs {
		s.next(in.Type)
	}
	s.WriteString("\nvary")
	for _, k := range p.Vary {
		s.next(k.Type)
	}
	s.WriteString("\nout")
	for _, r := range p.Results {
		s.next(r.Type)
	}
	if p.Function.Behaviour != model.Override {
		s.meaning(p.Function)
	}
	sum := sha256.Sum256([]byte(s.String()))
	return hex.EncodeToString(sum[:])[:shapeSize]
}

// meaning writes what the directive makes inputs of a function, as far as their types don't say: no
// version changes with a directive, and with ignore=a instead of ignore=b another parameter is in
// the same place.
func (s *shaper) meaning(f *model.Function) {
	o := &f.Options
	switch {
	case o.Key != nil:
		s.reference("key", o.Key)
	case o.KeyParts != nil:
		s.keyParts(f)
	default:
		s.without(f)
	}
	for _, v := range o.Vary {
		s.reference("vary", v)
	}
	for _, p := range o.Policies {
		s.reference("policy", p)
	}
}

// without writes which parameters are in no key.
func (s *shaper) without(f *model.Function) {
	if f.Receiver != nil && !f.Receiver.Keyed() {
		s.WriteString("\nwithout the receiver")
	}
	for i, p := range f.Params {
		if !p.Keyed() && !IsContext(p.Var.Type()) {
			fmt.Fprintf(s, "\nwithout %d", i)
		}
	}
}

// keyParts writes what the option key lists, parameters by their places. The receiver's is −1.
func (s *shaper) keyParts(f *model.Function) {
	for _, k := range f.Options.KeyParts {
		fmt.Fprintf(s, "\nkey %d", slices.Index(f.Params, k.Param))
		for _, step := range k.Steps {
			fmt.Fprintf(s, ".%s", step.Name)
			if step.Method != nil {
				s.WriteString("()")
			}
		}
	}
}

func (s *shaper) reference(option string, f *model.FuncRef) {
	fmt.Fprintf(s, "\n%s %q.%s", option, f.Obj.Pkg().Path(), f.Obj.Name())
}

// typeParamIndex numbers the type parameters of a function, or of its receiver.
func typeParamIndex(f *types.Func) map[*types.TypeParam]int {
	index := map[*types.TypeParam]int{}
	sig := f.Signature()
	for p := range sig.RecvTypeParams().TypeParams() {
		index[p] = len(index)
	}
	for p := range sig.TypeParams().TypeParams() {
		index[p] = len(index)
	}
	return index
}

func (s *shaper) next(t types.Type) {
	s.WriteString("\n\t")
	s.write(t)
}

func (s *shaper) write(t types.Type) {
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		s.WriteString(types.Typ[t.Kind()].Name())
	case *types.TypeParam:
		fmt.Fprintf(s, "$%d", s.params[t])
	case *types.Named:
		s.named(t)
	case *types.Pointer:
		s.WriteByte('*')
		s.write(t.Elem())
	case *types.Slice:
		s.WriteString("[]")
		s.write(t.Elem())
	case *types.Array:
		fmt.Fprintf(s, "[%d]", t.Len())
		s.write(t.Elem())
	case *types.Map:
		s.WriteString("map[")
		s.write(t.Key())
		s.WriteByte(']')
		s.write(t.Elem())
	case *types.Struct:
		s.fields(t)
	case *types.Interface:
		if t.NumMethods() == 0 && t.IsMethodSet() {
			s.WriteString("any")
			return
		}
		s.WriteString(types.TypeString(t, (*types.Package).Path))
	default:
		// Shared results only: nothing of them is stored.
		s.WriteString(types.TypeString(t, (*types.Package).Path))
	}
}

// named writes a declared type. What it is made of follows unless it has an encoding of its own,
// which need not show its fields.
func (s *shaper) named(t *types.Named) {
	o := t.Obj()
	if o.Pkg() != nil {
		s.WriteString(strconv.Quote(o.Pkg().Path()))
		s.WriteByte('.')
	}
	s.WriteString(o.Name())
	if t.TypeArgs().Len() > 0 {
		s.WriteByte('[')
		for a := range t.TypeArgs().Types() {
			s.write(a)
			s.WriteByte(',')
		}
		s.WriteByte(']')
	}
	if s.open[o] || ownEncoding(t) {
		return
	}
	s.open[o] = true
	s.WriteByte('=')
	s.write(t.Underlying())
	delete(s.open, o)
}

func ownEncoding(t types.Type) bool {
	_, ruled := ruleOf(t)
	keyed, _ := keys(t)
	binary, _ := marshals(t, "MarshalBinary")
	cbor, _ := marshals(t, "MarshalCBOR")
	return ruled || keyed || !isByteArray(t) && (binary || cbor || isProto(t))
}

func (s *shaper) fields(t *types.Struct) {
	s.WriteString("struct{")
	for f := range t.Fields() {
		if f.Embedded() {
			s.WriteByte('+')
		}
		s.WriteString(f.Name())
		s.WriteByte(' ')
		s.write(f.Type())
		s.WriteByte(';')
	}
	s.WriteByte('}')
}
