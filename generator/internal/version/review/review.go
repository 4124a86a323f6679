package review

import (
	"fmt"
	"go/token"
	"path"
	"slices"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/diag"
	"github.com/cachegen/cachegen/generator/internal/version/closure"
	"github.com/cachegen/cachegen/generator/internal/version/facts"
	"github.com/cachegen/cachegen/generator/internal/version/stdmodel"
)

// reviewer says what of a closure a version does not vouch for. Where the version is generous with what may be reached, it is not: it
// follows calls, and methods only if something calls a method of that name.
type reviewer struct {
	c    *closure.Closure
	root facts.ID
	f    *facts.Cached
	// dynamic are the names of the methods that are called through interfaces.
	dynamic map[string]bool
	steps   map[facts.ID]step
	order   []facts.ID
	found   []diag.Diagnostic
}

// step is an edge of a chain.
type step struct {
	from *facts.Node
	edge facts.Edge
}

// review returns the errors and warnings for a function.
func Of(c *closure.Closure, fn facts.ID, f *facts.Cached) []diag.Diagnostic {
	r := &reviewer{c: c, root: fn, f: f, dynamic: map[string]bool{}, steps: map[facts.ID]step{}}
	r.findDynamicCalls()
	r.walk()
	r.parameterWrites()
	r.behind()
	r.typeParameters()
	if !r.otherWrappers() { // vary, which it asks for, is the answer to both
		r.contextValues()
	}
	r.identities()
	r.ownWrapper()
	r.leftOut()
	r.filled()
	if !r.isReviewed() && !f.Overridden {
		r.unseen()
	}
	return r.found
}

// isReviewed reports whether somebody says that what the function does beyond its inputs is no input of its results.
func (r *reviewer) isReviewed() bool {
	n := r.c.Node(r.root)
	return r.f.Reviewed || n != nil && n.Reviewed
}

