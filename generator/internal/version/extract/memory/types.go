package memory

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
	"github.com/cachegen/cachegen/generator/internal/version/stdmodel"
)

// typeKey is the name of a type: equal for identical types, whatever package asks and whatever aliases are written. Types with type
// parameters have names with "?" in them.
func (x *extractor) typeKey(t types.Type) string {
	if k, ok := x.keys[t]; ok {
		return k
	}
	var b strings.Builder
	x.writeType(&b, t)
	k := b.String()
	x.keys[t] = k
	return k
}

func (x *extractor) writeType(b *strings.Builder, t types.Type) {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		x.writeNamed(b, t)
	case *types.TypeParam:
		b.WriteByte('?')
	case *types.Pointer:
		b.WriteByte('*')
		b.WriteString(x.typeKey(t.Elem()))
	case *types.Slice:
		b.WriteString("[]")
		b.WriteString(x.typeKey(t.Elem()))
	case *types.Array:
		fmt.Fprintf(b, "[%d]%s", t.Len(), x.typeKey(t.Elem()))
	case *types.Map:
		fmt.Fprintf(b, "map[%s]%s", x.typeKey(t.Key()), x.typeKey(t.Elem()))
	case *types.Chan: // of any direction: it is one channel
		b.WriteString("chan(")
		b.WriteString(x.typeKey(t.Elem()))
		b.WriteByte(')')
	case *types.Signature:
		b.WriteString(x.signatureKey(t))
	case *types.Struct:
		b.WriteString("struct{")
		for f := range t.Fields() {
			fmt.Fprintf(b, "%s %s;", f.Name(), x.typeKey(f.Type()))
		}
		b.WriteByte('}')
	case *types.Interface:
		x.writeInterface(b, t)
	case *types.Tuple:
		x.writeTuple(b, t)
	case *types.Basic:
		b.WriteString(types.Typ[t.Kind()].Name()) // byte is uint8
	default:
		b.WriteString(t.String())
	}
}

func (x *extractor) writeNamed(b *strings.Builder, t *types.Named) {
	o := t.Obj()
	if o.Pkg() != nil {
		if x.isLocal(o.Pkg().Path()) {
			b.WriteString(facts.LocalMark)
		}
		b.WriteString(o.Pkg().Path())
		b.WriteByte('.')
	}
	b.WriteString(o.Name())
	if o.Pkg() != nil && o.Parent() != o.Pkg().Scope() { // declared in a function
		fmt.Fprintf(b, "@%d", o.Pos())
	}
	if args := t.TypeArgs(); args.Len() > 0 {
		b.WriteByte('[')
		for arg := range args.Types() {
			b.WriteString(x.typeKey(arg))
			b.WriteByte(',')
		}
		b.WriteByte(']')
	} else if t.TypeParams().Len() > 0 {
		b.WriteString("[?]")
	}
}

func (x *extractor) writeInterface(b *strings.Builder, t *types.Interface) {
	b.WriteString("interface{")
	for _, m := range methodNames(t) {
		b.WriteString(m)
		b.WriteByte(';')
	}
	b.WriteByte('}')
}

func (x *extractor) writeTuple(b *strings.Builder, t *types.Tuple) {
	b.WriteByte('(')
	for v := range t.Variables() {
		b.WriteString(x.typeKey(v.Type()))
		b.WriteByte(',')
	}
	b.WriteByte(')')
}

// signatureKey is the name of a function type, by which function values are called.
func (x *extractor) signatureKey(s *types.Signature) string {
	var b strings.Builder
	b.WriteString("func")
	x.writeTuple(&b, s.Params())
	x.writeTuple(&b, s.Results())
	return b.String()
}

// callKey is the key by which a function value with a signature is called.
func (x *extractor) callKey(s *types.Signature) string {
	return facts.SignatureKey(s.Params().Len(), s.Results().Len(), x.signatureKey(s))
}

