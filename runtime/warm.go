package runtime

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"

	"golang.org/x/sync/errgroup"
)

// ErrNotAllKeyed says that a function can't be executed from its keyed inputs: it has parameters that are no part of the key.
var ErrNotAllKeyed = errors.New("cache: not every parameter is keyed")

// WarmOption says how [Function.Warm] works.
type WarmOption func(*warming)

// Parallel makes Warm call the function n times at once; by default one call follows the other.
func Parallel(n int) WarmOption { return func(w *warming) { w.parallel = max(n, 1) } }

// Progress makes Warm tell f after each call, of how many succeeded and failed by then. Calls to f don't overlap.
func Progress(f func(succeeded, failed int)) WarmOption { return func(w *warming) { w.progress = f } }

// Warm calls the function, through its cache, for all inputs: what has a result already costs a look, so a Warm that was cancelled can
// just be started again. After a new version was deployed,
//
//	err := ReportCache.Warm(ctx, ReportCache.Inputs(ctx, cache.Filter{}))
//
// makes its results from the inputs of older ones, and with Filter{Failed: true} failed calls are executed again. It goes on after a
// failure; the error joins the first ten failures, or is ctx's.
func (b *base[A, V]) Warm(ctx context.Context, inputs iter.Seq2[A, error], options ...WarmOption) error {
	if b.spec.Call == nil {
		return ErrNotAllKeyed
	}
	w := warming{parallel: 1, progress: func(int, int) {}}
	for _, o := range options {
		o(&w)
	}
	var g errgroup.Group
	g.SetLimit(w.parallel)
	for a, err := range inputs {
		if ctx.Err() != nil {
			break
		}
		g.Go(func() error {
			if err == nil {
				err = b.execute(ctx, a)
			}
			w.count(err)
			return nil
		})
	}
	_ = g.Wait()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return w.err()
}

// execute calls the function for a, through its cache. A panic is an error: it must not end what else is being warmed.
func (b *base[A, V]) execute(ctx context.Context, a A) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("cache: %s panicked: %v", b.spec.Name, p)
		}
	}()
	_, err = b.do(ctx, a, func(ctx context.Context) (V, error) { return b.spec.Call(ctx, a) })
	return err
}

// warming is one call of Warm.
type warming struct {
	parallel int
	progress func(succeeded, failed int)

	mu                sync.Mutex
	succeeded, failed int
	failures          []error
}

// shown is how many failures the error of Warm has.
const shown = 10

func (w *warming) count(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err == nil {
		w.succeeded++
	} else {
		w.failed++
		if len(w.failures) < shown {
			w.failures = append(w.failures, err)
		}
	}
	w.progress(w.succeeded, w.failed)
}

func (w *warming) err() error {
	if w.failed > len(w.failures) {
		w.failures = append(w.failures, fmt.Errorf("cache: and %d more failures", w.failed-len(w.failures)))
	}
	return errors.Join(w.failures...)
}
