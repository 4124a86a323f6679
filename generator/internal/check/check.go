package check

import (
	"fmt"
	"go/token"
	"go/types"
	"maps"
	"slices"

	"github.com/cachegen/cachegen/generator/internal/diag"
	"github.com/cachegen/cachegen/generator/internal/load"
	"github.com/cachegen/cachegen/generator/internal/model"
)

// Functions returns the plans of a package's functions in their order. It says what can't be keyed
// or stored to diags; functions that it refuses have no plan.
func Functions(pkg *model.Package, diags *diag.List) []*Plan {
	var plans []*Plan
	refs, others := newReferences(pkg), &builds{pkg: pkg.Package}
	for _, f := range pkg.Functions {
		c := &checker{pkg: pkg.Types, info: pkg.Info, source: pkg, f: f, refs: refs, builds: others}
		p := c.plan()
		if len(c.diags) == 0 {
			p.Layout = layout(others, p)
		}
		diags.Add(c.diags...)
		if !slices.ContainsFunc(c.diags, func(d diag.Diagnostic) bool { return d.Severity == diag.Error }) {
			plans = append(plans, p)
		}
	}
	return plans
}

// checker makes the plan of one function.
type checker struct {
	pkg    *types.Package
	info   *types.Info
	source *model.Package
	f      *model.Function
	refs   *references
	// builds knows which types can be others in a program.
	builds *builds
	diags  []diag.Diagnostic
	// behind are the interfaces with methods in the inputs.
	behind []Behind
}

func (c *checker) errorf(pos token.Position, category, format string, args ...any) {
	c.diags = append(c.diags, diag.Diagnostic{Pos: pos, Category: category, Message: fmt.Sprintf(format, args...), Function: c.f.Name})
}

// optionf says what is wrong with an option.
func (c *checker) optionf(p *Plan, option, format string, args ...any) {
	pos, ok := p.Function.Options.Pos[option]
	if !ok {
		pos = p.Function.DirectivePos
	}
	c.errorf(pos, "directive", option+": "+format, args...)
}

func (c *checker) plan() *Plan {
	p := &Plan{Function: c.f}
	c.inputs(p)
	c.vary(p)
	c.results(p)
	if len(c.diags) > 0 {
		return p
	}
	p.Behind = c.behind
	c.known(p)
	c.keptAlive()
	c.templates(p)
	c.target(p)
	c.background(p)
	c.cycles(p)
	p.Comparable = comparableInputs(p)
	p.Shape = shape(p)
	return p
}

// comparableInputs reports whether nothing but the arguments identifies a result in memory, and ==
// tells them apart.
func comparableInputs(p *Plan) bool {
	o := &p.Function.Options
	if o.Key != nil || len(o.Vary) > 0 || len(o.Policies) > 0 || o.PerRun || o.MaxAgeFunc != nil || o.Target != "" {
		return false
	}
	return !slices.ContainsFunc(p.Inputs, func(in Input) bool {
		// The strings of a batch's elements are known to miss too late to be made copies, which a
		// key in memory needs. Blank fields don't count, and yet == may not know their types.
		return !in.Key.Comparable || !types.Comparable(in.Type) || o.Batch != nil && in.Key.HoldsString()
	})
}

func (c *checker) inputs(p *Plan) {
	if key := c.f.Options.Key; key != nil {
		t := key.Signature.Results().At(0).Type()
		if part := unnameable(c.pkg, t); part != nil {
			c.errorf(key.Pos, "input", "key: %s returns a %s, which can't be named in package %s: return a type that can",
				key.Obj.Name(), short(part, c.pkg), c.pkg.Name())
			return
		}
		p.Inputs = append(p.Inputs, Input{Field: "Key", Type: t, Key: c.keyOf("key", t, key.Pos, c.keyResult)})
		return
	}
	for _, part := range c.f.Options.KeyParts {
		p.Inputs = append(p.Inputs, c.keyPart(p, part))
	}
	if c.f.Options.KeyParts == nil {
		for _, param := range c.unignored() {
			p.Inputs = append(p.Inputs, c.input(p, param))
		}
	}
}

// keyPart is what the option key lists.
func (c *checker) keyPart(p *Plan, part *model.KeyPart) Input {
	if len(part.Steps) == 0 {
		in := c.input(p, part.Param)
		in.Part = part
		return in
	}
	in := Input{Part: part, Field: part.Field, Type: part.Type, Secret: part.Param.Secret}
	if unnamed := unnameable(c.pkg, part.Type); unnamed != nil {
		c.errorf(part.Pos, "input", "key: %s is a %s, which can't be named in package %s: name a part of it", part.Text, short(unnamed, c.pkg), c.pkg.Name())
		return in
	}
	in.Key = c.keyOf(part.Text, part.Type, part.Pos, c.keyPartWays)
	if c.f.Options.KeepInputs || c.f.Options.KeepFailed {
		c.kept(p, in, part.Pos)
	}
	return in
}

