package inspect

import (
	"context"
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
	if t.Entries == 0 {
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

// Sum returns the sum of totals.
func Sum(totals ...*Total) Total {
	var sum Total
	for _, t := range totals {
		if t.Entries > 0 {
			sum.add(t)
		}
	}
	return sum
}

// Totals returns what the entries that the filter admits come to, by the code that they are of. Damaged ones are of no code.
func (in *Inspector) Totals(ctx context.Context, f Filter) (map[Code]*Total, error) {
	totals := map[Code]*Total{}
	for e, err := range in.Entries(ctx, f) {
		if err != nil {
			return nil, err
		}
		t := totals[e.Code()]
		if t == nil {
			t = new(Total)
			totals[e.Code()] = t
		}
		t.Add(&e)
	}
	return totals, nil
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
