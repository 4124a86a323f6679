package memory

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
	"github.com/cachegen/cachegen/generator/internal/version/stdmodel"
)

// maxAllocs is how many allocations of one function are told apart. In a function with more, all are taken for one.
const maxAllocs = 150

// tracer finds where the values of one function come from. Assignments have a direction, as in Andersen's analysis, and SSA tells a variable
// before an assignment from the same one after it; what is in memory is not told apart by time.
type tracer struct {
	*extractor
	f      *ssa.Function
	origin map[ssa.Value][]facts.Source
	params map[ssa.Value]int
	allocs map[ssa.Value]int
	// results numbers the results of calls.
	results map[callResult]int
	many    bool
	changed bool
}

// trace follows values until nothing changes. Sets only grow, and there are finitely many sources: no bound is needed.
func (x *extractor) trace(f *ssa.Function) *tracer {
	t := &tracer{
		extractor: x, f: f, origin: map[ssa.Value][]facts.Source{}, params: map[ssa.Value]int{}, allocs: map[ssa.Value]int{},
		results: map[callResult]int{},
	}
	for _, p := range f.Params {
		t.params[p] = len(t.params)
	}
	for _, v := range f.FreeVars {
		t.params[v] = len(t.params)
	}
	count := 0
	for _, b := range f.Blocks {
		for _, in := range b.Instrs {
			if allocates(in) {
				count++
			}
		}
	}
	t.many = count > maxAllocs
	for {
		t.changed = false
		for _, b := range f.Blocks {
			for _, in := range b.Instrs {
				if v, ok := in.(ssa.Value); ok && refers(v.Type()) {
					t.value(v)
				}
			}
		}
		if !t.changed {
			return t
		}
	}
}

func allocates(in ssa.Instruction) bool {
	switch in := in.(type) {
	case *ssa.Alloc, *ssa.MakeMap, *ssa.MakeSlice, *ssa.MakeChan, *ssa.MakeClosure, *ssa.Convert, *ssa.MultiConvert:
		return true
	case *ssa.Call:
		b, ok := in.Call.Value.(*ssa.Builtin)
		return ok && b.Name() == "append"
	}
	return false
}

// alloc is the source of what an instruction allocates.
func (t *tracer) alloc(v ssa.Value) facts.Source {
	if t.many {
		return facts.NewSource(facts.AllocSource, 0, false)
	}
	n, ok := t.allocs[v]
	if !ok {
		n = len(t.allocs)
		t.allocs[v] = n
	}
	return facts.NewSource(facts.AllocSource, n, false)
}

func (t *tracer) add(v ssa.Value, from []facts.Source) {
	have := t.origin[v]
	for _, s := range from {
		if i, found := slices.BinarySearch(have, s); !found {
			have = slices.Insert(have, i, s)
			t.changed = true
		}
	}
	t.origin[v] = have
}

// of is where a value may come from.
func (t *tracer) of(v ssa.Value) []facts.Source {
	switch v := v.(type) {
	case *ssa.Const, *ssa.Builtin, *ssa.Function:
		return nil
	case *ssa.Global:
		if v.Object() != nil && t.Wrapped(v.Object()) != nil {
			return nil // the controls of a cache, which is nobody's memory
		}
		return []facts.Source{t.globalSource(v)}
	case *ssa.Parameter, *ssa.FreeVar:
		if !refers(v.Type()) {
			return nil
		}
		return []facts.Source{facts.NewSource(facts.ParamSource, t.params[v], false)}
	}
	return t.origin[v]
}

func (t *tracer) globalSource(v *ssa.Global) facts.Source {
	if v.Object() == nil {
		return facts.NewSource(facts.UnknownSource, 0, false)
	}
	if t.isSentinel(v) {
		return facts.NewSource(facts.GlobalSource, t.sentinel(t.IDOf(v.Object())), false)
	}
	if path := v.Pkg.Pkg.Path(); !t.isLocal(path) && !stdmodel.Sink(facts.ID{Package: path, Name: v.Name()}) {
		return t.hidden(t.partOf(v.Object()))
	}
	return facts.NewSource(facts.GlobalSource, t.global(t.IDOf(v.Object())), false)
}

// isSentinel reports whether a variable of the standard library holds an error.
func (x *extractor) isSentinel(v *ssa.Global) bool {
	return stdmodel.IsPath(v.Pkg.Pkg.Path()) && !x.isLocal(v.Pkg.Pkg.Path()) && IsError(v.Object().Type())
}

// sentinel numbers such a variable.
func (x *extractor) sentinel(id facts.ID) int {
	if !slices.Contains(x.effects.Sentinels, id) {
		x.effects.Sentinels = append(x.effects.Sentinels, id)
	}
	return x.global(id)
}

// hidden is what a package outside keeps in its variables.
func (x *extractor) hidden(path string) facts.Source {
	return facts.NewSource(facts.GlobalSource, x.global(facts.ID{Package: x.Hidden(path), Name: facts.HiddenName}), false)
}

