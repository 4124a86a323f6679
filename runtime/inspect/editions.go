package inspect

import (
	"context"
	"slices"

	"github.com/cachegen/cachegen/runtime/internal/entry"
	"github.com/cachegen/cachegen/runtime/internal/explain"
	"github.com/cachegen/cachegen/runtime/internal/key"
	"github.com/cachegen/cachegen/runtime/store"
)

// editions returns what the store knows of the code and builds by which a function has had results.
func (in *Inspector) editions(ctx context.Context, namespace string) (l []*entry.Edition, err error) {
	var names []string
	for info, err := range in.list.List(ctx, entry.Editions+key.Namespace(namespace)+"/") {
		if err != nil {
			return nil, err
		}
		names = append(names, info.Key)
	}
	found, err := store.GetMany(ctx, in.store, names)
	for _, item := range found {
		if e, err := entry.DecodeEdition(item.Value); err == nil {
			l = append(l, e)
		}
	}
	return l, err
}

// modulesOf returns the modules outside with which an entry was made, as far as the editions tell: entries don't say which edition is theirs,
// so what those that it may be don't agree on is left out.
func modulesOf(e *Entry, editions []*entry.Edition) []string {
	var known []string
	first := true
	for _, ed := range editions {
		if ed.Version != e.Version || ed.Project != e.Project || ed.Domain != e.Domain || !slices.Equal(ed.Build, e.Build) {
			continue
		}
		if first {
			known, first = slices.Clone(ed.Modules), false
		}
		known = slices.DeleteFunc(known, func(m string) bool { return !slices.Contains(ed.Modules, m) })
	}
	return known
}

// builds puts into the two identities what the call and an entry were built from, as far as both are known.
func (c *Call) builds(here, there *explain.Identity, e *Entry, editions []*entry.Edition) {
	here.Modules, there.Modules = explain.Common(" ", c.Modules, modulesOf(e, editions))
	if len(e.Build) > 0 { // else the function is portable
		here.Build, there.Build = explain.Common("=", c.Build, e.Build)
	}
}