func (r *reviewer) findDynamicCalls() {
	for _, name := range stdmodel.UsualMethods {
		r.dynamic[name] = true
	}
	for n := range r.c.All() {
		if n.Flow == nil {
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
	queue := []facts.ID{r.root}
	for len(queue) > 0 {
		id := queue[0]
		queue = queue[1:]
		r.order = append(r.order, id)
		n := r.c.Node(id)
		if n == nil || n.Reviewed && id != r.root {
			continue
		}
		for _, e := range r.c.EdgesOf(n) {
			if _, known := r.steps[e.To]; known || !r.follows(n, e) {
				continue
			}
			r.steps[e.To] = step{n, e}
			queue = append(queue, e.To)
		}
	}
}

// follows reports whether an edge is part of a chain that is worth telling.
func (r *reviewer) follows(n *facts.Node, e facts.Edge) bool {
	if !r.c.Reaches(e.To) {
		return false
	}
	switch e.Reason {
	case facts.WrittenBy, facts.RunsInit, facts.ByReflection, facts.HandsOut, facts.BuiltWith, facts.ReturnsValue, facts.KeyedBy:
		return false
	case facts.ImplementedBy:
		// Function values have few signatures between many: that one may be another is not worth telling.
		return !strings.HasPrefix(e.To.Name, facts.ChoicePrefix+"functions ")
	case facts.HasMethod:
		return r.dynamic[e.To.Name[strings.IndexByte(e.To.Name, '.')+1:]]
	}
	return true
}

// errorf reports an error at the name of the function, or if there is a chain where it begins.
func (r *reviewer) errorf(at facts.ID, category, format string, args ...any) {
	r.found = append(r.found, diag.Diagnostic{
		Pos: r.begins(at), Category: category, Message: fmt.Sprintf(format, args...), Function: r.f.Name,
	})
}

// vouchf reports an error that the option reviewed answers.
func (r *reviewer) vouchf(at facts.ID, category, format string, args ...any) {
	r.errorf(at, category, format, args...)
	r.found[len(r.found)-1].Vouched = true
}

func (r *reviewer) warnf(at facts.ID, category, format string, args ...any) {
	r.errorf(at, category, format, args...)
	r.found[len(r.found)-1].Severity = diag.Warning
}

// begins is the place in the function at which the chain to a node begins.
func (r *reviewer) begins(id facts.ID) token.Position {
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
func (r *reviewer) chain(id facts.ID) string {
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
		if kind := r.kind(at); kind != facts.Methods && kind != facts.Implementations {
			names = append(names, r.name(at))
		}
		at = s.from.ID
	}
	names = append(names, r.name(r.root))
	slices.Reverse(names)
	return arrows(names) + place
}

// mostSteps is how many functions of a chain are named: where it begins, and where it ends.
const mostSteps = 8

// arrows joins the functions of a chain. Of a long one those in the middle are counted; cachegen why names them all.
func arrows(names []string) string {
	if more := len(names) - mostSteps; more > 1 {
		names = slices.Concat(names[:mostSteps/2], []string{fmt.Sprintf("%d more", more)}, names[len(names)-mostSteps/2:])
	}
	return strings.Join(names, " → ")
}

func (r *reviewer) kind(id facts.ID) facts.Kind {
	if n := r.c.Node(id); n != nil {
		return n.Kind
	}
	return facts.Outside
}

// name is an ID as code in the function's package writes it.
func (r *reviewer) name(id facts.ID) string {
	if id.Package == facts.ForeignName {
		method, _, _ := strings.Cut(id.Name, " #")
		return "some " + method
	}
	if strings.HasPrefix(id.Package, "(") { // what code outside does with the values that it gets has no name
		return "code outside"
	}
	if id.Package == r.root.Package {
		id.Package = ""
	} else {
		id.Package = packageBase(id.Package)
	}
	switch {
	case strings.HasPrefix(id.Name, facts.LiteralPrefix):
		id.Name = "a function literal"
	case strings.HasPrefix(id.Name, facts.InitPrefix), strings.HasPrefix(id.Name, facts.BlankPrefix):
		id.Name = "init"
	case strings.HasPrefix(id.Name, facts.PartPrefix):
		id.Name = "main"
	case strings.HasPrefix(id.Name, facts.ContextPrefix):
		id.Name = strings.TrimPrefix(id.Name, facts.ContextPrefix)
	case strings.HasPrefix(id.Name, facts.WrapperPrefix):
		id.Name = strings.TrimPrefix(id.Name, facts.WrapperPrefix)
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
		s, more := stdmodel.UnseenOf(id), ""
		if s == nil {
			var writer *facts.Node
			if s, writer = r.stateOf(id); s != nil {
				more = "; " + r.name(writer.ID) + " writes to it"
			}
		}
		if s == nil || told[s.Category] || s.Aged && (r.f.MaxAge != nil || r.f.MaxAgeByValue) {
			continue
		}
		told[s.Category] = true
		r.warnf(id, s.Category, "results may depend on %s, which is in no version: %s%s; %s, or mark a function on the way //cache:reviewed",
			s.What, r.chain(id), more, s.Remedy)
	}
}

var (
	state      = stdmodel.Unseen{Category: "state", What: "a package variable that is written after initialisation", Remedy: "pass the value as a parameter"}
	perProgram = stdmodel.Unseen{Category: "state", What: "a package variable that a program initialises for itself", Remedy: "pass the value as a parameter"}
)

// stateOf tells what a variable of the user's is that does not hold the same wherever the function runs, and who writes to it; nil for any
// other.
func (r *reviewer) stateOf(id facts.ID) (*stdmodel.Unseen, *facts.Node) {
	n := r.c.Node(id)
	if n == nil || n.Kind != facts.Variable || n.Reviewed || n.Synchroniser {
		return nil, nil
	}
	if w := r.c.LateWriter(id); w != nil {
		return &state, w
	}
	if w := r.c.ProgramWriter(id); w != nil {
		return &perProgram, w
	}
	return nil, nil
}
