package check

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/model"
)

// The ways out of a refusal. What fits most often comes first, and following any of them leads to
// right results or to another refusal.

// parameter are the ways out where a parameter has no key.
func (c *checker) parameter(p *model.Param) func(problem) string {
	return func(found problem) string {
		name := p.Var.Name()
		byFunction := c.way("key=fn", "name what identifies the result with key=fn")
		if name == "" || name == "_" {
			return either(byFunction, "give the parameter a name and leave it out with ignore", c.marshaler(found, ""))
		}
		leaveOut := fmt.Sprintf("leave it out with ignore=%s if nothing in it decides the result", name)
		if key := c.keyList(p); key != "" {
			return either("name what identifies the result with key="+key, leaveOut, c.marshaler(found, ""))
		}
		switch t := p.Var.Type(); {
		case p.Variadic && isOption(t.(*types.Slice).Elem()):
			return either("apply them first and cache a function of what they set (docs/howto/real-code.md)", leaveOut, byFunction, c.marshaler(found, ""))
		case isDrained(t):
			return either("read it first and cache a function of its content", leaveOut, byFunction, c.marshaler(found, ""))
		case consumer(types.Unalias(t)) != "":
			if byFunction == "" {
				byFunction = "pass what identifies the result as a parameter of its own"
			}
			return either(byFunction, c.marshaler(found, "")) // what is read decides
		case c.holdsData(t, map[types.Type]bool{}):
			return either(byFunction, leaveOut, c.marshaler(found, ""))
		}
		return either(leaveOut, byFunction, c.marshaler(found, ""))
	}
}

// receiver are the ways out where the receiver has no key.
func (c *checker) receiver(found problem) string {
	perReceiver := c.way("per=receiver", "keep a cache for each value with per=receiver")
	byFunction := c.way("key=fn", "name what identifies the result with key=fn")
	leaveOut := "leave it out with ignore=receiver if nothing in it decides the result"
	if key := c.keyList(c.f.Receiver); key != "" {
		return either("name what identifies the result with key="+key, perReceiver, leaveOut, c.marshaler(found, ""))
	}
	if !c.holdsData(c.f.Receiver.Var.Type(), map[types.Type]bool{}) {
		return either("leave it out with ignore=receiver, for nothing in it is data", perReceiver, byFunction, c.marshaler(found, ""))
	}
	return either(perReceiver, byFunction, leaveOut, c.marshaler(found, ""))
}

// way is a way out by an option, "" where the function has another option that contradicts it.
func (c *checker) way(option, says string) string {
	if c.f.GoesWith(option) {
		return says
	}
	return ""
}

// either joins ways out; "" is none.
func either(ways ...string) string {
	ways = slices.DeleteFunc(ways, func(way string) bool { return way == "" })
	switch n := len(ways); n {
	case 1:
		return ways[0]
	case 2:
		return ways[0] + ", or " + ways[1]
	default:
		return strings.Join(ways[:n-1], ", ") + ", or " + ways[n-1]
	}
}

// keyList is what a key option could list in place of a parameter: the data that the function's
// body reads of it and the other keyed parameters, or "" if it reads none directly.
func (c *checker) keyList(p *model.Param) string {
	read := c.reads(p)
	if len(read) == 0 || !c.f.GoesWith("key") {
		return ""
	}
	for _, other := range c.unignored() {
		k := c.keyer()
		switch name := other.Var.Name(); {
		case other == p:
		case name == "" || name == "_":
			return ""
		default:
			if k.root(name, other.Var.Type()); len(k.found) == 0 {
				read = append(read, name)
			}
		}
	}
	return strings.Join(read, ",")
}

// reads are the fields of a parameter that have a key and that the function's body reads itself, as
// a key option lists them.
func (c *checker) reads(p *model.Param) []string {
	var read []string
	if c.info == nil || c.f.Decl.Body == nil {
		return nil
	}
	ast.Inspect(c.f.Decl.Body, func(n ast.Node) bool {
		selector, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		id, ok := selector.X.(*ast.Ident)
		selection := c.info.Selections[selector]
		if !ok || selection == nil || selection.Kind() != types.FieldVal || c.info.Uses[id] != p.Var {
			return true
		}
		name := id.Name + "." + selector.Sel.Name
		k := c.keyer()
		if k.root(name, selection.Type()); len(k.found)+len(k.behind) == 0 && !slices.Contains(read, name) && !c.fills(selection.Obj()) {
			read = append(read, name)
		}
		return true
	})
	return read
}

// fills reports whether the function's body writes to a field or to its elements: what it keeps for
// itself identifies nothing.
func (c *checker) fills(field types.Object) bool {
	found := false
	written := func(x ast.Expr) {
		if i, ok := ast.Unparen(x).(*ast.IndexExpr); ok {
			x = i.X
		}
		if s, ok := ast.Unparen(x).(*ast.SelectorExpr); ok && c.info.Selections[s] != nil {
			found = found || c.info.Selections[s].Obj() == field
		}
	}
	ast.Inspect(c.f.Decl.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, x := range n.Lhs {
				written(x)
			}
		case *ast.IncDecStmt:
			written(n.X)
		}
		return true
	})
	return found
}

