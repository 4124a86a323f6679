package version

import (
	"github.com/cachegen/cachegen/generator/internal/version/closure"
	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// Kinds of edges, in the order in which deep would give them up if it were to be unsound.
const (
	byCall = iota
	byConversion
	byInitialiser
	byWriter
	byInjection // and by reflection
	layers
)

func layerOf(r facts.Reason) int {
	switch r {
	case facts.Converts, facts.TypeArgument, facts.HasMethod, facts.Contains, facts.ReturnsValue:
		return byConversion
	case facts.RunsInit:
		return byInitialiser
	case facts.WrittenBy:
		return byWriter
	case facts.ImplementedBy, facts.HandsOut, facts.ByReflection:
		return byInjection
	}
	return byCall
}

// arrivals says of all that is reached by which kinds of edges it is at least: of all paths it is the one whose last kind comes first.
func arrivals(c *closure.Closure) map[facts.ID]arrival {
	edges := c.Edges()
	found := map[facts.ID]arrival{}
	queues := make([][]facts.ID, layers)
	add := func(id facts.ID, a arrival) {
		if known, ok := found[id]; !ok || a.layer < known.layer {
			found[id] = a
			queues[a.layer] = append(queues[a.layer], id)
		}
	}
	add(c.Root().ID, arrival{})
	for layer := range layers {
		for i := 0; i < len(queues[layer]); i++ {
			id := queues[layer][i]
			at := found[id]
			if at.layer < layer {
				continue
			}
			for _, e := range edges[id] {
				if l := layerOf(e.Reason); l > at.layer {
					add(e.To, arrival{layer: l, gate: gate{id, e.Reason, e.To}})
				} else {
					add(e.To, at)
				}
			}
		}
	}
	for id, a := range found {
		n := c.Node(id)
		if n == nil || !n.Kind.Content() {
			delete(found, id)
			continue
		}
		a.hash = n.HashAs(nil)
		found[id] = a
	}
	return found
}