// methodKey is the key by which a method is called through interfaces.
func methodKey(f *types.Func) string {
	return fmt.Sprintf("%s #%d", f.Id(), f.Signature().Params().Len())
}

// outsideKey is the key by which methods that code outside wrote are called through interfaces of which it is not known what such methods do.
func outsideKey(f *types.Func) string { return methodKey(f) + " (outside)" }

func methodNames(t *types.Interface) []string {
	var names []string
	for m := range t.Methods() {
		names = append(names, m.Id())
	}
	slices.Sort(names)
	return names
}

// ---- locations

func (x *extractor) location(name string) int {
	n, ok := x.locations[name]
	if !ok {
		n = len(x.effects.Locations)
		x.locations[name] = n
		x.effects.Locations = append(x.effects.Locations, name)
	}
	return n
}

// fieldLocation is the memory of a field: by the declaration of the struct, so that types which are defined by others share it, and so do all
// instances of a generic type. Fields of structs of other modules are one location for each package.
func (x *extractor) fieldLocation(t types.Type, i int) int {
	s := t.Underlying().(*types.Struct)
	f := s.Field(i).Origin()
	if f.Pkg() != nil && !x.isLocal(f.Pkg().Path()) {
		return x.location(stateOf(f.Pkg().Path()))
	}
	if f.Pkg() != nil {
		x.ownersOf(f.Pkg())
	}
	owner, ok := x.owners[f]
	if !ok {
		owner = x.typeKey(t)
		if n, ok := types.Unalias(t).(*types.Named); ok {
			owner = x.typeKey(n.Origin())
		}
	}
	return x.location(facts.FieldLocation + owner + "." + f.Name())
}

// reachOf is the location that stands for all that can be reached from values of a type, opened when facts are joined.
func (x *extractor) reachOf(t types.Type) int { return x.location(facts.ReachLocation + x.typeRow(t)) }

// statesOf is the location that stands for the states of values of other modules that can be reached.
func (x *extractor) statesOf(t types.Type) int {
	return x.location(facts.StatesLocation + x.typeRow(t))
}

// visibleOf stands for what code outside can reach without reflection: it can't name the user's types.
func (x *extractor) visibleOf(t types.Type) int {
	return x.location(facts.VisibleLocation + x.typeRow(t))
}

// stateOf is the location of the structs of a package of another module.
func stateOf(path string) string { return facts.StateLocation + path }

func (x *extractor) elementLocation(elem types.Type) int {
	return x.location(facts.ElementLocation + x.typeKey(elem))
}

func (x *extractor) mapLocation(m *types.Map) int {
	return x.location(facts.MapLocation + x.typeKey(m))
}

func (x *extractor) channelLocation(c *types.Chan) int {
	return x.location(facts.ChannelLocation + x.typeKey(c.Elem()))
}

func (x *extractor) pointeeLocation(t types.Type) int {
	return x.location(facts.PointeeLocation + x.typeKey(t))
}

func globalLocation(id facts.ID) string { return facts.GlobalLocation + id.Package + "\x00" + id.Name }

// whole adds the locations in a value of a type that is stored in one place: the fields of structs, the elements of arrays.
func (x *extractor) whole(t types.Type, add func(int)) {
	if x.isQuiet(t) {
		return
	}
	if _, ok := types.Unalias(t).(*types.TypeParam); ok { // may be a struct or an array
		add(x.location(facts.AnyField))
		add(x.location(facts.AnyElement))
		return
	}
	switch u := t.Underlying().(type) {
	case *types.Struct:
		for i := range u.NumFields() {
			add(x.fieldLocation(t, i))
			x.whole(u.Field(i).Type(), add)
		}
	case *types.Array:
		add(x.elementLocation(u.Elem()))
		x.whole(u.Elem(), add)
	}
}

// isQuiet knows types whose state decides nothing: locks.
func (x *extractor) isQuiet(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Pkg() != nil && stdmodel.IsQuiet(n.Obj().Pkg().Path(), n.Obj().Name())
}

