package cacheimpl

import (
	"context"
	"reflect"

	"github.com/cachegen/cachegen/runtime/internal/codec"
	"github.com/cachegen/cachegen/runtime/internal/engine"
	"github.com/cachegen/cachegen/runtime/internal/hash"
)

// core is the cache of a function without its types. It knows them as values: arguments are
// pointers to the struct of them, values pointers to what the function returns.
type core struct {
	args    reflect.Type
	result  reflect.Type
	run     func(ctx context.Context, call, args, own any) error
	fn      *engine.Function
	plan    hash.Plan // of the arguments; not where their encoding is the key
	encoded bool
	copies  copying
	spec    *Spec
}

// kind is the types of a function, and what can only be done by code that is compiled for them.
type kind struct {
	args   any // a nil pointer to the arguments
	result any // a nil pointer to a result
	run    func(ctx context.Context, call, args, own any) error
}

func newCore(spec *Spec, t kind) *core {
	for _, v := range spec.Types {
		codec.Register(reflect.TypeOf(v))
	}
	c := &core{args: reflect.TypeOf(t.args).Elem(), result: reflect.TypeOf(t.result).Elem(), run: t.run, spec: spec}
	key, value := c.result.Field(1), c.result.Field(2)
	c.copies, c.encoded = copyingOf(spec, value.Type), key.Type != c.args
	if !c.encoded {
		c.plan = hash.PlanOf(c.args)
	}
	var controls any
	if !spec.receivers {
		controls = c
	}
	c.fn = engine.Register(&engine.Function{
		Name: spec.Name, Version: spec.Version, Modules: spec.Modules, Linked: spec.Linked, Shape: spec.Shape,
		Options: engine.Options(spec.Options), Hooks: c.hooks(), Misfit: misfit(spec, c.args, value.Type),
		Layout: engine.Layout{
			Result: c.result, Key: key.Type, KeyAt: key.Offset, Value: value.Type, ValueAt: value.Offset,
		},
		Controls: controls,
	})
	return c
}

// private returns a cache that counts for c, and has results of its own that are gone with it.
func (c *core) private() *core {
	p := *c
	p.fn = c.fn.Private()
	return &p
}

// value is the type of the function's results.
func (c *core) value() reflect.Type { return c.fn.Layout.Value }
