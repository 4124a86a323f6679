package version

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// parameterWrites refuses functions that change what their keyed parameters point to: a hit can't.
func (r *reviewer) parameterWrites() {
	params := r.f.Params
	writes := r.c.g.effects.writes[r.root]
	told := map[int]bool{}
	for _, origin := range sortedOrigins(writes) {
		i := origin.Index
		if origin.Kind != FromParam || i >= len(params) || !params[i].Keyed || told[i] {
			continue
		}
		told[i] = true
		name := params[i].Name
		if name == "" || name == "_" {
			name = fmt.Sprintf("%d", i+1)
		}
		r.errorf(r.root, "write", "%s writes through parameter %s, which a cached result would not do: %s; write to a copy, or ignore=%s if it is no input",
			r.name(r.root), name, r.writeChain(origin), name)
	}
}

// writeChain tells by which calls a write happens, and where.
func (r *reviewer) writeChain(origin Origin) string {
	names := []string{r.name(r.root)}
	at := r.root
	place := ""
	for range 100 {
		c, ok := r.c.g.effects.writes[at][origin]
		if !ok {
			break
		}
		p := c.node.At(c.edge)
		place = fmt.Sprintf(" (%s:%d:%d)", baseName(p.Filename), p.Line, p.Column)
		if c.through == (ID{}) {
			break
		}
		names = append(names, r.name(c.through))
		at, origin = c.through, c.origin
	}
	return strings.Join(names, " → ") + place
}

// contextValues refuses reads of values from contexts, which are in no key.
func (r *reviewer) contextValues() {
	if r.isReviewed() || len(r.f.Vary) > 0 {
		return
	}
	value := ID{"context", "Context.Value"}
	if _, ok := r.steps[value]; ok {
		r.errorf(value, "context", "%s reads a value from its context, which is in no key: %s; name what it says with vary=, or mark it //cache:reviewed if no result depends on it",
			r.name(r.root), r.chain(value))
	}
}

// otherWrappers refuses to reach a wrapper that asks for more than this function does: what that one keeps apart, this one would mix.
func (r *reviewer) otherWrappers() {
	own := r.root.prefixed(wrapperPrefix)
	for _, id := range r.order {
		other := r.c.g.cached[id]
		if other == nil || id == own || other.Vary == nil && other.Policies == nil && !other.PerRun &&
			other.MaxAge == nil && len(other.Tags) == 0 {
			continue
		}
		r.widen(id, other)
	}
}

func (r *reviewer) widen(id ID, theirs *Cached) {
	mine := r.f
	missing := func(have, want []ID) []string {
		var names []string
		for _, w := range want {
			if !slices.Contains(have, w) {
				names = append(names, r.name(w))
			}
		}
		return names
	}
	if names := missing(mine.Vary, theirs.Vary); names != nil {
		r.errorf(id, "vary", "%s needs vary=%s as well, because %s varies by that: %s", r.name(r.root), strings.Join(names, ","), r.name(id), r.chain(id))
	}
	if names := missing(mine.Policies, theirs.Policies); names != nil {
		r.errorf(id, "policy", "%s needs policy=%s as well, because %s has it: %s", r.name(r.root), strings.Join(names, ","), r.name(id), r.chain(id))
	}
	if theirs.PerRun && !mine.PerRun {
		r.errorf(id, "per", "%s needs per=run as well, because %s is kept per run: %s", r.name(r.root), r.name(id), r.chain(id))
	}
	if mine.Reviewed {
		return
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
	own := r.root.prefixed(wrapperPrefix)
	if _, ok := r.steps[own]; ok {
		r.errorf(own, "coalesce", "%s reaches its own wrapper and has no context, so a call could wait for itself: %s; add coalesce=off", r.name(r.root), r.chain(own))
	}
}
