package inspect

import (
	"context"

	"github.com/cachegen/cachegen/runtime/internal/entry"
	"github.com/cachegen/cachegen/runtime/internal/explain"
)

// Call is a call as far as a store can tell it from others: what it is to be compared with. Zero fields are not compared.
type Call struct {
	// Namespace is the function's, Version that of its code.
	Namespace, Version string
	// Project and Domain are the scope.
	Project, Domain string
	// Inputs are those of the call as previews of entries have them: City:"Berlin" Days:3.
	Inputs string
	// Modules are the modules outside that the code reaches, as keys have them: "golang.org/x/text golang.org/x/text@v0.30.0", with a sum if
	// that is known. Build are settings of the build, "GOARCH=arm64"; "-tags=" is one that has no value.
	Modules, Build []string
}

// Near is an entry and how it differs from a call.
type Near struct {
	Entry
	// Differences are what the call has otherwise; none says that the entry may be the call's.
	Differences []Difference `json:"differences"`
}

// Difference is a part of a key that two calls have differently.
type Difference = explain.Difference

// Nearest returns the entries of the call's function that differ least from it, at most so many, and how many results there are.
func (in *Inspector) Nearest(ctx context.Context, c Call, most int) (near []Near, results int64, err error) {
	n := explain.Nearest{Most: most}
	byID := map[string]Entry{}
	editions, err := in.editions(ctx, c.Namespace)
	if err != nil {
		return nil, 0, err
	}
	for e, err := range in.Entries(ctx, Filter{Func: c.Namespace, States: []State{Result, Forgotten}}) {
		if err != nil {
			return nil, results, err
		}
		if e.Namespace != c.Namespace || e.tombstone && e.Inputs == "" {
			continue
		}
		if e.State == Result {
			results++
		}
		byID[e.ID] = e
		n.Add(explain.Near{Key: e.ID, Completed: e.Completed, Differences: c.compare(&e, editions)})
		if len(byID) > 64*most {
			byID = kept(byID, n.List())
		}
	}
	for _, x := range n.List() {
		near = append(near, Near{byID[x.Key], x.Differences})
	}
	return near, results, nil
}

// kept returns the entries of a list alone.
func kept(byID map[string]Entry, list []explain.Near) map[string]Entry {
	m := map[string]Entry{}
	for _, x := range list {
		m[x.Key] = byID[x.Key]
	}
	return m
}

// compare returns how the call differs from an entry, nil if it does not as far as the entry tells.
func (c *Call) compare(e *Entry, editions []*entry.Edition) []Difference {
	here := explain.Identity{Project: c.Project, Domain: c.Domain, Version: c.Version, Inputs: c.Inputs, Digest: []byte(c.Inputs), Run: e.Run}
	there := explain.Identity{Project: e.Project, Domain: e.Domain, Version: e.Version, Inputs: e.Inputs, Digest: []byte(e.Inputs), Run: e.Run}
	if c.Inputs == "" {
		there.Digest = here.Digest
	}
	if c.Version == "" {
		there.Version = here.Version
	}
	c.builds(&here, &there, e, editions)
	return explain.Known(&here, &there)
}
