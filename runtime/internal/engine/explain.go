package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/build"
	"github.com/cachegen/cachegen/runtime/internal/clock"
	"github.com/cachegen/cachegen/runtime/internal/entry"
	"github.com/cachegen/cachegen/runtime/internal/explain"
	"github.com/cachegen/cachegen/runtime/internal/key"
	"github.com/cachegen/cachegen/runtime/internal/marks"
	"github.com/cachegen/cachegen/runtime/store"
)

// Explanation is what a call's key is made of, what it finds, and why not.
type Explanation struct {
	Func, Namespace, Key string
	Mode                 Mode
	Version, Revision    string
	Modules, Build       []string
	Salt, Shape          string
	Project, Domain, Run string
	Inputs               string
	Found                bool
	Tier                 Tier
	Completed            time.Time
	Cost                 time.Duration
	Reason               Reason
	Detail               string
	Near                 []explain.Near
	Looked               int
	Partial              bool
	Err                  error
}

const (
	nearest     = 3
	maxLooked   = 1000            // entries that are read to find the nearest
	lookedAt    = 100             // of them at once
	explainTime = 5 * time.Second // for all that
)

// Explain says what the call would find and why. It executes nothing.
func (f *Function) Explain(ctx context.Context, hash uint64, c Call) Explanation {
	v := f.visit(ctx, hash, c)
	x := v.explanation()
	switch {
	case v.mode == Bypass:
		x.Reason, x.Detail = v.event.Reason, v.bypasses()
		return x
	case v.targeted():
		x.Detail = "the result lives at the path " + v.place.path
	}
	v.state.flights.Begin(v.hash)
	defer v.state.flights.End(v.hash)
	if h := v.found(); h != nil {
		m := h.About()
		x.Found, x.Tier, x.Completed, x.Cost = true, v.event.Tier, m.completed.Time(), m.Cost
		return x
	}
	if x.Reason = v.event.Reason; v.targeted() {
		return x
	}
	ctx, cancel := context.WithTimeout(ctx, explainTime)
	defer cancel()
	e := explainer{visit: v, ctx: ctx, Explanation: &x, here: v.parts(), near: explain.Nearest{Most: nearest}}
	e.exact()
	if v.state.stored() {
		e.inStore()
	} else {
		e.inMemory()
	}
	x.Near = e.near.List()
	return x
}

// ExplainUnkeyed says why a call has no key.
func (f *Function) ExplainUnkeyed(ctx context.Context, err error) Explanation {
	x := f.visit(ctx, 0, nil).explanation()
	x.Reason, x.Detail, x.Err = Unkeyed, "the call has no key", err
	return x
}

// explanation says what the call's key is made of.
func (v *visit) explanation() Explanation {
	id := v.parts()
	x := Explanation{
		Func: v.fn.Name, Namespace: v.fn.Namespace(), Mode: v.mode, Version: id.Version, Revision: build.Revision(), Modules: id.Modules,
		Build: id.Build, Salt: id.Salt, Shape: id.Shape, Project: id.Project, Domain: id.Domain, Run: id.Run, Inputs: id.Inputs,
	}
	if v.call != nil {
		x.Key = v.key().String()
	}
	return x
}

// parts are what the call's key is made of.
func (v *visit) parts() explain.Identity {
	id := v.state.identity()
	p := explain.Identity{
		Project: id.Project, Domain: id.Domain, Version: id.Version, Modules: listed(id.Modules), Build: listed(id.Build),
		Salt: id.Salt, Shape: id.Shape, Run: v.run(), Whole: true,
	}
	if v.call != nil {
		in := v.call.Inputs(false)
		p.Digest, p.Inputs = in.Digest, in.Preview
	}
	return p
}

// listed returns a list that is known, though it may be empty.
func listed(l []string) []string {
	if l == nil {
		return []string{}
	}
	return l
}

