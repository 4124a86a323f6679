package closure

import (
	"crypto/sha256"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// wrapper makes the node of what is generated for a function: it does what the function does, calls the functions that
// options name, and encodes keys and results. The second node is the version of an overriding one, or nil.
func (g *Graph) wrapper(root facts.Root) (wrapper, fixed *facts.Node) {
	fn := root.Func
	wrapper = &facts.Node{ID: fn.Prefixed(facts.WrapperPrefix), Kind: facts.Wrapper}
	if f := g.nodes[fn]; f != nil {
		wrapper.File, wrapper.Line, wrapper.Column = f.File, f.Line, f.Column
	}
	edges := map[facts.ID]bool{}
	add := func(to facts.ID, reason facts.Reason) {
		if !edges[to] {
			edges[to] = true
			wrapper.Edges = append(wrapper.Edges, facts.Edge{To: to, Reason: reason})
		}
	}
	add(fn, facts.Wraps)
	for _, f := range root.Functions {
		add(f.ID, facts.KeyedBy)
	}
	for _, asked := range root.Asked {
		for _, t := range g.implementations.types {
			if m, ok := t.Method(asked.Method); ok && m.Func != (facts.ID{}) && t.Has(asked.Names) {
				add(m.Func, facts.KeyedBy)
			}
		}
	}
	for _, id := range root.Encoded {
		add(id, facts.ReturnsValue)
	}
	if root.Override != "" {
		fixed = &facts.Node{ID: fn.Prefixed(facts.FixedPrefix), Kind: facts.Fixed, File: wrapper.File, Line: wrapper.Line, Column: wrapper.Column}
		fixed.Skeleton = sha256.Sum256([]byte(root.Override))
		fixed.Parts = []facts.Part{{Name: "version", Value: root.Override}}
		add(fixed.ID, facts.Wraps)
	}
	return wrapper, fixed
}

// addWrapper makes the wrapper of a function known to those who call it.
func (g *Graph) addWrapper(root facts.Root) {
	wrapper, fixed := g.wrapper(root)
	g.nodes[wrapper.ID] = wrapper
	g.cached[wrapper.ID] = root.Cached
	if fixed != nil {
		g.nodes[fixed.ID] = fixed
	}
}
