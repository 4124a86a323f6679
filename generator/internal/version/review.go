package version

import (
	"fmt"
	"go/token"
	"path"
	"slices"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/diag"
)

// reviewer says what of a closure a version does not vouch for. Where the version is generous with what may be reached, it is not: it
// follows calls, and methods only if something calls a method of that name.
type reviewer struct {
	c    *closure
	root ID
	f    *Cached
	// dynamic are the names of the methods that are called through interfaces.
	dynamic map[string]bool
	steps   map[ID]step
	order   []ID
	found   []diag.Diagnostic
}

// review returns the errors and warnings for a function.
func (c *closure) review(fn ID, f *Cached) []diag.Diagnostic {
	r := &reviewer{c: c, root: fn, f: f, dynamic: map[string]bool{}, steps: map[ID]step{}}
	r.findDynamicCalls()
	r.walk()
	r.parameterWrites()
	r.typeParameters()
	r.contextValues()
	r.otherWrappers()
	r.ownWrapper()
	if !r.isReviewed() && !f.Overridden {
		r.unseen()
	}
	return r.found
}

// isReviewed reports whether somebody says that what the function does beyond its inputs is no input of its results.
func (r *reviewer) isReviewed() bool {
	n := r.c.node(r.root)
	return r.f.Reviewed || n != nil && n.Reviewed
}

func (r *reviewer) findDynamicCalls() {
	for _, name := range usual {
		r.dynamic[name] = true
	}
	for id := range r.c.reached {
		n := r.c.node(id)
		if n == nil || n.Flow == nil {
			continue
		}
		for i := range n.Flow.Calls {
			if call := &n.Flow.Calls[i]; call.Interface != nil {
				r.dynamic[call.Method] = true
			}
		}
	}
}

// walk finds the shortest chains of calls from the function, stopping at what was reviewed.
func (r *reviewer) walk() {
	r.steps[r.root] = step{}
	queue := []ID{r.root}
	for len(queue) > 0 {
		id := queue[0]
		queue = queue[1:]
		r.order = append(r.order, id)
		n := r.c.node(id)
		if n == nil || n.Reviewed && id != r.root {
			continue
		}
		for _, e := range slices.Concat(n.Edges, r.c.added[id]) {
			if _, known := r.steps[e.To]; known || !r.follows(n, e) {
				continue
			}
			r.steps[e.To] = step{n, e}
			queue = append(queue, e.To)
		}
	}
}

// follows reports whether an edge is part of a chain that is worth telling.
func (r *reviewer) follows(n *Node, e Edge) bool {
	if _, ok := r.c.reached[e.To]; !ok {
		return false
	}
	switch e.Reason {
	case WrittenBy, RunsInit, ByReflection, HandsOut, BuiltWith, ReturnsValue, KeyedBy:
		return false
	case ImplementedBy:
		// Function values have few signatures between many: that one may be another is not worth telling.
		return !strings.HasPrefix(e.To.Name, choicePrefix+"functions ")
	case HasMethod:
		return r.dynamic[e.To.Name[strings.IndexByte(e.To.Name, '.')+1:]]
	}
	return true
}

// errorf reports an error at the name of the function, or if there is a chain where it begins.
func (r *reviewer) errorf(at ID, category, format string, args ...any) {
	r.found = append(r.found, diag.Diagnostic{
		Pos: r.begins(at), Category: category, Message: fmt.Sprintf(format, args...), Function: r.f.Name,
	})
}

func (r *reviewer) warnf(at ID, category, format string, args ...any) {
	r.errorf(at, category, format, args...)
	r.found[len(r.found)-1].Severity = diag.Warning
}

// begins is the place in the function at which the chain to a node begins.
func (r *reviewer) begins(id ID) token.Position {
	for id != r.root {
		s, ok := r.steps[id]
		if !ok || s.from == nil {
			break
		}
		if s.from.ID == r.root {
			return s.from.At(s.edge)
		}
		id = s.from.ID
	}
	return r.f.Pos
}

