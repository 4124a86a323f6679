package check

import (
	"go/ast"
	"go/types"

	"github.com/cachegen/cachegen/generator/internal/model"
)

// A function's cache is a package variable whose initialiser names the functions of its options,
// and the function itself where it can be called with its arguments. Go refuses initialisers that
// refer to themselves, by way of functions too: a function that calls its own wrapper is called
// from init instead, and other functions that do are refused.

// references finds what the declarations of a package refer to.
type references struct {
	pkg *model.Package
	// bodies are the functions' declarations, initialisers the package variables'.
	bodies       map[types.Object]ast.Node
	initialisers map[types.Object]ast.Expr
	functions    map[*types.Func]*model.Function
}

func newReferences(pkg *model.Package) *references {
	r := &references{pkg, map[types.Object]ast.Node{}, map[types.Object]ast.Expr{}, map[*types.Func]*model.Function{}}
	for _, f := range pkg.Functions {
		r.functions[f.Obj] = f
	}
	for _, file := range pkg.Syntax {
		for _, decl := range file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Body != nil {
				r.bodies[pkg.Info.Defs[f.Name]] = f.Body
			}
		}
	}
	for _, init := range pkg.Info.InitOrder {
		for _, v := range init.Lhs {
			r.initialisers[v] = init.Rhs
		}
	}
	return r
}

// reach returns the cached functions whose caches are referred to by from, by way of other
// functions, variables and wrappers too.
func (r *references) reach(from ...types.Object) map[*model.Function]bool {
	found := map[*model.Function]bool{}
	seen := map[types.Object]bool{}
	queue := from
	for len(queue) > 0 {
		o := queue[0]
		queue = queue[1:]
		if o == nil || seen[o] {
			continue
		}
		seen[o] = true
		if wrapped := r.pkg.Wrappers[o]; wrapped != nil {
			if f := r.functions[wrapped]; f != nil && !found[f] {
				found[f] = true
				queue = append(append(queue, wrapped), named(f)...)
			}
			continue
		}
		for _, node := range []ast.Node{r.bodies[o], r.initialisers[o]} {
			if node != nil {
				queue = append(queue, r.uses(node)...)
			}
		}
	}
	return found
}

// uses returns the objects of the package that a node refers to.
func (r *references) uses(node ast.Node) []types.Object {
	var all []types.Object
	ast.Inspect(node, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			switch o := r.pkg.Info.Uses[id].(type) {
			case *types.Func:
				all = append(all, o.Origin())
			case *types.Var:
				if o.Parent() == r.pkg.Types.Scope() {
					all = append(all, o)
				}
			}
		}
		return true
	})
	return all
}

// named are the functions that a function's options name, as far as its cache's initialiser does.
func named(f *model.Function) []types.Object {
	var all []types.Object
	for _, option := range initialised(f) {
		all = append(all, option.ref.Obj)
	}
	return all
}

type namedOption struct {
	name string
	ref  *model.FuncRef
}

// initialised are the options whose functions a cache's initialiser names.
func initialised(f *model.Function) []namedOption {
	o := &f.Options
	var all []namedOption
	for _, v := range o.Vary {
		all = append(all, namedOption{"vary", v})
	}
	for _, p := range o.Policies {
		all = append(all, namedOption{"policy", p})
	}
	for _, one := range []namedOption{{"max-age", o.MaxAgeFunc}, {"validate", o.Validate}, {"unless", o.Unless}} {
		if one.ref != nil {
			all = append(all, one)
		}
	}
	return all
}

// cycles finds out where initialisers would refer to themselves.
func (c *checker) cycles(p *Plan) {
	f := c.f
	p.AllKeyed = f.Options.Key == nil && f.Options.KeyParts == nil && f.Options.Batch == nil && !f.Options.PerReceiver && allKeyed(f)
	if f.TypeParams().Len() > 0 {
		return // made by a function, not by an initialiser
	}
	for _, option := range initialised(f) {
		if c.refs.reach(option.ref.Obj)[f] {
			c.errorf(option.ref.Pos, "directive", "%s: %s reaches %s, whose cache needs it first: Go calls that an initialization cycle",
				option.name, option.ref.Obj.Name(), f.Wrapper)
		}
	}
	p.LateCall = p.AllKeyed && c.refs.reach(f.Obj)[f]
}

// allKeyed reports whether the function takes nothing but keyed inputs and its context.
func allKeyed(f *model.Function) bool {
	if f.Receiver != nil && !f.Receiver.Keyed() {
		return false
	}
	for _, param := range f.Params {
		if param != f.Context && (!param.Keyed() || IsContext(param.Var.Type())) {
			return false
		}
	}
	return true
}
