package inspect

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/key"
)

// Total is what entries come to. Its JSON form is what cachegen cache prints.
type Total struct {
	Entries int64 `json:"entries"`
	// Bytes are those of the entries, as stored.
	Bytes int64 `json:"bytes"`
	// Cost is the time that it took to compute them; in JSON nanoseconds.
	Cost time.Duration `json:"cost_ns"`
	// Hits is how often they were read from the store, and Saved the time that reading saved: each time its entry's cost. Hits is
	// -1 if the store doesn't count.
	Hits  int64         `json:"hits"`
	Saved time.Duration `json:"saved_ns"`
	// Newest is when the last of them was completed.
	Newest time.Time `json:"newest,omitzero"`
}

// Add adds an entry.
func (t *Total) Add(e *Entry) {
	t.add(&Total{Entries: 1, Bytes: e.Size, Cost: e.Cost, Hits: e.Hits, Saved: time.Duration(max(e.Hits, 0)) * e.Cost, Newest: e.Completed})
}

// add adds another total. Hits are known if all are.
func (t *Total) add(o *Total) {
	switch {
	case o.Entries == 0:
		return
	case t.Entries == 0:
		*t = *o
		return
	}
	t.Entries, t.Bytes, t.Cost = t.Entries+o.Entries, t.Bytes+o.Bytes, t.Cost+o.Cost
	if t.Hits < 0 || o.Hits < 0 {
		t.Hits, t.Saved = -1, 0
	} else {
		t.Hits, t.Saved = t.Hits+o.Hits, t.Saved+o.Saved
	}
	if o.Newest.After(t.Newest) {
		t.Newest = o.Newest
	}
}

// Stat is what the store has of a function, or of all that share a namespace. Its JSON form is what cachegen cache stat prints.
type Stat struct {
	// Namespace is "" for damaged entries.
	Namespace string `json:"namespace"`
	// Total is of all versions and states.
	Total
	// States counts the entries by state.
	States map[State]int64 `json:"states"`
	// Versions are those of the code, the one with the latest result first.
	Versions []VersionTotal `json:"versions"`
}

// VersionTotal is what entries of one version come to.
type VersionTotal struct {
	Version string `json:"version"`
	Total
}

// Stat returns what the entries that the filter admits come to, by namespace and sorted by it. With an error it is what could be read.
func (in *Inspector) Stat(ctx context.Context, f Filter) (_ []Stat, fault error) {
	stats := map[string]*Stat{}
	versions := map[Code]*Total{}
	for e, err := range in.Entries(ctx, f) {
		if err != nil {
			fault = err
			break
		}
		if stats[e.Namespace] == nil {
			stats[e.Namespace] = &Stat{Namespace: e.Namespace, States: map[State]int64{}}
		}
		if versions[e.Code()] == nil {
			versions[e.Code()] = new(Total)
		}
		stats[e.Namespace].Add(&e)
		stats[e.Namespace].States[e.State]++
		versions[e.Code()].Add(&e)
	}
	for code, total := range versions {
		s := stats[code.Namespace]
		s.Versions = append(s.Versions, VersionTotal{code.Version, *total})
	}
	sorted := make([]Stat, 0, len(stats))
	for _, namespace := range slices.Sorted(maps.Keys(stats)) {
		slices.SortFunc(stats[namespace].Versions, func(a, b VersionTotal) int {
			return cmp.Or(b.Newest.Compare(a.Newest), cmp.Compare(a.Version, b.Version))
		})
		sorted = append(sorted, *stats[namespace])
	}
	return sorted, fault
}

// Sum returns what stats come to together.
func Sum(stats []Stat) Total {
	var sum Total
	for _, s := range stats {
		sum.add(&s.Total)
	}
	return sum
}

// Of returns what the usable results of codes come to, one total each: how much is thrown away by a change to the code. It looks at entries
// of their namespaces only.
func (in *Inspector) Of(ctx context.Context, codes ...Code) ([]Total, error) {
	totals := make([]Total, len(codes))
	f := Filter{States: []State{Result}, segments: map[string]bool{}}
	for _, c := range codes {
		f.segments[key.Namespace(c.Namespace)] = true
	}
	for e, err := range in.Entries(ctx, f) {
		if err != nil {
			return nil, err
		}
		if i := slices.Index(codes, e.Code()); i >= 0 {
			totals[i].Add(&e)
		}
	}
	return totals, nil
}