// unignored returns the parameters that are not ignored, the receiver first: those in the key, or
// those that the option key stands for.
func (c *checker) unignored() []*model.Param {
	var list []*model.Param
	if r := c.f.Receiver; r != nil && !r.Ignored && !c.f.Options.PerReceiver {
		list = append(list, r)
	}
	for _, param := range c.f.Params {
		if !param.Ignored && param != c.f.Context && !IsContext(param.Var.Type()) {
			list = append(list, param)
		}
	}
	return list
}

func (c *checker) input(p *Plan, param *model.Param) Input {
	t := param.Var.Type()
	if param == c.f.Options.Batch {
		if s, ok := t.Underlying().(*types.Slice); ok {
			t = s.Elem()
		}
	}
	ways := c.parameter(param)
	if param == c.f.Receiver {
		ways = c.receiver
	}
	in := Input{Param: param, Field: param.Field, Type: t, Secret: param.Secret}
	in.Key = c.keyOf(param.Name, t, param.Pos, ways)
	if c.f.Options.KeepInputs || c.f.Options.KeepFailed {
		c.kept(p, in, param.Pos)
	}
	return in
}

// keyer returns what finds out how one input is encoded.
func (c *checker) keyer() *keyer {
	return &keyer{pkg: c.pkg, trust: c.f.Options.Trust, builds: c.builds}
}

// keyOf returns how t is encoded. ways says what to do about a problem.
func (c *checker) keyOf(name string, t types.Type, pos token.Position, ways func(problem) string) *Key {
	k := c.keyer()
	key := k.root(name, t)
	for _, b := range k.behind {
		b.Pos, b.Ways = pos, ways(problem{path: b.Path})
		if b.Path == rootPath(name, t) {
			b.Path = name
		}
		c.behind = append(c.behind, b)
	}
	if len(k.found) > 0 {
		found := k.found[0]
		c.errorf(pos, "input", "%s %s%s; %s", found.where(name, t), found.what, more(k.found), ways(found))
	}
	return key
}

// kept checks that the values of an input can be stored in full.
func (c *checker) kept(p *Plan, in Input, pos token.Position) {
	if in.Secret {
		return
	}
	s := &storer{pkg: c.pkg}
	s.check(rootPath(in.Name(), in.Type), in.Type)
	p.Proto = p.Proto || s.proto
	if len(s.found) > 0 {
		c.errorf(pos, "input", "%s %s%s; inputs that are kept must be storable: drop keep-inputs and keep-failed",
			s.found[0].where(in.Name(), in.Type), s.found[0].what, more(s.found))
	}
}

func (c *checker) vary(p *Plan) {
	for _, v := range c.f.Options.Vary {
		t := v.Signature.Results().At(0).Type()
		p.Vary = append(p.Vary, c.keyOf(v.Obj.Name(), t, v.Pos, c.keyResult))
	}
}

// results plans how results are kept and copied.
func (c *checker) results(p *Plan) {
	cp := &copier{pkg: c.pkg, builds: c.builds}
	for _, v := range c.f.Kept() {
		r := Result{Value: v, Field: v.Field, Type: v.Var.Type()}
		if c.f.Options.Batch != nil {
			if m, ok := r.Type.Underlying().(*types.Map); ok {
				r.Type = m.Elem()
			}
		}
		c.result(p, r)
		if !c.f.Options.Share {
			r.Copy = cp.of(r.Type)
		}
		p.Results = append(p.Results, r)
	}
	if !c.f.Options.Share {
		p.CloneByCodec = cp.opaque || c.copiesGeneric(p)
	}
	p.Recursive = cp.recursive && !p.CloneByCodec
	if p.CloneByCodec {
		for i := range p.Results {
			p.Results[i].Copy = nil
		}
	}
}

// copiesGeneric reports whether a function that copies the results would need type parameters of
// its own.
func (c *checker) copiesGeneric(p *Plan) bool {
	return slices.ContainsFunc(p.Results, func(r Result) bool {
		return r.Copy != nil && (model.HasTypeParam(r.Type) || len(p.Results) > 1 && c.f.TypeParams().Len() > 0)
	})
}

