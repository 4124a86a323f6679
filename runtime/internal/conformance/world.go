package conformance

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"

	cache "github.com/cachegen/cachegen/runtime"
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

type worldKey struct{}

// in returns a context in which functions find w and their results are kept in c.
func (w *world) in(ctx context.Context, c *cache.Cache) context.Context {
	return cache.WithCache(context.WithValue(ctx, worldKey{}, w), c)
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

// execute is the body of functions under test: it returns how many executions there were, this one included.
//
//cache:reviewed
func execute(ctx context.Context, what string, args ...any) (int, error) {
	w := ctx.Value(worldKey{}).(*world)
	what = strings.TrimSuffix(fmt.Sprintln(append([]any{what}, args...)...), "\n")
	n, err := w.note(what)
	if err != nil {
		return 0, err
	}
	w.mu.Lock()
	during := w.during
	w.mu.Unlock()
	if during != nil {
		err = during(ctx, what)
	}
	return n, err
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
