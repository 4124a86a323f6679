package review

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/cachegen/cachegen/generator/internal/diag"
	"github.com/cachegen/cachegen/generator/internal/version/closure"
	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// parameterWrites refuses functions that change what their keyed parameters point to: a hit can't. Whether code does that which nobody sees, or that a
// dynamic call may reach, somebody can say who knows.
func (r *reviewer) parameterWrites() {
	params := r.f.Params
	for _, w := range r.c.ParameterWrites(r.root) {
		i := w.Param
		if i >= len(params) || !params[i].Keyed {
			continue
		}
		name := parameterName(params[i], i)
		switch {
		case w.Sure:
			r.errorf(r.root, "write", "%s writes through parameter %s, which a cached result would not do: %s; write to a copy%s, or return what it makes instead",
				r.name(r.root), name, r.writeChain(w), r.withoutReceiver(i))
		case !r.isReviewed():
			r.vouchf(r.root, "write", "%s may write through parameter %s, which a cached result would not do: %s; say reviewed if it does not, or pass on a copy",
				r.name(r.root), name, r.writeChain(w))
		}
	}
}

// withoutReceiver is the way out that a receiver has which is written to: it may be what the method works with, such as its own statistics.
func (r *reviewer) withoutReceiver(param int) string {
	if param > 0 || !strings.Contains(r.root.Name, ".") {
		return ""
	}
	return ", leave it out with ignore=receiver if nothing in it decides the result"
}

// writeChain tells by which calls a write happens, and where.
func (r *reviewer) writeChain(w closure.Write) string {
	names := []string{r.name(r.root)}
	for _, id := range w.Through {
		names = append(names, r.name(id))
	}
	chain := arrows(names)
	if w.Pos.IsValid() {
		chain += fmt.Sprintf(" (%s:%d:%d)", baseName(w.Pos.Filename), w.Pos.Line, w.Pos.Column)
	}
	return chain
}

// behind refuses interfaces in inputs that nothing with a key can be in: no call would find what it kept.
func (r *reviewer) behind() {
	for _, b := range r.f.Behind {
		if r.c.HasData(b.Names) {
			continue
		}
		r.found = append(r.found, diag.Diagnostic{
			Pos: b.Pos, Category: "input", Function: r.f.Name,
			Message: fmt.Sprintf("%s is an interface, and no type here that could be in it has a key: behaviour that callers bring is in no version; %s",
				b.Path, b.Ways),
		})
	}
}

// contextValues refuses to look into contexts, which are in no key.
func (r *reviewer) contextValues() {
	if r.isReviewed() || len(r.f.Vary) > 0 {
		return
	}
	for _, id := range r.order {
		if strings.HasPrefix(id.Name, facts.ContextPrefix) {
			r.vouchf(id, "context", "%s looks into its context, which is in no key: %s; name what it says with vary=, or mark it //cache:reviewed if no result depends on it",
				r.name(r.root), r.chain(id))
			return
		}
	}
}

// identities refuses functions that tell what is in keyed parameters apart by address: equal inputs share a result.
func (r *reviewer) identities() {
	if r.isReviewed() {
		return
	}
	told := map[string]bool{}
	for _, id := range r.order {
		n := r.c.Node(id)
		if n == nil || n.Reviewed {
			continue
		}
		for _, use := range n.Identities {
			for i, p := range r.f.Params {
				if !p.Keyed || !p.Points.Meets(use.Reach) {
					continue
				}
				name := parameterName(p, i)
				if told[name] {
					continue
				}
				told[name] = true
				at := n.At(facts.Edge{Line: use.Line, Column: use.Column})
				r.vouchf(id, "identity", "%s tells what is in parameter %s apart by its address or capacity, but equal inputs share a result: %s (%s:%d:%d); compare what is pointed to, or say reviewed if no result depends on it",
					r.name(r.root), name, r.chain(id), baseName(at.Filename), at.Line, at.Column)
			}
		}
	}
}

// parameterName is what a parameter is called in messages: its name, or its number if it has none.
func parameterName(p facts.Parameter, i int) string {
	if p.Name == "" || p.Name == "_" {
		return fmt.Sprint(i + 1)
	}
	return p.Name
}

// otherWrappers refuses to reach a wrapper that asks for more than this function does: what that
// one keeps apart, this one would mix. It reports whether one of them varies by what the context
// says and this function does not.
func (r *reviewer) otherWrappers() (varies bool) {
	asked := map[string]bool{}
	own := r.root.Prefixed(facts.WrapperPrefix)
	for _, id := range r.order {
		other := r.c.Cached(id)
		if other == nil || id == own || other.Vary == nil && other.Policies == nil && !other.PerRun &&
			other.MaxAge == nil && len(other.Tags) == 0 {
			continue
		}
		varies = r.widen(id, other, asked) || varies
	}
	return varies
}

// widen refuses what another function's wrapper asks for and this function has not, unless it was
// asked for already. It reports whether vary is among that.
func (r *reviewer) widen(id facts.ID, theirs *facts.Cached, asked map[string]bool) (varies bool) {
	mine := r.f
	first := func(option string) bool {
		known := asked[option]
		asked[option] = true
		return !known
	}
	missing := func(option string, have, want []facts.ID) []string {
		var names []string
		for _, w := range want {
			if name := r.name(w); !slices.Contains(have, w) && first(option+"="+name) {
				names = append(names, name)
			}
		}
		return names
	}
	if names := missing("vary", mine.Vary, theirs.Vary); names != nil {
		varies = true
		r.errorf(id, "vary", "%s needs vary=%s as well, because %s varies by that: %s", r.name(r.root), strings.Join(names, ","), r.name(id), r.chain(id))
	}
	if names := missing("policy", mine.Policies, theirs.Policies); names != nil {
		r.errorf(id, "policy", "%s needs policy=%s as well, because %s has it: %s", r.name(r.root), strings.Join(names, ","), r.name(id), r.chain(id))
	}
	if theirs.PerRun && !mine.PerRun && first("per=run") {
		r.errorf(id, "per", "%s needs per=run as well, because %s is kept per run: %s", r.name(r.root), r.name(id), r.chain(id))
	}
	if mine.Reviewed {
		return varies
	}
	if age := theirs.MaxAge; age != nil && (mine.MaxAge == nil || *mine.MaxAge > *age) && !mine.MaxAgeByValue {
		r.warnf(id, "max-age", "results of %s are used for longer than max-age=%s, which %s has: %s", r.name(r.root), shortDuration(*age), r.name(id), r.chain(id))
	}
	var tags []string
	for _, tag := range theirs.Tags {
		if !slices.Contains(mine.Tags, tag) && !strings.Contains(tag, "{") {
			tags = append(tags, tag)
		}
	}
	if tags != nil {
		r.warnf(id, "tags", "forgetting tags=%s leaves results of %s, which %s is part of: %s", strings.Join(tags, ","), r.name(r.root), r.name(id), r.chain(id))
	}
	return varies
}

// shortDuration is a duration without zero units at its end.
func shortDuration(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// ownWrapper refuses what could wait for itself: a call that finds a call with its own key in flight and, without a context, can't
// know that it is part of it.
func (r *reviewer) ownWrapper() {
	if r.f.HasContext || r.f.NoJoin || !r.f.NarrowsKey {
		return
	}
	own := r.root.Prefixed(facts.WrapperPrefix)
	if _, ok := r.steps[own]; ok {
		r.errorf(own, "coalesce", "%s reaches its own wrapper and has no context, so a call could wait for itself: %s; add coalesce=off", r.name(r.root), r.chain(own))
	}
}
