package check

import (
	"fmt"
	"go/types"

	"golang.org/x/tools/go/types/typeutil"
)

// problem is a reason to refuse a type.
type problem struct {
	// path leads to it: "Query.Filter.Match".
	path string
	// what is it and why it can't be: "is a function, and what it does is in no version".
	what string
	// trust says that the option trust is a way out.
	trust bool
}

// keyer finds out how the types of one input are encoded.
type keyer struct {
	pkg    *types.Package
	builds *builds
	trust  bool
	known  typeutil.Map // types.Type to *Key, those in progress too
	found  []problem
	// behind are the interfaces on the way that have methods.
	behind []Behind
}

// more says how many problems there are besides the one that is reported: what removes that one
// removes most of them.
func more(found []problem) string {
	switch n := len(found) - 1; {
	case n < 1:
		return ""
	case n == 1:
		return " (and another part can't be)"
	default:
		return fmt.Sprintf(" (and %d other parts can't be)", n)
	}
}

// where is the path as messages show it: what is wrong with the whole of an input or result is
// wrong with what is called name.
func (p problem) where(name string, t types.Type) string {
	if p.path == rootPath(name, t) {
		return name
	}
	return p.path
}

func (k *keyer) refuse(path, format string, args ...any) *Key {
	k.found = append(k.found, problem{path: path, what: fmt.Sprintf(format, args...)})
	return &Key{Kind: Invalid}
}

// root returns the key for an input called name.
func (k *keyer) root(name string, t types.Type) *Key {
	key := k.of(rootPath(name, t), t)
	markRecursive(key, map[*Key]bool{})
	return key
}

// rootPath is where paths of fields begin: at the name of a declared type, else at that of the
// parameter.
func rootPath(name string, t types.Type) string {
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	if n, ok := t.(*types.Named); ok {
		return n.Obj().Name()
	}
	return name
}

func (k *keyer) of(path string, t types.Type) *Key {
	if known, ok := k.known.At(t).(*Key); ok {
		return known
	}
	key := &Key{Type: t}
	k.known.Set(t, key)
	var filled *Key
	if isIdentity(t) {
		filled = k.refuse(path, identityProblem, short(t, k.pkg))
	} else if filled = k.declared(path, t); filled == nil {
		if filled = k.byParts(path, t); filled.Kind != Invalid && k.builds.differ(t) {
			filled = &Key{Kind: Reflected}
		}
	}
	filled.Type = t
	*key = *filled
	return key
}

// declared returns the key of a type with a rule or a marshaler of its own; nil for others.
func (k *keyer) declared(path string, t types.Type) *Key {
	if r, ok := ruleOf(t); ok {
		return &Key{Kind: Method, Append: r.append, ByPointer: r.byPointer, Comparable: r.comparable}
	}
	if ok, byPointer := keys(t); ok {
		return &Key{Kind: Method, Append: "AppendKeyer", ByPointer: byPointer}
	}
	if isByteArray(t) {
		return nil
	}
	if isProto(t) {
		return &Key{Kind: Proto, ByPointer: true}
	}
	if ok, byPointer := marshals(t, "MarshalBinary"); ok {
		return &Key{Kind: Method, Append: "AppendBinary", ByPointer: byPointer}
	}
	if ok, byPointer := marshals(t, "MarshalCBOR"); ok {
		return &Key{Kind: Method, Append: "AppendCBOR", ByPointer: byPointer}
	}
	return nil
}

// byParts returns the key of a type by its parts.
func (k *keyer) byParts(path string, t types.Type) *Key {
	if p, ok := types.Unalias(t).(*types.TypeParam); ok {
		return k.typeParam(path, p)
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return k.basic(path, u)
	case *types.Slice:
		if isByte(u.Elem()) {
			return &Key{Kind: Bytes}
		}
		return &Key{Kind: Slice, Elem: k.of(path+"[]", u.Elem())}
	case *types.Array:
		if isByte(u.Elem()) {
			return &Key{Kind: Bits, Comparable: true}
		}
		elem := k.of(path+"[]", u.Elem())
		return &Key{Kind: Array, Elem: elem, Comparable: elem.Comparable}
	case *types.Map:
		return &Key{Kind: Map, MapKey: k.of("the keys of "+path, u.Key()), Elem: k.of(path+"[]", u.Elem())}
	case *types.Pointer:
		if isIdentity(u.Elem()) {
			elem := k.declared(path, u.Elem())
			elem.Type = u.Elem()
			return &Key{Kind: Pointer, Elem: elem}
		}
		return &Key{Kind: Pointer, Elem: k.of(path, u.Elem())}
	case *types.Struct:
		return k.fields(path, t, u)
	case *types.Signature:
		return k.refuse(path, "is a function, and what it does is in no version")
	case *types.Chan:
		return k.refuse(path, "is a channel, which has no value to tell apart by")
	case *types.Interface:
		return k.dynamic(path, t, u)
	}
	return k.refuse(path, "has the type %s, which has no encoding", t)
}

