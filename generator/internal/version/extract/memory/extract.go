package memory

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// Source of facts: a package that was type-checked.
type Package struct {
	Fset  *token.FileSet
	Types *types.Package
	Info  *types.Info
	// Files are those that were checked together. Wrapped returns the function that an object stands
	// for which is generated, in any package, and nil for all other objects.
	Files   []*ast.File
	Wrapped func(types.Object) *types.Func
	// Unsound says that the package could not be type-checked as a whole: its functions may do anything.
	Unsound bool
	// IsLocal reports whether the package with a path counts by definition.
	IsLocal func(path string) bool
	// Hidden names the hidden state of a package outside: its own path in the standard library, or its module's.
	Hidden func(path string) string
	// Units are the declarations that the code at a place is part of.
	Units func(pos token.Pos) []facts.ID
	// IDOf names a declaration.
	IDOf func(types.Object) facts.ID
}

// Extract finds what the code of a package does to memory.
func Extract(p Package) *facts.Effects {
	x := &extractor{
		Package: p, effects: &facts.Effects{Path: p.Types.Path()},
		keys: map[types.Type]string{}, owners: map[*types.Var]string{}, owned: map[*types.Package]bool{}, locations: map[string]int{}, described: map[string]bool{},
		globals: map[facts.ID]int{}, queued: map[*ssa.Function]bool{}, converted: map[string]bool{}, values: map[string]bool{}, taken: map[facts.Taken]bool{}, foreign: map[string]bool{},
		heldBy: map[string][]types.Type{}, keptBy: map[*types.Package][]types.Type{}, taking: map[*types.Package][]string{},
	}
	if p.Unsound || usesC(p.Files) {
		x.prog = ssa.NewProgram(p.Fset, 0) // for method sets
		x.opaque()
		return x.effects
	}
	x.build()
	x.variables()
	for len(x.queue) > 0 {
		f := x.queue[0]
		x.queue = x.queue[1:]
		x.body(f)
	}
	slices.SortFunc(x.effects.Bodies, func(a, b *facts.Body) int { return cmp.Compare(a.Name, b.Name) })
	return x.effects
}

// extractor finds the facts of one package.
type extractor struct {
	Package
	effects   *facts.Effects
	prog      *ssa.Program
	pkg       *ssa.Package
	keys      map[types.Type]string
	owners    map[*types.Var]string // of fields, their struct types
	owned     map[*types.Package]bool
	locations map[string]int
	described map[string]bool
	globals   map[facts.ID]int
	queue     []*ssa.Function
	queued    map[*ssa.Function]bool
	converted map[string]bool
	values    map[string]bool
	taken     map[facts.Taken]bool
	foreign   map[string]bool
	// heldBy are the types of what values of a type hold, keptBy of what packages keep.
	heldBy map[string][]types.Type
	keptBy map[*types.Package][]types.Type
	// taking are the signatures of functions that packages take.
	taking map[*types.Package][]string
}

func (x *extractor) isLocal(path string) bool { return x.IsLocal(path) }

// ownersOf names the fields of a package's structs by the types that declare them. A type that is defined by another shares its fields; the
// name that sorts first is theirs, wherever it is asked for.
func (x *extractor) ownersOf(p *types.Package) {
	if x.owned[p] {
		return
	}
	x.owned[p] = true
	for _, name := range p.Scope().Names() {
		o, ok := p.Scope().Lookup(name).(*types.TypeName)
		if !ok || o.IsAlias() {
			continue
		}
		s, ok := o.Type().Underlying().(*types.Struct)
		if !ok {
			continue
		}
		for f := range s.Fields() {
			if _, known := x.owners[f]; !known && f.Pkg() == p {
				x.owners[f] = x.typeKey(o.Type())
			}
		}
	}
}

// build makes the SSA form of the package from its syntax and the declarations of what it imports.
func (x *extractor) build() {
	x.prog = ssa.NewProgram(x.Fset, 0)
	for _, imported := range x.imports() {
		x.prog.CreatePackage(imported, nil, nil, true)
	}
	x.pkg = x.prog.CreatePackage(x.Types, x.Files, x.Info, false)
	x.pkg.Build()
	var functions []*ssa.Function
	for _, m := range x.pkg.Members {
		if f, ok := m.(*ssa.Function); ok {
			functions = append(functions, f)
		}
	}
	for _, name := range x.Types.Scope().Names() {
		o, ok := x.Types.Scope().Lookup(name).(*types.TypeName)
		if !ok || o.IsAlias() {
			continue
		}
		if named, ok := o.Type().(*types.Named); ok {
			for m := range named.Methods() {
				if f := x.prog.FuncValue(m); f != nil {
					functions = append(functions, f)
				}
			}
		}
	}
	slices.SortFunc(functions, func(a, b *ssa.Function) int {
		return cmp.Or(cmp.Compare(a.Pos(), b.Pos()), cmp.Compare(a.String(), b.String()))
	})
	for _, f := range functions {
		x.enqueue(f)
	}
}

// imports are the packages that the code mentions.
func (x *extractor) imports() []*types.Package {
	imports := slices.Clone(x.Types.Imports())
	known := map[*types.Package]bool{x.Types: true, nil: true}
	for _, p := range imports {
		known[p] = true
	}
	for _, o := range x.Info.Uses {
		if p := o.Pkg(); !known[p] {
			known[p] = true
			imports = append(imports, p)
		}
	}
	return imports
}

