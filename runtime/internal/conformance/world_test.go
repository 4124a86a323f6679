package conformance

import (
	"context"
	"os"
	"strings"
	"sync"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/internal/engine"
)

// world is what functions under test find outside: it counts their executions, and says what becomes of them.
type world struct {
	// log is the file in which executions are counted, of several processes if need be; "" counts here.
	log string

	mu    sync.Mutex
	count int
	// during is what happens in an execution; nil: nothing.
	during func(ctx context.Context, what string) error
}

// in returns a context in which functions ask w, until ctx ends, and their results are kept in c.
// Calls wait for its store as long as it takes: what is a hit must not depend on how busy the machine
// is.
func (w *world) in(ctx context.Context, c *cache.Cache) context.Context {
	requests := make(chan request)
	go func() {
		for {
			select {
			case r := <-requests:
				go func() { r.reply <- w.execute(r.ctx, r.what) }()
			case <-ctx.Done():
				return
			}
		}
	}()
	patient := engine.With(ctx, func(s *engine.Settings) { s.Patient = func() bool { return true } })
	return cache.WithCache(context.WithValue(patient, requestsKey{}, (chan<- request)(requests)), c)
}

// set changes what happens in executions from now on.
func (w *world) set(during func(ctx context.Context, what string) error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.during = during
}

// fail makes executions fail with err, or succeed again with nil.
func (w *world) fail(err error) {
	w.set(func(context.Context, string) error { return err })
}

// execute is one execution.
func (w *world) execute(ctx context.Context, what string) (r reply) {
	defer func() { r.panic = recover() }()
	if r.n, r.err = w.note(what); r.err != nil {
		return r
	}
	w.mu.Lock()
	during := w.during
	w.mu.Unlock()
	if during != nil {
		r.err = during(ctx, what)
	}
	return r
}

// note counts an execution.
func (w *world) note(what string) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.count++
	if w.log == "" {
		return w.count, nil
	}
	f, err := os.OpenFile(w.log, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, err
	}
	if _, err := f.WriteString(what + "\n"); err != nil {
		return 0, err
	}
	if err := f.Close(); err != nil {
		return 0, err
	}
	return len(w.executions()), nil
}

// executions returns what was executed, by all processes with this log.
func (w *world) executions() []string {
	data, _ := os.ReadFile(w.log)
	return strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
}