// result checks that one result can be stored.
func (c *checker) result(p *Plan, r Result) {
	s := &storer{pkg: c.pkg, types: c.f.Options.Types}
	s.check(rootPath(resultName(r.Value), r.Type), r.Type)
	for _, t := range s.behind {
		if !slices.ContainsFunc(p.Types, func(known types.Type) bool { return types.Identical(known, t) }) {
			p.Types = append(p.Types, t)
		}
	}
	p.CheckRoundTrip = p.CheckRoundTrip || s.marshaler || model.HasTypeParam(r.Type)
	p.Proto = p.Proto || s.proto
	memory := c.f.Options.Store == "memory"
	p.MemoryOnly = p.MemoryOnly || memory
	if len(s.found) == 0 || (c.f.Options.PerReceiver || memory) && c.copyable(r.Type) {
		return
	}
	if c.f.Options.Share && c.f.Options.Target == "" && consumed(c.pkg, r.Type) == "" {
		p.MemoryOnly = true
		return
	}
	found := s.found[0]
	c.errorf(r.Value.Pos, "result", "%s %s%s; %s", found.where(resultName(r.Value), r.Type), found.what, more(s.found), c.resultWays(r, found))
}

// copyable reports whether generated code can copy a value, which is enough for one that is never
// stored.
func (c *checker) copyable(t types.Type) bool {
	cp := &copier{pkg: c.pkg, builds: c.builds}
	cp.of(t)
	return !cp.opaque
}

// known finds the modules whose code is in the version, where interfaces are in the inputs.
func (c *checker) known(p *Plan) {
	if !slices.ContainsFunc(p.Inputs, func(in Input) bool { return in.Key.HoldsInterface() }) &&
		!slices.ContainsFunc(p.Vary, (*Key).HoldsInterface) {
		return
	}
	own := ""
	if c.source.Module != nil {
		own = c.source.Module.Path
	}
	found := map[string]bool{}
	seen := map[*load.Package]bool{}
	var walk func(q *load.Package)
	walk = func(q *load.Package) {
		if seen[q] || !q.Local() {
			return
		}
		seen[q] = true
		found[q.Module.Path] = true
		for _, imported := range q.Imports {
			walk(imported)
		}
	}
	walk(c.source.Package)
	delete(found, own)
	p.Known = append([]string{own}, slices.Sorted(maps.Keys(found))...)
}

func resultName(v *model.Value) string {
	if name := v.Var.Name(); name != "" && name != "_" {
		return name
	}
	return "result"
}

// background plans how parameters are copied for an execution that outlives the call, since its
// caller may change them meanwhile. Ignored ones are not: they are shared on purpose, as are those
// that the option key stands for and that can't be copied, or not always.
func (c *checker) background(p *Plan) {
	if c.f.Options.StaleWhileRevalidate == 0 {
		return
	}
	p.Detach = map[*model.Param]Detached{}
	for _, param := range c.unignored() {
		cp := &copier{pkg: c.pkg, builds: c.builds}
		copied := cp.of(param.Var.Type())
		switch {
		case cp.recursive && !param.Keyed():
		case !cp.opaque && copied != nil:
			p.Detach[param] = Detached{copied, cp.recursive}
		case cp.opaque && param.Keyed():
			c.errorf(param.Pos, "input", "%s can change while it is refreshed in the background, and generated code can't copy a %s; "+
				"pass plain data, or drop stale-while-revalidate", param.Name, short(param.Var.Type(), c.pkg))
		}
	}
}

// keptAlive warns of results that keep the receiver alive whose cache they are in, so that neither
// ever goes.
func (c *checker) keptAlive() {
	if !c.f.Options.PerReceiver || !c.f.Options.Share {
		return
	}
	receiver, ok := types.Unalias(c.f.Receiver.Var.Type()).(*types.Pointer)
	if !ok {
		return
	}
	for _, v := range c.f.Kept() {
		if reaches(v.Var.Type(), receiver.Elem(), map[types.Type]bool{}) {
			c.diags = append(c.diags, diag.Diagnostic{
				Pos: v.Pos, Severity: diag.Warning, Category: "result", Function: c.f.Name,
				Message: fmt.Sprintf("%s can hold its receiver, a %s, which would then never go: with share the cache hands it out as it is",
					resultName(v), short(receiver.Elem(), c.pkg)),
			})
		}
	}
}

// reaches reports whether a value of type t can refer to one of type target by what its type says.
func reaches(t, target types.Type, seen map[types.Type]bool) bool {
	t = types.Unalias(t)
	if seen[t] {
		return false
	}
	seen[t] = true
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		return types.Identical(u.Elem(), target) || reaches(u.Elem(), target, seen)
	case *types.Slice:
		return types.Identical(u.Elem(), target) || reaches(u.Elem(), target, seen)
	case *types.Array:
		return reaches(u.Elem(), target, seen)
	case *types.Map:
		return reaches(u.Key(), target, seen) || reaches(u.Elem(), target, seen)
	case *types.Struct:
		for f := range u.Fields() {
			if reaches(f.Type(), target, seen) {
				return true
			}
		}
	}
	return false
}