// enqueue lets a function of the package be looked at.
func (x *extractor) enqueue(f *ssa.Function) {
	if len(f.Blocks) > 0 && !x.queued[f] && x.Wrapped(f.Object()) == nil {
		x.queued[f] = true
		x.queue = append(x.queue, f)
	}
}

// declared is the function that f is an instance or wrapper of, if it is declared somewhere.
func declared(f *ssa.Function) *types.Func {
	if o := f.Origin(); o != nil {
		f = o
	}
	if f.Parent() != nil || f.Synthetic != "" && !strings.HasPrefix(f.Synthetic, "from type information") && f.Signature.Recv() == nil && f.Object() == nil {
		return nil
	}
	if isWrapper(f) {
		return nil
	}
	o, _ := f.Object().(*types.Func)
	return o
}

// isWrapper reports whether a function is made by the compiler around a method: a bound method, a method expression, a promoted method.
func isWrapper(f *ssa.Function) bool {
	for _, kind := range []string{"bound method", "thunk", "wrapper for"} {
		if strings.HasPrefix(f.Synthetic, kind) {
			return true
		}
	}
	return false
}

// bodyName names the body of a function.
func (x *extractor) bodyName(f *ssa.Function) string {
	if o := declared(f); o != nil {
		if fn := x.Wrapped(o); fn != nil {
			o = fn
		}
		if o.Name() == "init" && o.Signature().Recv() == nil {
			return fmt.Sprintf("%s\x00%s", x.Types.Path(), f.Name())
		}
		return facts.BodyName(x.IDOf(o))
	}
	if f.Origin() != nil {
		f = f.Origin()
	}
	return fmt.Sprintf("%s\x00(%s)", x.Types.Path(), f.String())
}

func (x *extractor) global(id facts.ID) int {
	n, ok := x.globals[id]
	if !ok {
		n = len(x.effects.Globals)
		x.globals[id] = n
		x.effects.Globals = append(x.effects.Globals, id)
	}
	return n
}

// convert notes that values of a type are converted to interfaces.
func (x *extractor) convert(t types.Type) {
	key := x.typeRow(t)
	if x.converted[key] {
		return
	}
	x.converted[key] = true
	x.convertInside(t)
	c := facts.Conversion{Type: key}
	set := x.prog.MethodSets.MethodSet(t)
	for sel := range set.Methods() {
		m := sel.Obj().(*types.Func)
		key := methodKey(m)
		if !x.isLocal(pathOf(m)) {
			if !m.Exported() {
				continue // only its own package can call it
			}
			key = outsideKey(m)
		}
		body := x.methodOf(sel)
		c.Methods = append(c.Methods, facts.Implementation{Key: key, Body: body})
		if !x.isLocal(pathOf(m)) {
			continue
		}
		for _, key := range usualKeys(m) {
			c.Methods = append(c.Methods, facts.Implementation{Key: key, Body: body})
		}
	}
	x.effects.Converted = append(x.effects.Converted, c)
}

// methodOf is the body of a method of a type. Where the method has another receiver, as that of an
// embedded field, or a value where the type is a pointer, that is the body of the wrapper which
// reads the receiver.
func (x *extractor) methodOf(sel *types.Selection) string {
	m := sel.Obj().(*types.Func)
	if x.Wrapped(m.Origin()) == nil {
		if f := x.prog.MethodValue(sel); f != nil && isWrapper(f) {
			return x.calleeName(f)
		}
	}
	return x.implementation(m)
}

// implementation is the body of a method. Those of other modules have one that does what the model says.
func (x *extractor) implementation(m *types.Func) string {
	m = m.Origin()
	if fn := x.Wrapped(m); fn != nil {
		m = fn
	}
	if m.Pkg() == nil || !x.isLocal(m.Pkg().Path()) {
		return x.modelled(m)
	}
	return facts.BodyName(x.IDOf(m))
}

// useAsValue notes that a function is used otherwise than to call it.
func (x *extractor) useAsValue(f *ssa.Function) {
	name := x.calleeName(f)
	if x.values[name] {
		return
	}
	x.values[name] = true
	v := facts.FuncValue{Body: name, Key: x.callKey(f.Signature)}
	for _, free := range f.FreeVars {
		v.Captured = append(v.Captured, x.typeRow(free.Type()))
	}
	x.effects.Values = append(x.effects.Values, v)
}

// calleeName is the body of a function that is mentioned; those of other modules have one that does what the model says.
func (x *extractor) calleeName(f *ssa.Function) string {
	for _, t := range f.TypeArgs() { // methods of type parameters are called as those of interfaces are
		x.convert(t)
	}
	if o := declared(f); o != nil {
		if o.Pkg() != nil && !x.isLocal(o.Pkg().Path()) {
			return x.modelled(o)
		}
		return x.bodyName(f)
	}
	x.enqueue(f)
	return x.bodyName(f)
}

// take notes that the address of a location is known.
func (x *extractor) take(location int, t types.Type) { x.takeAs(location, x.typeKey(t)) }

func (x *extractor) takeAs(location int, key string) {
	k := facts.Taken{Location: location, Type: key}
	if !x.taken[k] {
		x.taken[k] = true
		x.effects.Taken = append(x.effects.Taken, k)
	}
}

// variables describes what the package's variables may hold.
func (x *extractor) variables() {
	x.effects.Held = map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(x.pkg.Members)) {
		if g, ok := x.pkg.Members[name].(*ssa.Global); ok && g.Object() != nil && x.Wrapped(g.Object()) == nil {
			x.effects.Held[g.Name()] = x.typeRow(types.NewPointer(g.Object().Type()))
		}
	}
}
