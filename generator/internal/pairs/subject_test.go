package pairs

import (
	"context"
	"slices"
	"strings"

	cache "github.com/cachegen/cachegen/runtime"
)

// subject is a function under test.
type subject struct {
	directive string
	call      func(ctx context.Context, r *receiver, n, extra int) (value, error)
	control   func(ctx context.Context, r *receiver, n, extra int) control
}

// has reports whether the function has an option, or an option with a value.
func (s *subject) has(term string) bool {
	return slices.ContainsFunc(strings.Fields(s.directive), func(word string) bool {
		name, _, _ := strings.Cut(word, "=")
		return word == term || name == term
	})
}

// control is what can be done about one result.
type control struct {
	lookup func(context.Context) (value, cache.Entry, bool)
	put    func(context.Context, value) error
	forget func(context.Context) error
	clear  func(context.Context) error
}

// controller is what all caches have.
type controller[A any] interface {
	Lookup(context.Context, A) (value, cache.Entry, bool)
	Put(context.Context, A, value) error
	Forget(context.Context, A) error
	Clear(context.Context) error
}

func controls[A any](c controller[A], a A) control {
	return control{
		func(ctx context.Context) (value, cache.Entry, bool) { return c.Lookup(ctx, a) },
		func(ctx context.Context, v value) error { return c.Put(ctx, a, v) },
		func(ctx context.Context) error { return c.Forget(ctx, a) },
		c.Clear,
	}
}

// one asks a batch for n among others.
func one(n int, call func([]int) (map[int]value, error)) (value, error) {
	all, err := call([]int{n, n, (n + 1) % 3})
	return all[n], err
}
