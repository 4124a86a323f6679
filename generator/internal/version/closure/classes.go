package closure

import (
	"slices"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// Where a function passes values to another of the user's, they meet as that one lets them meet: what it returns may be what it was given
// at one place and not what it was given at another. So classes of a caller are united by those of the callee (Steensgaard's unification
// from the bottom up), until nothing changes.

// findClasses unites the classes of all functions.
func (g *Graph) findClasses() {
	g.classes = map[facts.ID][]int{}
	var queue []*facts.Node
	queued := map[facts.ID]bool{}
	for _, n := range g.sorted {
		if n.Flow == nil {
			continue
		}
		classes := make([]int, n.Flow.Classes)
		for i := range classes {
			classes[i] = i
		}
		g.classes[n.ID] = classes
		queue = append(queue, n)
		queued[n.ID] = true
	}
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		queued[n.ID] = false
		if !g.uniteCalls(n) {
			continue
		}
		for _, caller := range g.callers[n.ID] {
			if !queued[caller.ID] {
				queued[caller.ID] = true
				queue = append(queue, caller)
			}
		}
	}
	for _, classes := range g.classes {
		for i := range classes {
			classes[i] = find(classes, i)
		}
	}
}

// uniteCalls unites what meets in the functions that n calls, and reports whether that is more than before.
func (g *Graph) uniteCalls(n *facts.Node) bool {
	changed := false
	for k := range n.Flow.Calls {
		call := &n.Flow.Calls[k]
		if p := g.packages[call.Callee.Package]; p != nil && p.Local {
			changed = g.uniteCall(g.classes[n.ID], call) || changed
		}
	}
	return changed
}

// uniteCall unites the arguments and results of a call that are one class in the callee. Of a callee whose body is not known, all are.
func (g *Graph) uniteCall(classes []int, call *facts.Call) bool {
	callee := g.nodes[call.Callee]
	known := callee != nil && callee.Flow != nil
	changed := false
	met := map[int]int{} // the caller's class by the callee's
	meet := func(their, mine int) {
		if their == facts.None || mine == facts.None {
			return
		}
		if known {
			their = find(g.classes[call.Callee], their)
		}
		if other, ok := met[their]; ok {
			changed = unite(classes, mine, other) || changed
			return
		}
		met[their] = mine
	}
	if !known {
		for _, class := range slices.Concat(call.Args, []int{call.Results}) {
			meet(0, class)
		}
		return changed
	}
	meet(callee.Flow.Returns, call.Results)
	for i, class := range call.Args {
		if last := len(callee.Flow.Params) - 1; last >= 0 {
			meet(callee.Flow.Params[min(i, last)], class) // the last is what a variadic function takes
		}
	}
	return changed
}

func find(classes []int, class int) int {
	for classes[class] != class {
		classes[class] = classes[classes[class]]
		class = classes[class]
	}
	return class
}

// unite makes one class of two, and reports whether they were two.
func unite(classes []int, a, b int) bool {
	a, b = find(classes, a), find(classes, b)
	classes[a] = b
	return a != b
}

// storesParam reports whether a variable and a parameter of a function are in one class.
func (g *Graph) storesParam(n *facts.Node, variable facts.ID) bool {
	classes := g.classes[n.ID]
	for _, h := range n.Flow.Globals {
		if h.ID != variable || h.Class == facts.None {
			continue
		}
		for _, class := range n.Flow.Params {
			if class != facts.None && classes[class] == classes[h.Class] {
				return true
			}
		}
	}
	return false
}
