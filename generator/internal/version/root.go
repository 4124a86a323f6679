package version

import (
	"crypto/sha256"
	"go/types"
	"slices"

	"github.com/cachegen/cachegen/generator/internal/model"
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
	// Dynamic are the types whose methods the codec and the keys can call: of results and keyed parameters.
	Dynamic []types.Type
	// Injected are the parameters whose dynamic types the function's own code does not decide and the key does not know: the ignored
	// ones. Those of a method count from its receiver, which is 0; those of a function from 0.
	Injected []int
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
	for _, v := range f.Values {
		r.Dynamic = append(r.Dynamic, v.Var.Type())
	}
	for _, p := range f.Inputs() {
		r.Dynamic = append(r.Dynamic, p.Var.Type())
	}
	if o.Key != nil {
		r.Dynamic = append(r.Dynamic, o.Key.Obj.Signature().Results())
	}
	for i, p := range parametersOf(f) {
		if p.Ignored {
			r.Injected = append(r.Injected, i)
		}
	}
	return r
}

// parametersOf are the receiver, if there is one, and the parameters.
func parametersOf(f *model.Function) []*model.Param {
	if f.Receiver == nil {
		return f.Params
	}
	return append([]*model.Param{f.Receiver}, f.Params...)
}

// wrapper makes the node of what is generated for a function: it does what the function does, calls the functions that
// options name, and encodes keys and results. The second node is the version of an overriding one, or nil.
func (g *Graph) wrapper(root Plain) (wrapper, fixed *Node) {
	fn := root.Func
	wrapper = &Node{ID: fn.prefixed(wrapperPrefix), Kind: Wrapper}
	if f := g.nodes[fn]; f != nil {
		wrapper.File, wrapper.Line, wrapper.Column = f.File, f.Line, f.Column
	}
	edges := map[ID]bool{}
	add := func(to ID, reason Reason) {
		if !edges[to] {
			edges[to] = true
			wrapper.Edges = append(wrapper.Edges, Edge{To: to, Reason: reason})
		}
	}
	add(fn, Wraps)
	for _, f := range root.Functions {
		add(f.ID, KeyedBy)
	}
	for _, id := range root.Methods {
		add(id, ReturnsValue)
	}
	if root.Override != "" {
		fixed = &Node{ID: fn.prefixed(fixedPrefix), Kind: Fixed, File: wrapper.File, Line: wrapper.Line, Column: wrapper.Column}
		fixed.Skeleton = sha256.Sum256([]byte(root.Override))
		fixed.Parts = []Part{{"version", root.Override}}
		add(fixed.ID, Wraps)
	}
	return wrapper, fixed
}

// addWrapper makes the wrapper of a function known to those who call it.
func (g *Graph) addWrapper(root Plain) {
	wrapper, fixed := g.wrapper(root)
	g.nodes[wrapper.ID] = wrapper
	g.cached[wrapper.ID] = root.Cached
	if fixed != nil {
		g.nodes[fixed.ID] = fixed
	}
}