func (c *checker) keyResult(found problem) string {
	return either("let the function return plain data", c.marshaler(found, ""))
}

func (c *checker) keyPartWays(found problem) string {
	return either("name the parts of it that identify the result", c.marshaler(found, ""))
}

// resultWays are the ways out where a result can't be stored.
func (c *checker) resultWays(r Result, found problem) string {
	methods := c.marshaler(found, "the methods MarshalBinary and UnmarshalBinary")
	switch {
	case len(c.f.Kept()) > 1:
		drop := "give it a name, and leave it out of what is kept with drop"
		if name := c.f.DropName(r.Value); name != "" {
			drop = "leave it out of what is kept with drop=" + name
		}
		return either(drop, "return plain data", methods)
	case consumed(c.pkg, r.Type) != "":
		return "its first user would use it up: read it here, and return its content"
	case c.f.Options.Target != "":
		return either("return plain data", methods)
	}
	return either("return plain data", "hand the value itself out and keep it in memory alone with share", methods)
}

// marshaler is the way out that a method is, where the problem is inside a type of this package,
// and the option trust.
func (c *checker) marshaler(found problem, pair string) string {
	if found.trust {
		return "vouch for its text with trust"
	}
	owner, _, nested := strings.Cut(found.path, ".")
	if o, ok := c.pkg.Scope().Lookup(owner).(*types.TypeName); nested && ok && !types.IsInterface(o.Type()) {
		if pair == "" {
			return fmt.Sprintf("give %s an AppendCacheKey or MarshalBinary method", owner)
		}
		return fmt.Sprintf("give %s %s", owner, pair)
	}
	return ""
}

// consumed returns what of a value is used up by use, and so must never be given to two callers: a
// reader, a channel, an iterator. It is "" where there is none in what users of the value see.
func consumed(pkg *types.Package, t types.Type) string {
	return consumedIn(pkg, t, map[types.Type]bool{})
}

func consumedIn(pkg *types.Package, t types.Type, seen map[types.Type]bool) string {
	t = types.Unalias(t)
	if seen[t] {
		return ""
	}
	seen[t] = true
	if name := consumer(t); name != "" {
		return name
	}
	switch u := t.Underlying().(type) {
	case *types.Chan:
		return "a channel"
	case *types.Signature:
		if isIterator(u) {
			return "an iterator"
		}
	case *types.Pointer:
		return consumedIn(pkg, u.Elem(), seen)
	case *types.Slice:
		return consumedIn(pkg, u.Elem(), seen)
	case *types.Array:
		return consumedIn(pkg, u.Elem(), seen)
	case *types.Map:
		return consumedIn(pkg, u.Elem(), seen)
	case *types.Struct:
		for f := range u.Fields() {
			if !f.Exported() && f.Pkg() != pkg {
				continue
			}
			if part := consumedIn(pkg, f.Type(), seen); part != "" {
				return part
			}
		}
	}
	return ""
}

// IsConsumed reports whether values of t are used up by who reads them.
func IsConsumed(t types.Type) bool { return consumer(types.Unalias(t)) != "" }

// consumer says what a type is whose methods use it up: each call of them gives what no other call
// will.
func consumer(t types.Type) string {
	methods := types.NewMethodSet(t)
	if _, ok := t.Underlying().(*types.Interface); !ok {
		methods = types.NewMethodSet(types.NewPointer(t))
	}
	for _, name := range []string{"Read", "ReadByte", "Recv", "Next", "Scan"} {
		if m := methods.Lookup(nil, name); m != nil {
			return "what " + name + " reads"
		}
	}
	return ""
}

// isDrained reports whether a parameter's content is what comes out of it once: of a reader of a
// known type, an iterator, a channel of more than signals. What is said of a stream behind an
// interface tells that already.
func isDrained(t types.Type) bool {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	switch u := t.Underlying().(type) {
	case *types.Chan:
		s, ok := u.Elem().Underlying().(*types.Struct)
		return u.Dir() != types.SendOnly && (!ok || s.NumFields() > 0)
	case *types.Signature:
		return isIterator(u)
	}
	return !types.IsInterface(t) && isStream(t)
}

// isIterator reports whether a function is one that range takes: func(yield func(…) bool).
func isIterator(s *types.Signature) bool {
	if s.Params().Len() != 1 || s.Results().Len() != 0 {
		return false
	}
	yield, ok := s.Params().At(0).Type().Underlying().(*types.Signature)
	return ok && yield.Results().Len() == 1 && types.Identical(yield.Results().At(0).Type(), types.Typ[types.Bool])
}
