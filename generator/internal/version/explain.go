package version

import (
	"encoding/hex"
	"slices"
	"strings"
)

// Explanation is what a version is made of and why each part is in it, as plain data: two of them can be compared. Its JSON form is what
// cachegen why -json prints.
type Explanation struct {
	Function string   `json:"function"`
	Version  string   `json:"version"`
	Modules  []string `json:"modules"`
	Platform bool     `json:"platform"`
	// Parts are the definitions that the version is a hash of, and what leads to them, each after the one that leads to it by a shortest
	// path. The first is the function's wrapper or, under policy body, the function.
	Parts []Definition `json:"parts"`
	// Warnings tell what the function reaches that no version can see.
	Warnings []string `json:"warnings,omitempty"`
}

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
	// Content describes the definition: its signature, the hash of its body, the constants that it mentions.
	Content []Part `json:"content,omitempty"`
}

// Place is a line of a file.
type Place struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

// Explain says what the version is made of.
func (v *Version) Explain() *Explanation {
	x := &Explanation{
		Function: v.root.String(), Version: v.Hash, Modules: append([]string{}, v.Modules...), Platform: v.Platform,
	}
	e := explainer{closure: v.closure, self: selfNames(v.root), index: map[ID]int{}, explanation: x}
	for _, id := range e.breadthFirst() {
		e.add(id)
	}
	return x
}

// explainer writes an explanation.
type explainer struct {
	closure     *closure
	self        map[ID]ID
	index       map[ID]int
	explanation *Explanation
}

// breadthFirst lists what was reached: each definition after the one that leads to it, the same each time.
func (e *explainer) breadthFirst() []ID {
	children := map[ID][]ID{}
	var order []ID
	for id, s := range e.closure.reached {
		if s.from == nil {
			order = append(order, id)
			continue
		}
		children[s.from.ID] = append(children[s.from.ID], id)
	}
	slices.SortFunc(order, ID.Compare)
	for i := 0; i < len(order); i++ {
		next := children[order[i]]
		slices.SortFunc(next, ID.Compare)
		order = append(order, next...)
	}
	return order
}

func (e *explainer) add(id ID) {
	s := e.closure.reached[id]
	n := e.closure.node(id)
	if n == nil {
		n = &Node{ID: id, Kind: Outside}
	}
	d := Definition{
		Name: displayName(id), Kind: n.Kind.String(), File: n.File, Line: n.Line, Column: n.Column, Lines: n.Lines,
		From: -1, Content: n.Parts,
	}
	if n.Kind.content() {
		sum := localHash(n, e.self)
		d.Hash = hex.EncodeToString(sum[:8])
	}
	if s.from != nil {
		d.From = e.index[s.from.ID]
		d.Reason = s.edge.Reason.String()
		if at := s.from.At(s.edge); at.IsValid() {
			d.Place = Place{at.Filename, at.Line, at.Column}
		}
	}
	e.index[id] = len(e.explanation.Parts)
	e.explanation.Parts = append(e.explanation.Parts, d)
}

// Directories returns the directories that the version was made from, sorted: those of the user's packages, and of vendored ones.
func (v *Version) Directories() []string {
	var dirs []string
	for id := range v.closure.reached {
		if p := v.closure.g.packages[id.Package]; p != nil && (p.local || p.vendored) && p.dir != "" {
			dirs = append(dirs, p.dir)
		}
	}
	slices.Sort(dirs)
	return slices.Compact(dirs)
}

// displayName is what users call a definition, without what tells it from others of another kind.
func displayName(id ID) string {
	if i := strings.IndexByte(id.Name, ')'); strings.HasPrefix(id.Name, "(") && i >= 0 {
		id.Name = id.Name[i+1:]
	}
	if id.Name == "" {
		return id.Package
	}
	return id.String()
}
