package cacheimpl

import (
	"context"
	"maps"

	"github.com/cachegen/cachegen/runtime/internal/engine"
	"github.com/cachegen/cachegen/runtime/internal/hash"
)

// DoBatch returns the results for ids, each as if it had been asked for by itself: those that are
// there, and those that one call makes of all that are missing, in the order of ids. Elements for
// which call has no result are absent, and are asked for again next time.
func DoBatch[K comparable, A ComparableArgs, V any](
	ctx context.Context, f *Function[A, V], ids []K, args func(K) A, call func(context.Context, []K) (map[K]V, error),
) (map[K]V, error) {
	b := newBatch(&f.base, call)
	return b.do(ctx, ids, func(id K) (engine.Element, error) {
		a := args(id)
		return engine.Element{Hash: hash.Of(&f.plan, &a), Call: f.invocation(a, b.single(id))}, nil
	})
}

// DoBatchEncoded is DoBatch for an EncodedFunction. Elements that can't be encoded are always
// missing.
func DoBatchEncoded[K comparable, A Args, V any](
	ctx context.Context, f *EncodedFunction[A, V], ids []K, args func(K) A, call func(context.Context, []K) (map[K]V, error),
) (map[K]V, error) {
	b := newBatch(&f.base, call)
	return b.do(ctx, ids, func(id K) (engine.Element, error) {
		a := args(id)
		c, hash, err := f.invocation(ctx, f.encode(ctx, a), a, b.single(id))
		return engine.Element{Hash: hash, Call: c}, err
	})
}

// batch is one call of DoBatch.
type batch[K comparable, A Args, V any] struct {
	base     *base[A, V]
	call     func(context.Context, []K) (map[K]V, error)
	ids      []K // of the elements
	elements []engine.Element
	unkeyed  []K // what has no key, or no copy
	results  map[K]V
}

func newBatch[K comparable, A Args, V any](
	base *base[A, V], call func(context.Context, []K) (map[K]V, error),
) *batch[K, A, V] {
	return &batch[K, A, V]{base: base, call: call, results: map[K]V{}}
}

func (b *batch[K, A, V]) do(ctx context.Context, ids []K, element func(K) (engine.Element, error)) (map[K]V, error) {
	if b.base.fn.Bypasses(ctx) {
		_ = b.base.fn.Unkeyed(ctx, 0, nil)
		return b.call(ctx, ids)
	}
	b.collect(ids, element)
	err := b.base.fn.DoBatch(ctx, &engine.Batch{Elements: b.elements, Execute: b.execute, Take: b.take})
	if err == nil && len(b.unkeyed) > 0 {
		err = b.rest(ctx)
	}
	return b.results, err
}

// collect makes elements of the ids, one of each.
func (b *batch[K, A, V]) collect(ids []K, element func(K) (engine.Element, error)) {
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
func (b *batch[K, A, V]) execute(ctx context.Context, indices []int) ([]engine.Made, error) {
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
func (b *batch[K, A, V]) hold(i int, v V) engine.Held {
	v, ok := b.base.kept(context.Background(), v)
	if !ok {
		return nil
	}
	h := b.elements[i].Call.Blank()
	*h.Value().(*V) = v
	return h
}

// take has h be the result for element i. Where that can't be copied after all, the function is
// called.
func (b *batch[K, A, V]) take(i int, h engine.Held) {
	v, ok := b.base.copied(*h.Value().(*V))
	if !ok {
		b.unkeyed = append(b.unkeyed, b.ids[i])
		return
	}
	b.results[b.ids[i]] = v
}

// rest calls the function for elements without a key.
func (b *batch[K, A, V]) rest(ctx context.Context) error {
	if err := b.base.fn.Unkeyed(ctx, engine.Unkeyed, nil); err != nil {
		return err
	}
	made, err := b.call(ctx, b.unkeyed)
	maps.Copy(b.results, made)
	return err
}

// single returns what executes one element by itself, for refreshes in the background.
func (b *batch[K, A, V]) single(id K) func(context.Context) (V, error) {
	return func(ctx context.Context) (V, error) {
		made, err := b.call(ctx, []K{id})
		v, ok := made[id]
		if err == nil && !ok {
			err = engine.ErrAbsent
		}
		return v, err
	}
}
