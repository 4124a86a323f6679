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
	// Rule is the number of the rule of docs/analysis.md by which it counts.
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
	e := explainer{closure: c, self: selfNames(c.function()), index: map[facts.ID]int{}}
	for _, id := range e.breadthFirst() {
		e.add(id)
	}
	return e.found
}

// explainer describes definitions.
type explainer struct {
	closure *Closure
	self    map[facts.ID]facts.ID
	index   map[facts.ID]int
	found   []Definition
}

// breadthFirst lists what was reached: each definition after the one that leads to it, the same each time.
func (e *explainer) breadthFirst() []facts.ID {
	children := map[facts.ID][]facts.ID{}
	var order []facts.ID
	for id, s := range e.closure.reached {
		if s.from == nil {
			order = append(order, id)
			continue
		}
		children[s.from.ID] = append(children[s.from.ID], id)
	}
	slices.SortFunc(order, facts.ID.Compare)
	for i := 0; i < len(order); i++ {
		next := children[order[i]]
		slices.SortFunc(next, facts.ID.Compare)
		order = append(order, next...)
	}
	return order
}

func (e *explainer) add(id facts.ID) {
	s := e.closure.reached[id]
	n := e.closure.Node(id)
	if n == nil {
		n = &facts.Node{ID: id, Kind: facts.Outside}
	}
	d := Definition{
		Name: displayName(id), Kind: n.Kind.String(), File: n.File, Line: n.Line, Column: n.Column, Lines: n.Lines,
		From: -1, Content: n.Parts,
	}
	if n.Kind.Content() {
		sum := facts.LocalHash(n, e.self)
		d.Hash = hex.EncodeToString(sum[:8])
	}
	if s.from != nil {
		d.From = e.index[s.from.ID]
		d.Reason, d.Rule = s.edge.Reason.String(), s.edge.Reason.Rule()
		if at := s.from.At(s.edge); at.IsValid() {
			d.Place = Place{at.Filename, at.Line, at.Column}
		}
	}
	e.index[id] = len(e.found)
	e.found = append(e.found, d)
}

// Directories returns the directories with code of what was reached, sorted: those of the user's packages, and of vendored ones.
func (c *Closure) Directories() []string {
	var dirs []string
	for id := range c.reached {
		if p := c.g.packages[id.Package]; p != nil && (p.Local || p.Vendored) && p.Dir != "" {
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