// chain tells how a node is reached: "Forecast calls fetch calls time.Now (weather.go:12)".
func (r *reviewer) chain(id ID) string {
	var names []string
	place := ""
	for at := id; at != r.root; {
		s, ok := r.steps[at]
		if !ok || s.from == nil {
			break
		}
		if p := s.from.At(s.edge); place == "" && p.IsValid() {
			place = fmt.Sprintf(" (%s:%d:%d)", baseName(p.Filename), p.Line, p.Column)
		}
		if kind := r.kind(at); kind != Methods && kind != Implementations {
			names = append(names, r.name(at))
		}
		at = s.from.ID
	}
	names = append(names, r.name(r.root))
	slices.Reverse(names)
	return strings.Join(names, " → ") + place
}

func (r *reviewer) kind(id ID) Kind {
	if n := r.c.node(id); n != nil {
		return n.Kind
	}
	return Outside
}

// name is an ID as code in the function's package writes it.
func (r *reviewer) name(id ID) string {
	if id.Package == r.root.Package {
		id.Package = ""
	} else {
		id.Package = packageBase(id.Package)
	}
	switch {
	case strings.HasPrefix(id.Name, literalPrefix):
		id.Name = "a function literal"
	case strings.HasPrefix(id.Name, initPrefix), strings.HasPrefix(id.Name, blankPrefix):
		id.Name = "init"
	case strings.HasPrefix(id.Name, partPrefix):
		id.Name = "main"
	case strings.HasPrefix(id.Name, wrapperPrefix):
		id.Name = strings.TrimPrefix(id.Name, wrapperPrefix)
	}
	return id.String()
}

// packageBase is what a package is probably called.
func packageBase(importPath string) string {
	base := path.Base(importPath)
	if len(base) > 1 && base[0] == 'v' && strings.Trim(base[1:], "0123456789") == "" && strings.Contains(importPath, "/") {
		base = path.Base(path.Dir(importPath))
	}
	return base
}

// unseen warns of what no version can see, once for each kind.
func (r *reviewer) unseen() {
	told := map[string]bool{}
	for _, id := range r.order {
		s, more := sourceOf(id), ""
		if s == nil {
			var writer *Node
			if s, writer = r.stateOf(id); s != nil {
				more = "; " + r.name(writer.ID) + " writes to it"
			}
		}
		if s == nil || told[s.category] {
			continue
		}
		told[s.category] = true
		r.warnf(id, s.category, "results may depend on %s, which is in no version: %s%s; %s, or mark a function on the way //cache:reviewed",
			s.what, r.chain(id), more, s.remedy)
	}
}

// stateOf tells what a variable of the user's is that does not hold the same wherever the function runs, and who writes to it; nil for any
// other.
func (r *reviewer) stateOf(id ID) (*source, *Node) {
	n := r.c.node(id)
	if n == nil || n.Kind != Variable || n.Reviewed || n.Synchroniser {
		return nil, nil
	}
	if w := r.lateWriter(id); w != nil {
		return &state, w
	}
	for _, init := range r.c.g.initialWriters[id] {
		p, w := r.c.g.packages[init.Package], r.c.g.nodes[init]
		if p != nil && p.program && init.Package != r.root.Package && !w.Reviewed && r.c.together(init.Package) {
			return &perProgram, w
		}
	}
	return nil, nil
}

// lateWriter is a node that writes to a variable and can run after initialisation.
func (r *reviewer) lateWriter(variable ID) *Node {
	for _, w := range r.c.g.writers[variable] {
		n := w.node
		if n.Kind == Function && !n.Reviewed && r.c.g.runsLate(n.ID) && r.c.together(n.ID.Package) {
			return n
		}
	}
	return nil
}

// runsLate reports whether a function can run when packages are initialised already: not if all that lead to it are initialisers.
func (g *Graph) runsLate(fn ID) bool {
	seen := map[ID]bool{}
	var visit func(id ID) bool
	visit = func(id ID) bool {
		if seen[id] || g.initialisers[id] {
			return false
		}
		seen[id] = true
		if len(g.mentions[id]) == 0 {
			return true // exported, a method, or main
		}
		return slices.ContainsFunc(g.mentions[id], visit)
	}
	return visit(fn)
}