// panicking is what is behind a variable that holds all values that somebody panicked with.
func (x *extractor) panicking() facts.Source {
	return facts.NewSource(facts.GlobalSource, x.global(facts.Panicking), true)
}

// deep are sources of what is loaded from memory of others.
func deep(from []facts.Source) []facts.Source {
	var loaded []facts.Source
	for _, s := range from {
		loaded = append(loaded, s|1)
	}
	slices.Sort(loaded)
	return slices.Compact(loaded)
}

// value finds the sources of one value.
func (t *tracer) value(v ssa.Value) {
	switch v := v.(type) {
	case *ssa.Alloc, *ssa.MakeMap, *ssa.MakeSlice, *ssa.MakeChan, *ssa.MakeClosure:
		t.add(v, []facts.Source{t.alloc(v)})
	case *ssa.Phi:
		for _, e := range v.Edges {
			t.add(v, t.of(e))
		}
	case *ssa.FieldAddr, *ssa.IndexAddr, *ssa.Field, *ssa.Index, *ssa.Slice, *ssa.ChangeType, *ssa.ChangeInterface, *ssa.MakeInterface,
		*ssa.SliceToArrayPointer, *ssa.TypeAssert:
		t.add(v, t.of(*v.(ssa.Instruction).Operands(nil)[0]))
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok {
			t.add(v, t.resultsOfType(call, v.Type()))
		} else {
			t.add(v, t.of(v.Tuple))
		}
	case *ssa.Next:
		t.add(v, t.of(v.Iter))
	case *ssa.Convert:
		t.convertValue(v, v.X)
	case *ssa.MultiConvert:
		t.convertValue(v, v.X)
	case *ssa.UnOp:
		if v.Op == token.MUL || v.Op == token.ARROW {
			t.add(v, deep(t.of(v.X)))
		}
	case *ssa.Lookup:
		t.add(v, deep(t.of(v.X)))
	case *ssa.Range:
		t.add(v, deep(t.of(v.X)))
	case *ssa.Select:
		for _, s := range v.States {
			if s.Dir == types.RecvOnly {
				t.add(v, deep(t.of(s.Chan)))
			}
		}
	case *ssa.Call:
		t.callValue(v)
	}
}

// convertValue is for conversions that make new memory, of strings and bytes, and for those that hide what is pointed to.
func (t *tracer) convertValue(v, from ssa.Value) {
	if isUnsafe(v.Type()) || isUnsafe(from.Type()) || refers(from.Type()) && isUintptr(v.Type()) {
		t.add(v, unknownSource)
		t.add(v, t.of(from))
		return
	}
	t.add(v, []facts.Source{t.alloc(v)})
	if _, ok := v.(*ssa.MultiConvert); ok {
		t.add(v, t.of(from))
	}
}

func isUintptr(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Kind() == types.Uintptr
}

func (t *tracer) callValue(v *ssa.Call) {
	b, ok := v.Call.Value.(*ssa.Builtin)
	if !ok {
		t.add(v, t.resultsOfType(v, v.Type()))
		return
	}
	switch b.Name() {
	case "append":
		t.add(v, t.of(v.Call.Args[0]))
		t.add(v, []facts.Source{t.alloc(v)})
	case "ssa:wrapnilchk":
		t.add(v, t.of(v.Call.Args[0]))
	case "recover":
		t.add(v, []facts.Source{t.panicking()})
	case "Slice", "SliceData", "String", "StringData", "Add":
		t.add(v, unknownSource)
		for _, a := range v.Call.Args {
			t.add(v, t.of(a))
		}
	}
}

// refers reports whether values of a type lead to memory.
func refers(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Kind() == types.UnsafePointer
	case *types.Struct:
		for f := range u.Fields() {
			if refers(f.Type()) {
				return true
			}
		}
		return false
	case *types.Array:
		return refers(u.Elem())
	case *types.Tuple:
		for v := range u.Variables() {
			if refers(v.Type()) {
				return true
			}
		}
		return false
	}
	return true
}

// isCut reports whether a slice may have been cut short: what append overwrites then is seen by others.
func isCut(v ssa.Value, seen map[ssa.Value]bool) bool {
	if seen[v] {
		return false
	}
	seen[v] = true
	switch v := v.(type) {
	case *ssa.Slice:
		return v.High != nil && v.Max == nil || isCut(v.X, seen)
	case *ssa.Phi:
		return slices.ContainsFunc(v.Edges, func(e ssa.Value) bool { return isCut(e, seen) })
	case *ssa.ChangeType:
		return isCut(v.X, seen)
	case *ssa.Call:
		b, ok := v.Call.Value.(*ssa.Builtin)
		return ok && b.Name() == "append" && isCut(v.Call.Args[0], seen)
	case *ssa.UnOp: // from memory: a local variable may hold what was cut
		if a, ok := v.X.(*ssa.Alloc); ok && v.Op == token.MUL {
			for _, r := range *a.Referrers() {
				if s, ok := r.(*ssa.Store); ok && s.Addr == a && isCut(s.Val, seen) {
					return true
				}
			}
		}
	}
	return false
}
