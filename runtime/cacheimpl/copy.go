package cacheimpl

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"github.com/cachegen/cachegen/runtime/internal/codec"
	"github.com/cachegen/cachegen/runtime/internal/engine"
	"github.com/cachegen/cachegen/runtime/internal/extent"
)

var errUncopied = errors.New("cache: the result can't be copied")

// copying says how the results of a function are copied.
type copying uint8

const (
	shared    copying = iota // not at all
	generated                // by generated code
	byCodec                  // by writing and reading them
)

func copyingOf(spec *Spec, value reflect.Type) copying {
	switch o := &spec.Options; {
	case o.Share:
		return shared
	case spec.Clone != nil:
		return generated
	case o.CloneByCodec && codec.Shares(value):
		return byCodec
	}
	return shared
}

// keep makes into the cache's copy of what own points to, which the function returned, and reports
// whether there can be one. That there can't is told to observers.
func (c *core) keep(ctx context.Context, into engine.Held, own any) bool {
	if c.copies != shared {
		if _, err := extent.Measure(ctx, reflect.ValueOf(own)); err != nil {
			c.fn.Unkept(ctx, fmt.Errorf("%w: %w", errUncopied, err))
			return false
		}
	}
	if !c.copyTo(into.Value(), own) {
		c.fn.Unkept(ctx, errUncopied)
		return false
	}
	return true
}

// copied returns a copy of what p points to for somebody else, and false if there can't be one.
func (c *core) copied(p any) (any, bool) {
	to := p
	if c.copies != shared {
		to = reflect.New(c.value()).Interface()
	}
	return to, c.copyTo(to, p)
}

// copyTo makes what to points to a copy of what from does, and reports whether there can be one.
func (c *core) copyTo(to, from any) bool {
	if c.spec.Options.Recursive && engine.TooDeep(from) {
		return false
	}
	v := reflect.ValueOf(from)
	if c.copies == byCodec {
		var err error
		if v, err = codec.Clone(v); err != nil {
			return false
		}
	}
	if to != from {
		reflect.ValueOf(to).Elem().Set(v.Elem())
	}
	if c.copies == generated {
		c.spec.Clone(to)
	}
	return true
}