// ---- what can be reached

// typeRow makes sure that a type is described, and returns its key.
func (x *extractor) typeRow(t types.Type) string {
	key := x.typeKey(t)
	if x.described[key] {
		return key
	}
	x.described[key] = true
	n := len(x.effects.Types)
	x.effects.Types = append(x.effects.Types, facts.MemoryType{Key: key})
	row := facts.MemoryType{Key: key}
	d := describer{extractor: x, row: &row}
	d.value(t)
	slices.Sort(row.Locations)
	row.Locations = slices.Compact(row.Locations)
	slices.Sort(row.Behind)
	row.Behind = slices.Compact(row.Behind)
	x.effects.Types[n] = row
	return key
}

// describer finds what values of one type lead to directly. Types of other modules are looked through in place.
type describer struct {
	*extractor
	row  *facts.MemoryType
	seen map[types.Type]bool
}

func (d *describer) add(l int) { d.row.Locations = append(d.row.Locations, l) }

func (d *describer) behind(t types.Type) {
	if !d.isForeign(t) {
		d.row.Behind = append(d.row.Behind, d.typeRow(t))
		return
	}
	if d.seen == nil {
		d.seen = map[types.Type]bool{}
	}
	if !d.seen[t] {
		d.seen[t] = true
		d.value(t)
	}
}

// isForeign reports whether a type is one of another module, or a pointer or slice of one, without type arguments.
func (d *describer) isForeign(t types.Type) bool {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		_, isInterface := t.Underlying().(*types.Interface)
		return !isInterface && t.Obj().Pkg() != nil && t.TypeArgs().Len() == 0 && !d.isLocal(t.Obj().Pkg().Path())
	case *types.Pointer:
		return d.isForeign(t.Elem())
	case *types.Slice:
		return d.isForeign(t.Elem())
	case *types.Basic:
		return true
	}
	return false
}

// value finds what a value of a type points to.
func (d *describer) value(t types.Type) {
	if d.isQuiet(t) {
		return
	}
	switch t := types.Unalias(t).(type) {
	case *types.TypeParam:
		d.row.Any = true
		return
	case *types.Named:
		for arg := range t.TypeArgs().Types() {
			d.memory(arg)
		}
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		d.row.Any = d.row.Any || u.Kind() == types.UnsafePointer && !d.inForeign()
	case *types.Pointer:
		if !isStruct(u.Elem()) {
			d.add(d.pointeeLocation(u.Elem()))
		}
		d.memory(u.Elem())
	case *types.Slice:
		d.add(d.elementLocation(u.Elem()))
		d.memory(u.Elem())
	case *types.Map:
		d.add(d.mapLocation(u))
		d.behind(u.Key())
		d.behind(u.Elem())
	case *types.Chan:
		d.add(d.channelLocation(u))
		d.behind(u.Elem())
	case *types.Array:
		d.behind(u.Elem())
	case *types.Struct:
		for f := range u.Fields() {
			if f.Pkg() != nil && !d.isLocal(f.Pkg().Path()) && isUnsafe(f.Type()) {
				continue // what other modules hide is theirs
			}
			d.behind(f.Type())
		}
	case *types.Interface:
		d.row.Interface = true
		d.row.Methods = methodNames(u)
		d.add(d.location(facts.ForeignState))
	case *types.Signature:
		d.row.Signature = d.callKey(u)
	}
}

func (d *describer) inForeign() bool { return len(d.seen) > 0 }

func isUnsafe(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Kind() == types.UnsafePointer
}

// memory finds what is in memory that holds a value of a type, and what that points to.
func (d *describer) memory(t types.Type) {
	d.whole(t, d.add)
	d.behind(t)
}

func isStruct(t types.Type) bool {
	_, ok := t.Underlying().(*types.Struct)
	return ok
}
