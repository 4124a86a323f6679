package extract

import (
	"go/types"
	"slices"

	"github.com/cachegen/cachegen/generator/internal/load"
	"github.com/cachegen/cachegen/generator/internal/model"
	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// Root is a function whose version is asked for, with what its options say about the version.
type Root struct {
	Func *types.Func
	// Body selects policy body: the function alone.
	Body bool
	// Override is the version that //cache:override gives it, or "".
	Override string
	// Functions are those of the user's that its options name: key, unless, validate, vary, max-age, policy.
	Functions []*types.Func
	// Asked are the methods of interfaces that make parts of the key.
	Asked []facts.AnyOf
	// Dynamic are the types whose methods the codec and the keys can call: of results and keyed parameters.
	Dynamic []types.Type
	// Cached is the function with its options. Without it nothing is refused and nothing warned of.
	Cached *model.Function
}

// RootOf is what a cached function's options say about its version.
func RootOf(f *model.Function) Root {
	r := Root{Func: f.Obj, Body: f.Options.Body, Cached: f}
	if f.Behaviour == model.Override {
		r.Override = f.Options.Version
	}
	o := &f.Options
	for _, ref := range slices.Concat([]*model.FuncRef{o.Key, o.Unless, o.Validate, o.MaxAgeFunc}, o.Vary, o.Policies) {
		if ref != nil {
			r.Functions = append(r.Functions, ref.Obj)
		}
	}
	r.Dynamic = append(r.Dynamic, o.Types...)
	for _, v := range f.Kept() {
		r.Dynamic = append(r.Dynamic, v.Var.Type())
	}
	for _, p := range f.Inputs() {
		r.Dynamic = append(r.Dynamic, p.Var.Type())
	}
	for _, k := range o.KeyParts {
		r.keyPart(k)
	}
	if o.Key != nil {
		r.Dynamic = append(r.Dynamic, o.Key.Obj.Signature().Results())
	}
	return r
}

// brought are the parameters that hold behaviour of callers. What is keyed does where there is an interface in it that can be keyed: what a type
// of another module keeps to itself can't.
func (r Root) brought(packages map[string]*load.Package) []int {
	var found []int
	for i, v := range parameters(r.Func.Signature()) {
		keyed := r.Cached == nil || parametersOf(r.Cached)[i].Keyed()
		if !keyed || holdsInterface(v.Type(), packages, map[types.Type]bool{}) {
			found = append(found, i)
		}
	}
	return found
}

func holdsInterface(t types.Type, packages map[string]*load.Package, seen map[types.Type]bool) bool {
	t = types.Unalias(t)
	if seen[t] {
		return false
	}
	seen[t] = true
	if _, ok := t.(*types.TypeParam); ok {
		return true
	}
	switch u := t.Underlying().(type) {
	case *types.Interface, *types.Signature:
		return true
	case *types.Map:
		return holdsInterface(u.Key(), packages, seen) || holdsInterface(u.Elem(), packages, seen)
	case interface{ Elem() types.Type }:
		return holdsInterface(u.Elem(), packages, seen)
	case *types.Struct:
		for f := range u.Fields() {
			p := packages[pathOf(f)]
			if (f.Exported() || p != nil && p.Local()) && holdsInterface(f.Type(), packages, seen) {
				return true
			}
		}
	}
	return false
}

// keyPart adds what the wrapper runs to get a part of the key.
func (r *Root) keyPart(k *model.KeyPart) {
	r.Dynamic = append(r.Dynamic, k.Type)
	for _, step := range k.Steps {
		switch {
		case step.Of != nil:
			r.Asked = append(r.Asked, facts.AnyOf{Names: MethodNames(step.Of), Method: step.Method.Id()})
		case step.Method != nil:
			r.Functions = append(r.Functions, step.Method)
		}
	}
}

// MethodNames are the names of an interface's methods, as facts have them.
func MethodNames(t *types.Interface) []string {
	var names []string
	for m := range t.Methods() {
		names = append(names, m.Id())
	}
	return names
}

// parametersOf are the receiver, if there is one, and the parameters.
func parametersOf(f *model.Function) []*model.Param {
	if f.Receiver == nil {
		return f.Params
	}
	return append([]*model.Param{f.Receiver}, f.Params...)
}

// Facts returns the root as plain data.
func (r Root) Facts(packages map[string]*load.Package) facts.Root {
	p := facts.Root{Func: IDOf(r.Func), Body: r.Body, Override: r.Override, Asked: r.Asked, Brought: r.brought(packages)}
	for _, f := range r.Functions {
		p.Functions = append(p.Functions, facts.Named{ID: IDOf(f), Params: len(parameters(f.Signature()))})
	}
	isLocal := func(n *types.Named) bool {
		o := n.Origin().Obj()
		if !isPackageLevel(o) {
			return false
		}
		declared := packages[o.Pkg().Path()]
		return declared != nil && declared.Local()
	}
	for _, t := range r.Dynamic {
		for _, o := range dynamicTypes(t, isLocal) {
			p.Encoded = append(p.Encoded, encodedID(o))
		}
	}
	if r.Cached != nil {
		p.Cached = plainCached(r.Cached, packages)
	}
	return p
}

func plainCached(f *model.Function, packages map[string]*load.Package) *facts.Cached {
	o := &f.Options
	c := &facts.Cached{
		Name: f.Name, Pos: f.Pos, Disabled: f.Behaviour == model.Disable, Overridden: f.Behaviour == model.Override,
		Reviewed: o.Reviewed, Trust: o.Trust, NoJoin: o.NoJoin, PerRun: o.PerRun,
		HasContext: f.Context != nil, NarrowsKey: narrowsKey(f), MaxAge: o.MaxAge, MaxAgeByValue: o.MaxAgeFunc != nil,
		Tags: o.Tags, Vary: idsOf(o.Vary), Policies: idsOf(o.Policies), KeyedBy: keyedBy(o),
	}
	c.KeyList, c.Listed = keyList(f)
	c.ByFunction, c.ByReceiver = f.GoesWith("key=fn"), f.Receiver != nil && f.GoesWith("per=receiver")
	for _, p := range parametersOf(f) {
		c.Params = append(c.Params, facts.Parameter{
			Name: p.Var.Name(), Keyed: p.Keyed() && p != f.Context, Context: p == f.Context, Points: pointeesOf(p.Var.Type(), packages), LeftOut: leftOutOf(f, p, packages),
		})
	}
	sig := f.Obj.Signature()
	list := sig.TypeParams()
	if sig.Recv() != nil {
		list = sig.RecvTypeParams()
	}
	for t := range list.TypeParams() {
		c.TypeParams = append(c.TypeParams, t.Obj().Name())
	}
	return c
}

// keyedBy are the functions and methods of the user's that make the key.
func keyedBy(o *model.Options) []facts.ID {
	var found []facts.ID
	if o.Key != nil {
		found = append(found, IDOf(o.Key.Obj))
	}
	for _, part := range o.KeyParts {
		for _, step := range part.Steps {
			if step.Method != nil && step.Of == nil {
				found = append(found, IDOf(step.Method))
			}
		}
	}
	return found
}

// keyList is what a list in the option key would have to name for the inputs that there are, if that can: all must have names.
func keyList(f *model.Function) (list []string, ok bool) {
	if f.Options.Key != nil || !f.GoesWith("key") {
		return nil, false
	}
	for _, part := range f.Options.KeyParts {
		list = append(list, part.Text)
	}
	for _, p := range f.Inputs() {
		switch name := p.Var.Name(); {
		case p == f.Context || len(f.Options.KeyParts) > 0:
		case name == "" || name == "_":
			return nil, false
		default:
			list = append(list, name)
		}
	}
	return list, true
}

func idsOf(refs []*model.FuncRef) []facts.ID {
	var ids []facts.ID
	for _, ref := range refs {
		ids = append(ids, IDOf(ref.Obj))
	}
	return ids
}

// narrowsKey reports whether calls with different parameters can have one key.
func narrowsKey(f *model.Function) bool {
	return slices.ContainsFunc(parametersOf(f), func(p *model.Param) bool { return !p.Keyed() })
}
