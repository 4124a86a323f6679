package engine

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/background"
	"github.com/cachegen/cachegen/runtime/internal/latency"
	"github.com/cachegen/cachegen/runtime/store/layer"
)

// usage is what was counted of one kind of a store's operations.
type usage struct {
	took    latency.Histogram
	failed  atomic.Int64
	refused atomic.Int64 // because the store was left alone
}

// use is an operation of a store under way.
type use struct {
	usage *usage
	began time.Time
	span  *span
}

// begin counts an operation that began at a moment, and tells that it begins those who observe the
// call that it is for.
func (t *tier) begin(ctx context.Context, kind operation, began time.Time) (context.Context, use) {
	u := use{usage: &t.usage[kind], began: began}
	a := t.cache.audience(settingsIn(ctx))
	if a.empty() {
		return ctx, u
	}
	ctx, u.span = a.begin(ctx, Operation{Kind: kind.kind(), Store: cmp.Or(t.name, standardStore), Background: background.Within(ctx)})
	if u.span != nil {
		u.span.began = began
	}
	return ctx, u
}

// standardStore is what a cache's own store is called.
const standardStore = "default"

func (u use) end(err error) {
	u.usage.took.Add(time.Since(u.began))
	_, hurried := errors.AsType[hasty](err)
	switch {
	case answered(err):
		err = nil // that there is nothing is an answer
	case !hurried && !errors.Is(err, context.Canceled): // else who asked gave up, and the store may be well
		u.usage.failed.Add(1)
	}
	u.span.end(err)
}

// StoreUse is what was counted of a store.
type StoreUse struct {
	// Name is the name by which functions ask for the store, "default" for the cache's own. Place
	// is where it is, without secrets.
	Name, Place string
	// Open says whether it is open; Failure is why it could not be opened, if it was tried.
	Open    bool
	Failure error
	Kinds   []KindUse
}

// KindUse is what was counted of one kind of operation.
type KindUse struct {
	Kind Kind
	// Refused are operations that were not tried, because the store was left alone after faults.
	// Resting says whether it is left alone now.
	Failed, Refused int64
	Resting         bool
	Took            latency.Counts
}

// Stores returns what was counted of the cache's stores, by name.
func (c *Cache) Stores() []StoreUse {
	var l []StoreUse
	for _, t := range c.tiers.all() {
		l = append(l, t.used())
	}
	slices.SortFunc(l, func(a, b StoreUse) int { return cmp.Compare(a.Name, b.Name) })
	return l
}

func (t *tier) used() StoreUse {
	t.mu.Lock()
	s := StoreUse{Name: cmp.Or(t.name, standardStore), Open: t.store != nil, Failure: t.failure}
	if t.name == "" {
		s.Place = layer.Place(t.store, t.cache.config.URL)
	} else {
		s.Place = layer.Place(t.store, "")
	}
	t.mu.Unlock()
	for kind := range opening {
		u := &t.usage[kind]
		s.Kinds = append(s.Kinds, KindUse{
			Kind: kind.kind(), Failed: u.failed.Load(), Refused: u.refused.Load(), Resting: t.breakers[kind].Resting(), Took: u.took.Counts(),
		})
	}
	return s
}