// bypasses says why the call goes past the cache.
func (v *visit) bypasses() string {
	switch {
	case v.fn.Options.Disabled:
		return "the function is disabled: its directive says so"
	case v.blind && v.state.cache.closed.Load():
		return "the cache is closed"
	case v.blind:
		return "the sources changed since the wrapper was generated, or types are others in this program: generate again"
	}
	return "the mode is bypass"
}

// explainer looks for what is near a call that finds nothing.
type explainer struct {
	*visit
	*Explanation
	here explain.Identity
	ctx  context.Context
	near explain.Nearest
}

// exact says why what there is for the call can't be used.
func (e *explainer) exact() {
	if h := e.state.memory.Get(e.hash); h != nil && e.call.Holds(h) {
		m := h.About()
		e.judged(m.completed.Time(), e.limitOf(m))
	}
	if !e.state.stored() {
		return
	}
	item, err := e.state.read(e.ctx, e.state.name(e.key()))
	switch {
	case errors.Is(err, store.ErrNotFound):
		return
	case err != nil:
		e.Err = err
		return
	}
	stored, err := entry.Decode(item.Value)
	if err != nil {
		e.Err = err
		return
	}
	at := time.Unix(0, stored.Completed)
	switch {
	case stored.Tombstone:
		e.Detail = "it was forgotten " + moment(at)
	case e.Reason == Forgotten:
		e.Detail = cmp.Or(e.marked(stored), e.Detail)
	case e.Detail == "":
		limit := e.fn.Options.MaxAge
		if e.settings.HasMaxAge {
			limit = e.settings.MaxAge
		}
		e.judged(at, limit)
	}
}

// judged says why a result that completed at a moment can't be used.
func (e *explainer) judged(at time.Time, limit time.Duration) {
	switch e.Reason {
	case TooOld:
		e.Detail = "it completed " + moment(at)
		if e.asked > 0 {
			e.Detail += ", and the mode asks for a newer one"
		} else if limit > 0 {
			e.Detail += fmt.Sprintf(", and max-age is %v", limit)
		} else {
			e.Detail += ", and completed results are not used again"
		}
	case FromFuture:
		e.Detail = "it completed " + moment(at) + ", which is in the future: a clock is wrong"
	case Rejected:
		e.Detail = "validate refused it"
	}
}

// marked says by what an entry was forgotten, and when.
func (e *explainer) marked(stored *entry.Entry) string {
	in := e.state.scope
	said := []string{"cleared"}
	names := []string{in.namespaceMark(stored.Namespace)}
	for _, tag := range stored.Tags {
		said, names = append(said, "forgotten by the tag "+tag), append(names, in.tagMark(tag))
	}
	if stored.Run != "" {
		said, names = append(said, "forgotten with the run "+stored.Run), append(names, in.runMark(stored.Run))
	}
	found, err := ask(e.ctx, e.state.tier, looking, func(ctx context.Context, s store.Store) (map[string]marks.Stored, error) {
		return marks.Read(ctx, s, names)
	})
	if err != nil {
		return ""
	}
	for i, name := range names {
		known := int64(marks.Never)
		if i < len(stored.Marks) {
			known = stored.Marks[i]
		}
		if !marks.Usable(known, found[name].Edition) {
			return "it was " + said[i] + " " + moment(time.Unix(0, found[name].Stamp).Add(-clock.Lead))
		}
	}
	return ""
}

// moment is a time, and how long ago that was.
func moment(t time.Time) string {
	return fmt.Sprintf("%s ago (%s)", time.Since(t).Round(time.Second), t.UTC().Format("2006-01-02 15:04:05 MST"))
}

