package cacheimpl

import (
	"context"
	"maps"

	"github.com/cachegen/cachegen/runtime/internal/engine"
)

// DoBatch returns the results for ids, each as if it had been asked for by itself: those that are
// there, and those that one call makes of all that are missing, in the order of ids. Elements for
// which call has no result are absent, and are asked for again next time. Those that can't be
// encoded, if the encoding is the key, are always missing.
func DoBatch[K comparable, A Args, V any](
	ctx context.Context, f Core[A, V], ids []K, args func(K) A, call func(context.Context, []K) (map[K]V, error),
) (map[K]V, error) {
	b := &batch[K, V]{core: f.core, call: call, results: map[K]V{}}
	return b.do(ctx, ids, func(id K) (engine.Element, error) {
		a := args(id)
		c, hash, err := b.core.at(ctx, &a, b.single(id))
		return engine.Element{Hash: hash, Call: c}, err
	})
}

// batch is one call of DoBatch.
type batch[K comparable, V any] struct {
	core     *core
	call     func(context.Context, []K) (map[K]V, error)
	ids      []K // of the elements
	elements []engine.Element
	unkeyed  []K // what has no key, or no copy
	results  map[K]V
}

func (b *batch[K, V]) do(ctx context.Context, ids []K, element func(K) (engine.Element, error)) (map[K]V, error) {
	if b.core.fn.Bypasses(ctx) {
		_ = b.core.fn.Unkeyed(ctx, 0, nil)
		return b.call(ctx, ids)
	}
	b.collect(ids, element)
	err := b.core.fn.DoBatch(ctx, &engine.Batch{Elements: b.elements, Execute: b.execute, Take: b.take})
	if err == nil && len(b.unkeyed) > 0 {
		err = b.rest(ctx)
	}
	return b.results, err
}

// collect makes elements of the ids, one of each.
func (b *batch[K, V]) collect(ids []K, element func(K) (engine.Element, error)) {
	seen := make(map[K]bool, len(ids))
	for _, id := range ids {
		if seen[id] {
			continue
		}
		seen[id] = true
		if e, err := element(id); err != nil {
			b.unkeyed = append(b.unkeyed, id)
		} else {
			b.ids, b.elements = append(b.ids, id), append(b.elements, e)
		}
	}
}

// execute calls the function for some elements, and for those without a key while it is at it.
func (b *batch[K, V]) execute(ctx context.Context, indices []int) ([]engine.Made, error) {
	ids := make([]K, len(indices), len(indices)+len(b.unkeyed))
	for k, i := range indices {
		ids[k] = b.ids[i]
	}
	results, err := b.call(ctx, append(ids, b.unkeyed...))
	b.unkeyed = nil
	made := make([]engine.Made, len(indices))
	for k, i := range indices {
		v, ok := results[b.ids[i]]
		made[k].Absent = !ok
		if ok {
			made[k].Held = b.hold(i, v)
		}
	}
	maps.Copy(b.results, results)
	return made, err
}

// hold returns what to keep of v, the result for element i.
func (b *batch[K, V]) hold(i int, v V) engine.Held {
	h := b.elements[i].Call.Blank()
	if !b.core.keep(context.Background(), h, &v) {
		return nil
	}
	return h
}

// take has h be the result for element i. Where that can't be copied after all, the function is
// called.
func (b *batch[K, V]) take(i int, h engine.Held) {
	p, ok := b.core.copied(h.Value())
	if !ok {
		b.unkeyed = append(b.unkeyed, b.ids[i])
		return
	}
	b.results[b.ids[i]] = *p.(*V)
}

// rest calls the function for elements without a key.
func (b *batch[K, V]) rest(ctx context.Context) error {
	if err := b.core.fn.Unkeyed(ctx, engine.Unkeyed, nil); err != nil {
		return err
	}
	made, err := b.call(ctx, b.unkeyed)
	maps.Copy(b.results, made)
	return err
}

// single returns what executes one element by itself, for refreshes in the background.
func (b *batch[K, V]) single(id K) func(context.Context) (V, error) {
	return func(ctx context.Context) (V, error) {
		made, err := b.call(ctx, []K{id})
		v, ok := made[id]
		if err == nil && !ok {
			err = engine.ErrAbsent
		}
		return v, err
	}
}
