package cacheimpl

import (
	"context"
	"reflect"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/internal/engine"
	"github.com/cachegen/cachegen/runtime/internal/entry"
)

// Of makes a function of arguments or of a value one of a pointer to them, which [Spec] takes. So
// only a function that has such an option has code for it.
func Of[X, Y any](f func(X) Y) func(p any) Y { return func(p any) Y { return f(*p.(*X)) } }

// InPlace is Of for [Spec.Clone].
func InPlace[V any](clone func(V) V) func(p any) {
	return func(p any) {
		v := p.(*V)
		*v = clone(*v)
	}
}

// OfEntry is Of for [Spec.Validate].
func OfEntry[V any](f func(context.Context, cache.Entry, V) bool) func(context.Context, cache.Entry, any) bool {
	return func(ctx context.Context, e cache.Entry, p any) bool { return f(ctx, e, *p.(*V)) }
}

// OfField is Of for [Spec.TargetFields].
func OfField[A any](f func(context.Context, A, string) (string, bool)) func(context.Context, any, string) (string, bool) {
	return func(ctx context.Context, p any, field string) (string, bool) { return f(ctx, *p.(*A), field) }
}

// hooks returns what the function's author says about results. They get copies of results, for they
// may do with them what callers may: sort a slice, say.
func (c *core) hooks() engine.Hooks {
	h := engine.Hooks{LongWay: len(c.spec.Policies) > 0 || c.copies == byCodec || !c.encoded && c.plan.Unknown()}
	h.Preview = func(r engine.Held) (string, bool) {
		if c.encoded {
			return "", false // it has their encoding
		}
		return entry.Preview(reflect.ValueOf(r.Keyed()).Elem().Interface(), c.secrets()), true
	}
	value := func(h engine.Held) any {
		p, ok := c.copied(h.Value())
		if !ok {
			panic(errUncopied) // in a hook that is a fault of the cache
		}
		return p
	}
	if f := c.spec.MaxAge; f != nil {
		h.MaxAge = func(r engine.Held) time.Duration { return f(value(r)) }
	}
	if f := c.spec.Validate; f != nil {
		h.Validate = func(ctx context.Context, e engine.Entry, r engine.Held) bool { return f(ctx, cache.Entry(e), value(r)) }
	}
	if f := c.spec.Unless; f != nil {
		h.Unless = func(r engine.Held) bool { return f(value(r)) }
	}
	if f := c.spec.Tags; f != nil {
		h.Tags = func(call engine.Call) []string { return f(call.(*invocation).args) }
	}
	if f := c.spec.TargetFields; f != nil {
		h.TargetField = func(ctx context.Context, call engine.Call, name string) (string, bool) {
			return f(ctx, call.(*invocation).args, name)
		}
	}
	return h
}

// secrets says which inputs are never stored or logged.
func (c *core) secrets() entry.Secrets {
	return entry.Secrets{Fields: c.spec.Secret, Open: c.spec.NoSecrets}
}
