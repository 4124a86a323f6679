package version

import (
	"go/token"
	"go/types"
	"slices"
	"time"

	"github.com/cachegen/cachegen/generator/internal/load"
	"github.com/cachegen/cachegen/generator/internal/model"
)

// Plain is a [Root] as plain data: it can be kept with what else is known of a package.
type Plain struct {
	Func     ID
	Body     bool
	Override string
	// Functions are those that options name, with the numbers of their parameters.
	Functions []Named
	// Methods are the nodes of the methods that codec and keys can call.
	Methods  []ID
	Injected []int
	Cached   *Cached
}

// Named is a function that an option names.
type Named struct {
	ID     ID
	Params int
}

// Cached is what decides whether a cached function is refused or warned of.
type Cached struct {
	Name                                  string
	Pos                                   token.Position
	Disabled, Overridden                  bool
	Reviewed, Trust, NoJoin, PerRun       bool
	HasContext, NarrowsKey, MaxAgeByValue bool
	Params                                []Parameter
	TypeParams, Tags                      []string
	Vary, Policies                        []ID
	MaxAge                                *time.Duration
}

// Parameter is a parameter, or the receiver.
type Parameter struct {
	Name string
	// Keyed says that the parameter is in the key.
	Keyed bool
}

// Plain returns the root as plain data.
func (r Root) Plain(packages map[string]*load.Package) Plain {
	p := Plain{Func: IDOf(r.Func), Body: r.Body, Override: r.Override, Injected: r.Injected}
	for _, f := range r.Functions {
		p.Functions = append(p.Functions, Named{IDOf(f), len(parameters(f.Signature()))})
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
			p.Methods = append(p.Methods, methodsID(o))
		}
	}
	if r.Cached != nil {
		p.Cached = plainCached(r.Cached)
	}
	return p
}

func plainCached(f *model.Function) *Cached {
	o := &f.Options
	c := &Cached{
		Name: f.Name, Pos: f.Pos, Disabled: f.Behaviour == model.Disable, Overridden: f.Behaviour == model.Override,
		Reviewed: o.Reviewed, Trust: o.Trust, NoJoin: o.NoJoin, PerRun: o.PerRun,
		HasContext: f.Context != nil, NarrowsKey: narrowsKey(f), MaxAge: o.MaxAge, MaxAgeByValue: o.MaxAgeFunc != nil,
		Tags: o.Tags, Vary: idsOf(o.Vary), Policies: idsOf(o.Policies),
	}
	for _, p := range parametersOf(f) {
		c.Params = append(c.Params, Parameter{p.Var.Name(), p.Keyed() && p != f.Context})
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

func idsOf(refs []*model.FuncRef) []ID {
	var ids []ID
	for _, ref := range refs {
		ids = append(ids, IDOf(ref.Obj))
	}
	return ids
}

// needsReview reports whether there is something to refuse: a disabled wrapper calls its function and can do no harm.
func (p Plain) needsReview() bool { return p.Cached != nil && !p.Cached.Disabled }

// narrowsKey reports whether calls with different parameters can have one key.
func narrowsKey(f *model.Function) bool {
	return f.Options.Key != nil || slices.ContainsFunc(f.Params, func(p *model.Param) bool { return p.Ignored }) || f.Receiver != nil && f.Receiver.Ignored
}