func (k *keyer) basic(path string, b *types.Basic) *Key {
	switch info := b.Info(); {
	case info&types.IsBoolean != 0:
		return &Key{Kind: Bool, Comparable: true}
	case info&types.IsString != 0:
		return &Key{Kind: String, Comparable: true}
	case info&types.IsUnsigned != 0:
		return &Key{Kind: Uint, Comparable: true}
	case info&types.IsInteger != 0:
		return &Key{Kind: Int, Comparable: true}
	}
	switch b.Kind() {
	case types.Float32:
		return &Key{Kind: Float32}
	case types.Float64:
		return &Key{Kind: Float64}
	case types.Complex64:
		return &Key{Kind: Complex64}
	case types.Complex128:
		return &Key{Kind: Complex128}
	}
	return k.refuse(path, "is an %s, which means nothing outside this process", b)
}

func (k *keyer) fields(path string, t types.Type, s *types.Struct) *Key {
	if f := hidden(s, k.pkg); f != nil {
		return k.private(path, t, f)
	}
	key := &Key{Kind: Struct, Comparable: true}
	for f := range s.Fields() {
		if f.Name() == "_" {
			continue
		}
		field := k.of(path+"."+f.Name(), f.Type())
		key.Fields = append(key.Fields, Field{f.Name(), field})
		key.Comparable = key.Comparable && field.Comparable
	}
	return key
}

// hidden returns a field of another package that can't be read in pkg, or nil.
func hidden(s *types.Struct, pkg *types.Package) *types.Var {
	for f := range s.Fields() {
		if f.Name() != "_" && !f.Exported() && f.Pkg() != pkg {
			return f
		}
	}
	return nil
}

// private refuses a struct with a field that generated code can't read, unless its text may stand
// for it.
func (k *keyer) private(path string, t types.Type, f *types.Var) *Key {
	text, byPointer := marshals(t, "MarshalText")
	if text && k.trust {
		return &Key{Kind: Method, Append: "AppendText", ByPointer: byPointer}
	}
	if text {
		k.found = append(k.found, problem{path, fmt.Sprintf(
			"is of type %s, which has a private field, %s, and MarshalText alone, which may leave something out", short(t, k.pkg), f.Name()), true})
		return &Key{Kind: Invalid}
	}
	return k.refuse(path, "is of type %s, whose private field %s can't be read from here", short(t, k.pkg), f.Name())
}

// typeParam accepts a type parameter unless no type that it can stand for is keyable. Which types
// those are, and whether their methods matter, is known later.
func (k *keyer) typeParam(path string, p *types.TypeParam) *Key {
	constraint, _ := p.Constraint().Underlying().(*types.Interface)
	for t := range terms(constraint) {
		before := len(k.found)
		if k.of(path, t); len(k.found) > before {
			k.found[before].what = fmt.Sprintf("is of type %s, which can be %s, and that ", p.Obj().Name(), t) + k.found[before].what
			k.found = k.found[:before+1]
		}
	}
	return &Key{Kind: Reflected}
}

func isByte(t types.Type) bool {
	return types.Unalias(t) == types.Typ[types.Byte] || types.Identical(t, types.Typ[types.Byte])
}

// IsContext reports whether t is context.Context.
func IsContext(t types.Type) bool { return typeName(t) == "context.Context" }

// short is a type as it is written in pkg.
func short(t types.Type, pkg *types.Package) string {
	return types.TypeString(t, func(p *types.Package) string {
		if p == pkg {
			return ""
		}
		return p.Name()
	})
}

// markRecursive marks the declared types below key that contain themselves.
func markRecursive(key *Key, seen map[*Key]bool) {
	if seen[key] {
		return
	}
	seen[key] = true
	if key.Named() != nil {
		key.Recursive = key.reaches(key, map[*Key]bool{})
	}
	for _, c := range key.children() {
		markRecursive(c, seen)
	}
}
