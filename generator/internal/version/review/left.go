package review

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// mostNamed is how many fields a warning names.
const mostNamed = 3

// leftOut warns of data that decides results and that the key leaves out: fields of what ignore and key make a dependency. Data that functions
// read which were reviewed does not count, nor what the key is made of.
func (r *reviewer) leftOut() {
	if r.isReviewed() {
		return
	}
	for i, p := range r.f.Params {
		var read []facts.Data
		var first facts.ID
		place := ""
		for _, d := range p.LeftOut {
			id, at, ok := r.reads(i, d)
			if !ok {
				continue
			}
			if read = append(read, d); len(read) == 1 {
				first, place = id, at
			}
		}
		if len(read) > 0 {
			r.warnf(first, "ignored", "results may depend on %s, which the key leaves out: %s%s; %s, or say reviewed if no result depends on it",
				named(read), r.calls(first), place, r.keyWith(i, read))
		}
	}
}

// filled warns of parameters that the key leaves out and that the function fills for others, which a hit would not do. What it reads itself there it
// keeps for itself: a map of what it found before, a count.
func (r *reviewer) filled() {
	if r.isReviewed() {
		return
	}
	for i, p := range r.f.Params {
		if p.Keyed || p.Context {
			continue
		}
		if w := r.c.Fills(r.root, i); w != nil {
			r.warnf(r.root, "ignored", "%s fills what %s leads to, which a hit would not do: %s; return what it makes instead, or say reviewed if nobody looks for it there",
				r.name(r.root), parameterName(p, i), r.writeChain(*w))
		}
	}
}

// reads finds who reads data of a parameter, and where: "" where it is plain to see.
func (r *reviewer) reads(param int, d facts.Data) (reader facts.ID, place string, ok bool) {
	if d.Location == "" {
		return r.root, "", true
	}
	if !r.c.Reads(r.root, param, d) || slices.ContainsFunc(r.f.KeyedBy, func(id facts.ID) bool { return r.c.ReadsAny(id, d) }) {
		return facts.ID{}, "", false
	}
	for _, id := range r.order {
		if n := r.c.Node(id); n == nil || n.Reviewed {
			continue
		}
		if at, ok := r.c.ReadIn(id, d); ok {
			return id, fmt.Sprintf(" (%s:%d:%d)", baseName(at.Filename), at.Line, at.Column), true
		}
	}
	return facts.ID{}, "", false
}

// calls tells by which calls a function is reached, without places.
func (r *reviewer) calls(id facts.ID) string {
	chain, _, _ := strings.Cut(r.chain(id), " (")
	return chain
}

// named are the first of the fields, and how many more there are.
func named(read []facts.Data) string {
	var names []string
	for _, d := range read[:min(len(read), mostNamed)] {
		names = append(names, d.Path)
	}
	if more := len(read) - mostNamed; more > 0 {
		names = append(names, fmt.Sprintf("%d more", more))
	}
	return enumerate(names)
}

// enumerate joins names as a sentence does.
func enumerate(names []string) string {
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
	return strings.Join(names, "")
}

// keyWith is the way to have data of a parameter in the key: in a list, if it can name all inputs; otherwise one that goes with the function's options.
func (r *reviewer) keyWith(param int, read []facts.Data) string {
	reachable := !slices.ContainsFunc(read, func(d facts.Data) bool { return !d.Reachable })
	switch {
	case len(read) <= mostNamed && reachable && r.f.Listed:
		var list []string
		for _, d := range read {
			list = append(list, d.Path)
		}
		return "have it in the key with key=" + strings.Join(append(list, r.f.KeyList...), ",")
	case r.f.ByFunction:
		return "have what identifies the result in the key with key=fn"
	case r.f.ByReceiver && param == 0:
		return "keep a cache for each value with per=receiver"
	}
	return "have it in the key as a parameter of its own"
}
