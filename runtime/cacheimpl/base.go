package cacheimpl

import (
	"context"
	"fmt"
	"reflect"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/internal/codec"
	"github.com/cachegen/cachegen/runtime/internal/engine"
	"github.com/cachegen/cachegen/runtime/internal/entry"
	"github.com/cachegen/cachegen/runtime/internal/extent"
)

// base is the common part of all functions' caches: the spec of the function, and access to results
// by arguments.
type base[A Args, V any] struct {
	spec *Spec[A, V]
	fn   *engine.Function
	// copies says how results are copied.
	copies copying
	// at returns where the result for the arguments is in memory, and a call that finds it but
	// can't execute.
	at func(context.Context, A) (hash uint64, c engine.Call, err error)
	// do is a call of the wrapper, without the function that it executes.
	do func(context.Context, A, func(context.Context) (V, error)) (V, error)
}

// copying says how the results of a function are copied.
type copying uint8

const (
	shared    copying = iota // not at all
	generated                // by generated code
	byCodec                  // by writing and reading them
)

func (b *base[A, V]) init(spec *Spec[A, V], fn *engine.Function) {
	b.spec, b.fn, b.copies = spec, fn, copyingOf(spec)
	fn.Controls = b
}

func (b *base[A, V]) core() *base[A, V] { return b }

func copyingOf[A Args, V any](spec *Spec[A, V]) copying {
	switch o := &spec.Options; {
	case o.Share:
		return shared
	case spec.Clone != nil:
		return generated
	case o.CloneByCodec && codec.Shares(reflect.TypeFor[V]()):
		return byCodec
	}
	return shared
}

// kept returns a copy of v for the cache; v is a result that the function returned. It returns
// false if v can't be copied, and tells observers.
func (b *base[A, V]) kept(ctx context.Context, v V) (V, bool) {
	if b.copies == shared && !b.spec.Options.Recursive {
		return v, true
	}
	return b.measured(ctx, v)
}

// measured is kept for results that are copied, or can be too deep.
func (b *base[A, V]) measured(ctx context.Context, v V) (V, bool) {
	if b.copies != shared {
		if _, err := extent.Measure(ctx, reflect.ValueOf(&v)); err != nil {
			b.fn.Unkept(ctx, fmt.Errorf("%w: %w", errUncopied, err))
			return v, false
		}
	}
	kept, ok := b.copied(v)
	if !ok {
		b.fn.Unkept(ctx, errUncopied)
	}
	return kept, ok
}

// copied returns a copy of v for a caller, and false if v can't be copied.
func (b *base[A, V]) copied(v V) (V, bool) { return copied(b.spec, b.copies, v) }

func copied[A Args, V any](spec *Spec[A, V], copies copying, v V) (V, bool) {
	if spec.Options.Recursive && tooDeep(v) {
		return v, false
	}
	switch copies {
	case generated:
		return spec.Clone(v), true
	case byCodec:
		return recoded(v)
	}
	return v, true
}

func tooDeep[V any](v V) bool { return engine.TooDeep(&v) }

// recoded returns a copy of v by its stored form.
func recoded[V any](v V) (V, bool) {
	p, err := codec.Clone(reflect.ValueOf(&v))
	if err != nil {
		return v, false
	}
	return *p.Interface().(*V), true
}

// describe returns the part of a spec that the engine knows.
func describe[A Args, V any](spec *Spec[A, V]) *engine.Function {
	for _, v := range spec.Types {
		codec.Register(reflect.TypeOf(v))
	}
	return &engine.Function{
		Name: spec.Name, Version: spec.Version, Modules: spec.Modules, Linked: spec.Linked, Shape: spec.Shape,
		Options: engine.Options(spec.Options), Hooks: hooks(spec), Misfit: misfit(spec),
	}
}

// hooks returns the author's functions about results, without their types. They get copies of
// results, because like callers they may change them, for example sort a slice.
func hooks[A Args, V any](spec *Spec[A, V]) engine.Hooks {
	copies := copyingOf(spec)
	h := engine.Hooks{LongWay: len(spec.Policies) > 0 || copies == byCodec}
	secrets := entry.Secrets{Fields: spec.Secret, Open: spec.NoSecrets}
	h.Preview = func(r engine.Held) (string, bool) {
		a, ok := r.Keyed().(*A)
		if !ok {
			return "", false // it has their encoding
		}
		return entry.Preview(*a, secrets), true
	}
	value := func(h engine.Held) V {
		v, ok := copied(spec, copies, *h.Value().(*V))
		if !ok {
			panic(errUncopied) // in a hook that is a fault of the cache
		}
		return v
	}
	if f := spec.MaxAge; f != nil {
		h.MaxAge = func(r engine.Held) time.Duration { return f(value(r)) }
	}
	if f := spec.Validate; f != nil {
		h.Validate = func(ctx context.Context, e engine.Entry, r engine.Held) bool { return f(ctx, cache.Entry(e), value(r)) }
	}
	if f := spec.Unless; f != nil {
		h.Unless = func(r engine.Held) bool { return f(value(r)) }
	}
	arguments := func(c engine.Call) A { return c.(interface{ arguments() A }).arguments() }
	if f := spec.Tags; f != nil {
		h.Tags = func(c engine.Call) []string { return f(arguments(c)) }
	}
	if f := spec.TargetFields; f != nil {
		h.TargetField = func(ctx context.Context, c engine.Call, name string) (string, bool) {
			return f(ctx, arguments(c), name)
		}
	}
	return h
}
