package closure

import (
	"encoding/hex"
	"slices"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// Definition is a definition that a function reaches.
type Definition struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
	// Hash is of its canonical form; "" for what only leads to others.
	Hash   string `json:"hash,omitempty"`
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"`
	Lines  int    `json:"lines,omitempty"`
	Column int    `json:"column,omitempty"`
	// From is the index of the definition that leads to it, -1 for the first; Reason says how, at Place.
	From   int    `json:"from"`
	Reason string `json:"reason,omitempty"`
	Place  Place  `json:"place,omitzero"`
	// Rule is the number of the rule of docs/design/analysis.md by which it counts.
	Rule facts.Rule `json:"rule,omitempty"`
	// Content describes the definition: its signature, the hash of its body, the constants that it mentions.
	Content []facts.Part `json:"content,omitempty"`
}

// Place is a line of a file.
type Place struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

// Definitions are what was reached: each after the one that leads to it.
func (c *Closure) Definitions() []Definition {
	e := explainer{closure: c, self: selfNames(c.function()), steps: map[facts.ID]step{}, index: map[facts.ID]int{}}
	for i, v := range c.order {
		e.steps[v.id] = c.steps[i]
	}
	for _, v := range e.breadthFirst() {
		e.add(v)
	}
	return e.found
}

// explainer describes definitions.
type explainer struct {
	closure *Closure
	self    map[facts.ID]facts.ID
	steps   map[facts.ID]step
	index   map[facts.ID]int
	found   []Definition
}

// breadthFirst lists what was reached: each definition after the one that leads to it, the same each time.
func (e *explainer) breadthFirst() []*vertex {
	children := map[facts.ID][]*vertex{}
	var order []*vertex
	for i, v := range e.closure.order {
		if s := e.closure.steps[i]; s.from == nil {
			order = append(order, v)
		} else {
			children[s.from.ID] = append(children[s.from.ID], v)
		}
	}
	byID := func(a, b *vertex) int { return a.id.Compare(b.id) }
	slices.SortFunc(order, byID)
	for i := 0; i < len(order); i++ {
		next := children[order[i].id]
		slices.SortFunc(next, byID)
		order = append(order, next...)
	}
	return order
}

func (e *explainer) add(v *vertex) {
	s := e.steps[v.id]
	n := e.closure.node(v)
	d := Definition{
		Name: displayName(v.id), Kind: n.Kind.String(), File: n.File, Line: n.Line, Column: n.Column, Lines: n.Lines,
		From: -1, Content: n.Parts,
	}
	if n.Kind.Content() {
		sum := n.HashAs(e.self)
		d.Hash = hex.EncodeToString(sum[:8])
	}
	if s.from != nil {
		d.From = e.index[s.from.ID]
		d.Reason, d.Rule = s.edge.Reason.String(), s.edge.Reason.Rule()
		if at := s.from.At(*s.edge); at.IsValid() {
			d.Place = Place{at.Filename, at.Line, at.Column}
		}
	}
	e.index[v.id] = len(e.found)
	e.found = append(e.found, d)
}

// Directories returns the directories with code of what was reached, sorted: those of the user's packages, and of vendored ones.
func (c *Closure) Directories() []string {
	var dirs []string
	seen := map[string]bool{}
	for _, v := range c.order {
		if seen[v.id.Package] {
			continue
		}
		seen[v.id.Package] = true
		if p := c.g.packages[v.id.Package]; p != nil && (p.Local || p.Vendored) && p.Dir != "" {
			dirs = append(dirs, p.Dir)
		}
	}
	slices.Sort(dirs)
	return slices.Compact(dirs)
}

// displayName is what users call a definition, without what tells it from others of another kind.
func displayName(id facts.ID) string {
	if i := strings.IndexByte(id.Name, ')'); strings.HasPrefix(id.Name, "(") && i >= 0 {
		id.Name = id.Name[i+1:]
	}
	if id.Name == "" {
		return id.Package
	}
	return id.String()
}