// inMemory looks at the results in this process's memory.
func (e *explainer) inMemory() {
	preview := e.fn.Hooks.Preview
	if preview == nil {
		return
	}
	e.state.memory.RemoveAll(func(h Held) bool {
		if inputs, ok := preview(h); ok && e.Looked < maxLooked && !e.call.Holds(h) {
			there := e.here
			there.Digest, there.Inputs = nil, inputs
			m := h.About()
			e.Looked++
			e.near.Add(explain.Near{
				Inputs: inputs, Version: there.Version, Revision: e.Revision, Completed: m.completed.Time(), Cost: m.Cost,
				Differences: explain.Compare(&e.here, &there),
			})
		}
		return false
	})
}

// hindered adds an error that kept the explainer from looking at something. A store that is away
// gives the same one again and again.
func (e *explainer) hindered(err error) {
	if e.Err == nil || !strings.Contains(e.Err.Error(), err.Error()) {
		e.Err = errors.Join(e.Err, err)
	}
}

// inStore looks at the function's entries in the store: first at those for the same inputs, of
// other code or in other scopes, and then at others.
func (e *explainer) inStore() {
	lister, err := e.state.lister(e.ctx)
	if err != nil {
		e.hindered(err)
		e.inMemory()
		return
	}
	for info, err := range lister.List(e.ctx, entry.Editions+e.state.segment+"/") {
		if err != nil {
			e.hindered(err)
			break
		}
		e.edition(info.Key)
	}
	var names []string
	for info, err := range lister.List(e.ctx, key.Entries+e.state.segment+"/") {
		if err != nil {
			e.hindered(err)
			break
		}
		if e.Looked+len(names) >= maxLooked {
			e.Partial = true
			break
		}
		if names = append(names, info.Key); len(names) == lookedAt {
			e.look(names)
			names = nil
		}
	}
	e.look(names)
}

// edition looks for the result that other code has for the call.
func (e *explainer) edition(name string) {
	p, ok := entry.PrefixOf(name)
	if !ok || p == e.state.prefix() {
		return
	}
	item, err := e.state.read(e.ctx, name)
	if err != nil {
		return
	}
	ed, err := entry.DecodeEdition(item.Value)
	if err != nil {
		return
	}
	item, err = e.state.read(e.ctx, e.state.name(e.call.Key(p)))
	if err != nil {
		return
	}
	stored, err := entry.Decode(item.Value)
	if err != nil || stored.Tombstone {
		return
	}
	there := identityOf(stored)
	there.Modules, there.Build, there.Salt, there.Shape, there.Whole = listed(ed.Modules), listed(ed.Build), ed.Salt, ed.Shape, ed.Whole
	if e.Reason == NeverSeen && there.Project == e.here.Project && there.Domain == e.here.Domain {
		e.Reason = OtherVersion
	}
	e.add(stored, &there)
}

// look looks at entries of the function.
func (e *explainer) look(names []string) {
	if len(names) == 0 {
		return
	}
	items, err := ask(e.ctx, e.state.tier, reading, func(ctx context.Context, s store.Store) (map[string]store.Item, error) {
		return store.GetMany(ctx, s, names)
	})
	if err != nil {
		e.hindered(err)
		return
	}
	for _, item := range items {
		stored, err := entry.Decode(item.Value)
		if e.Looked++; err != nil || stored.Tombstone || stored.Namespace != e.Namespace || stored.Key == e.key() {
			continue
		}
		there := identityOf(stored)
		e.add(stored, &there)
	}
}

func (e *explainer) add(stored *entry.Entry, there *explain.Identity) {
	e.near.Add(explain.Near{
		Key: stored.Key.String(), Inputs: stored.Inputs.Preview, Version: stored.Version, Revision: stored.Revision,
		Completed: time.Unix(0, stored.Completed), Cost: stored.Cost, Differences: explain.Compare(&e.here, there),
	})
}

// identityOf is what an entry tells of its key.
func identityOf(e *entry.Entry) explain.Identity {
	return explain.Identity{
		Project: e.Project, Domain: e.Domain, Version: e.Version, Build: listed(e.Build), Run: e.Run,
		Digest: e.Inputs.Digest, Inputs: e.Inputs.Preview,
	}
}
