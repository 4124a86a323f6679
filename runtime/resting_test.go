package cache_test

import (
	"context"
	"errors"
	"testing"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/cacheimpl"
	"github.com/cachegen/cachegen/runtime/internal/fakestore"
)

// TestReadsAndWritesRestApart has a store that fails for writes alone, as a disk that is full does: reads go on.
func TestReadsAndWritesRestApart(t *testing.T) {
	p := newProcess(t, fakestore.New())
	ctx := cache.WithCache(t.Context(), p.cache)
	s := wrapSpec(cacheimpl.Spec{Options: cacheimpl.Options{MemoryEntries: 1}}, new(counter).next)
	const stored = 10
	for n := range stored {
		s.must(t, ctx, n)
	}
	if err := p.cache.Drain(ctx); err != nil {
		t.Fatal(err)
	}
	p.store.Before(func(_ context.Context, op, _ string) error {
		if op == "Put" {
			return errors.New("no room")
		}
		return nil
	})
	for n := 1000; n < 1020; n++ {
		s.must(t, ctx, n)
	}
	if err := p.cache.Drain(ctx); err != nil {
		t.Fatal(err)
	}
	hits := 0
	for n := range stored {
		_, _ = s.call(cache.Observe(ctx, func(e cache.Event) {
			if e.Outcome == cache.Hit {
				hits++
			}
		}), n)
	}
	if hits != stored {
		t.Errorf("while writes fail, %d of %d stored results are found", hits, stored)
	}
}
