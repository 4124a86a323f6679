package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/guard"
	"github.com/cachegen/cachegen/runtime/store"
)

// operation is a kind of what is asked of a store. Each has a breaker and counters of its own.
type operation int

const (
	reading operation = iota
	writing
	looking // at marks and at what others changed
	opening
	operations
)

// kind returns what observers call the operation.
func (o operation) kind() Kind { return Reading + Kind(o) }

// errResting says that a store failed too often lately.
var errResting = errors.New("cache: the store failed and is left alone for a moment")

// errNoAnswer says that a call waited for a store no longer.
var errNoAnswer = errors.New("cache: the store gave no answer in time")

// hasty is errNoAnswer after so short a wait that it is not worth a line in a log.
type hasty struct{ error }

func (h hasty) Unwrap() error { return h.error }

// answer is what a store answered.
type answer[T any] struct {
	value T
	err   error
}

// ask calls op with the tier's store. It returns when ctx ends or the tier's time is over, even if
// the store heeds no context. Then op goes on by itself, and must not touch what the caller has. A
// panic of the store is an error.
func ask[T any](ctx context.Context, t *tier, kind operation, op func(context.Context, store.Store) (T, error)) (v T, err error) {
	return askBy(abandonable, ctx, t, kind, op)
}

// item is ask for the item under a name. It takes no goroutine if the store's Get is punctual.
func (t *tier) item(ctx context.Context, kind operation, name string) (store.Item, error) {
	return askBy(punctual, ctx, t, kind, func(ctx context.Context, s store.Store) (store.Item, error) { return s.Get(ctx, name) })
}

// askBy is ask with the way in which op is called.
func askBy[T any](
	by func(context.Context, store.Store, func(context.Context, store.Store) (T, error)) (answer[T], bool),
	ctx context.Context, t *tier, kind operation, op func(context.Context, store.Store) (T, error),
) (v T, err error) {
	var none T
	bounded, cancel := t.bound(ctx)
	defer cancel()
	s, err := t.get(bounded)
	if err != nil {
		return none, err
	}
	b := &t.breakers[kind]
	if !b.Admit() {
		t.usage[kind].refused.Add(1)
		return none, errResting
	}
	began := time.Now()
	bounded, u := t.begin(bounded, kind, began)
	defer func() { u.end(err) }()
	a, ok := by(bounded, s, op)
	if ok {
		switch {
		case answered(a.err):
			b.Succeeded(time.Since(began))
			return a.value, a.err
		case bounded.Err() == nil:
			b.Failed()
			return a.value, a.err
		}
	}
	err = fmt.Errorf("%w: %w", errNoAnswer, context.Cause(bounded))
	if !b.Left(time.Since(began)) {
		err = hasty{err}
	}
	return none, err
}

// abandonable calls op in a goroutine of its own. It returns the answer, or false if ctx ends
// before there is one.
func abandonable[T any](ctx context.Context, s store.Store, op func(context.Context, store.Store) (T, error)) (a answer[T], ok bool) {
	answers := make(chan answer[T], 1)
	go func() {
		a := answer[T]{err: errors.New("cache: the store called Goexit")}
		defer func() {
			if p := recover(); p != nil {
				a.err = guard.Panicked("the store", p)
			}
			answers <- a
		}()
		growStack()
		a.value, a.err = op(ctx, s)
	}()
	return awaitAnswer(ctx, answers)
}

// punctual calls Get, as abandonable does unless the store promises that it returns in time.
func punctual(ctx context.Context, s store.Store, get func(context.Context, store.Store) (store.Item, error)) (a answer[store.Item], ok bool) {
	if _, ok := s.(store.Punctual); !ok {
		return abandonable(ctx, s, get)
	}
	defer func() {
		if p := recover(); p != nil {
			a, ok = answer[store.Item]{err: guard.Panicked("the store", p)}, true
		}
	}()
	a.value, a.err = get(ctx, s)
	return a, true
}

// awaitAnswer returns the answer, or false if ctx ends before there is one.
func awaitAnswer[T any](ctx context.Context, answers <-chan answer[T]) (a answer[T], ok bool) {
	select {
	case a = <-answers:
		return a, true
	case <-ctx.Done():
	}
	select {
	case a = <-answers: // both were ready
		return a, true
	default:
		return a, false
	}
}

// bound returns ctx with the tier's time as its limit, unless it ends before that.
func (t *tier) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	if until, ok := ctx.Deadline(); ok && time.Until(until) <= t.timeout {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, t.timeout)
}

// growStack makes the stack of a new goroutine large enough for what stores do, in one step.
// Otherwise the stack is doubled again and again deep in their calls, and moving what is on it by
// then takes as long as reading a small file.
//
//go:noinline
func growStack() {
	var frame [12 << 10]byte
	keep(&frame)
}

//go:noinline
func keep(*[12 << 10]byte) {}

// answered reports whether err, or none, is from a store that works.
func answered(err error) bool {
	return err == nil || errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrTooLarge) || errors.Is(err, store.ErrHeld)
}

// do is ask for what has no result.
func (t *tier) do(ctx context.Context, kind operation, op func(context.Context, store.Store) error) error {
	_, err := ask(ctx, t, kind, func(ctx context.Context, s store.Store) (struct{}, error) { return struct{}{}, op(ctx, s) })
	return err
}
