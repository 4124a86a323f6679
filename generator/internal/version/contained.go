package version

import (
	"maps"
	"slices"
	"strings"
)

// An init function whose only effect is on package variables matters to those who reach the variables, and to them as a writer. One that
// calls for effects elsewhere matters to all who reach its package, and to those who reach what it calls: a codec or driver
// that it registers there. Telling them apart keeps registries of whole programs out of functions that don't ask them.

// findEscapes finds the init functions with effects that are not on package variables. In which order those of a package run decides for
// all whom the effects reach.
func (g *Graph) findEscapes(summaries []*Summary) {
	g.escapes = map[ID]bool{}
	for _, id := range slices.SortedFunc(maps.Keys(g.initialisers), ID.Compare) {
		n := g.nodes[id]
		if n == nil || n.Kind != Init {
			continue
		}
		outside, unknown := g.effectsOutside(n)
		g.escapes[id] = unknown
		for _, called := range outside {
			g.escapes[id] = true
			hidden := ID{called.Package, packageName}
			if !slices.Contains(g.hiddenWriters[hidden], id) {
				g.hiddenWriters[hidden] = append(g.hiddenWriters[hidden], id)
			}
		}
	}
	for _, s := range summaries {
		escaping := slices.DeleteFunc(slices.Clone(s.Initialisers), func(id ID) bool { return !g.escapes[id] })
		if len(escaping) < 2 {
			continue
		}
		order := g.addOrder(s.Path, "effects", escaping)
		affected := []ID{{s.Path, packageName}}
		for hidden, writers := range g.hiddenWriters {
			if slices.ContainsFunc(escaping, func(id ID) bool { return slices.Contains(writers, id) }) {
				affected = append(affected, hidden)
			}
		}
		for _, id := range affected {
			g.orders[id] = append(g.orders[id], order)
		}
	}
}

// effectsOutside are the functions outside that a node calls for their effects, itself or by what it calls, and that may remember what they
// are called with. If it calls function values, more may happen that is unknown.
func (g *Graph) effectsOutside(n *Node) (found []ID, unknown bool) {
	seen := map[ID]bool{n.ID: true}
	queue := []*Node{n}
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		for _, id := range n.Performs {
			if g.remembers(id) {
				found = append(found, id)
			}
		}
		unknown = unknown || n.Flow != nil && slices.ContainsFunc(n.Flow.Calls, func(c Call) bool { return c.Callee == ID{} && c.Interface == nil })
		for _, e := range n.Edges {
			if to := g.nodes[e.To]; to != nil && to.Kind == Function && e.Reason == Calls && !seen[e.To] {
				seen[e.To] = true
				queue = append(queue, to)
			}
		}
	}
	return found, unknown
}

// remembers reports whether a function outside may keep what it is called with, or change what others see. Of the standard library this is
// known; of other modules nothing is.
func (g *Graph) remembers(id ID) bool {
	p := g.packages[id.Package]
	if p == nil || !p.standard {
		return p != nil && !p.local
	}
	if names, ok := remembering[id.Package]; ok {
		return slices.ContainsFunc(names, func(name string) bool { return strings.HasPrefix(id.Name, name) })
	}
	return false
}

// remembering are the functions of the standard library that do, by package and the beginning of their names.
var remembering = map[string][]string{
	"archive/zip":   {"Register"},
	"context":       {"AfterFunc"},
	"crypto":        {"RegisterHash"},
	"database/sql":  {"Register"},
	"encoding/gob":  {"Register"},
	"expvar":        {"Publish", "New"},
	"image":         {"RegisterFormat"},
	"math/rand":     {"Seed"},
	"mime":          {"AddExtensionType"},
	"net/http":      {"Handle", "HandleFunc", "Transport.RegisterProtocol"},
	"os":            {"Setenv", "Unsetenv", "Clearenv", "Chdir", "WriteFile", "Remove", "Mkdir", "Create", "Rename", "Exit"},
	"os/signal":     {"Notify", "Ignore"},
	"runtime":       {"GOMAXPROCS", "SetFinalizer", "AddCleanup"},
	"runtime/debug": {"Set"},
	"syscall":       {""},
	"testing":       {"Init"},
	"time":          {"AfterFunc"},
}
