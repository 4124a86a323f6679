package closure

import (
	"github.com/cachegen/cachegen/generator/internal/version/facts"
	"github.com/cachegen/cachegen/generator/internal/version/stdmodel"
)

// findTypeParams finds for each function and type the type parameters whose methods can be called.
func (g *Graph) findTypeParams() {
	g.methodsMatter = map[facts.ID]map[int]facts.TypeParamUse{}
	for changed := true; changed; {
		changed = false
		for _, n := range g.sorted {
			for _, use := range n.TypeParams {
				if use.Callee != (facts.ID{}) && !g.matters(use.Callee, use.Index) {
					continue
				}
				for _, owner := range []facts.ID{n.ID, n.Receiver} {
					if owner == (facts.ID{}) {
						continue
					}
					if g.methodsMatter[owner] == nil {
						g.methodsMatter[owner] = map[int]facts.TypeParamUse{}
					}
					if _, known := g.methodsMatter[owner][use.Param]; !known {
						g.methodsMatter[owner][use.Param] = use
						changed = true
					}
				}
			}
		}
	}
}

// MethodsMatter is where the function may call methods of what its type parameter at i stands for.
func (c *Closure) MethodsMatter(i int) (facts.TypeParamUse, bool) {
	use, ok := c.g.methodsMatter[c.function()][i]
	return use, ok
}

// matters reports whether a generic function or type may call methods of a type argument. Those of the standard library that are
// known not to are left out; of other modules nothing is known.
func (g *Graph) matters(callee facts.ID, index int) bool {
	p := g.packages[callee.Package]
	if p == nil || p.Local {
		_, ok := g.methodsMatter[callee][index]
		return ok
	}
	return !stdmodel.CallsNoMethods(callee.Package)
}
