// Package warm executes a function for many inputs.
package warm

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"

	"golang.org/x/sync/errgroup"
)

// Settings say how.
type Settings struct {
	// Parallel is how many executions go on at once.
	Parallel int
	// Progress is told after each execution of how many succeeded and failed by then. Calls to it
	// don't overlap.
	Progress func(succeeded, failed int)
}

// Run executes for all inputs, and goes on after a failure. The error joins the first ten failures,
// or is ctx's.
func Run[A any](ctx context.Context, s Settings, inputs iter.Seq2[A, error], execute func(context.Context, A) error) error {
	var g errgroup.Group
	g.SetLimit(s.Parallel)
	w := warming{progress: s.Progress}
	for a, err := range inputs {
		if ctx.Err() != nil {
			break
		}
		g.Go(func() error {
			if err == nil {
				err = execute(ctx, a)
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

// warming is one call of Run.
type warming struct {
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
