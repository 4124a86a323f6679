// Package background runs work that nobody waits for: refreshes of stale results, writes to stores.
package background

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"
)

// ErrFull says that a task was dropped because too many wait already.
var ErrFull = errors.New("background: queue is full")

// ErrClosed says that a task was dropped because the pool was closed.
var ErrClosed = errors.New("background: closed")

// ErrExited says that a task ended its goroutine with [runtime.Goexit].
var ErrExited = errors.New("background: task called Goexit")

// PanicError is a panic of a task.
type PanicError struct {
	Value any
	Stack []byte
}

// Error has the value and not the stack.
func (e *PanicError) Error() string { return fmt.Sprintf("background: panic: %v", e.Value) }

// Unwrap returns the value that the task panicked with, if it is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// Config says how a pool works. The zero value has the defaults.
type Config struct {
	// Workers is how many tasks run at a time; 0: 4.
	Workers int
	// Queue is how many tasks wait for a worker before further ones are dropped; 0: 1024.
	Queue int
	// Bytes is how many bytes tasks that wait and run may hold together before further ones are
	// dropped, unless there are no others; 0: any number.
	Bytes int64
	// Timeout is when the context of a task ends, counted from its start; 0: never.
	Timeout time.Duration
	// Report is told of tasks that were dropped, failed or panicked, by their key; nil: nobody is.
	// It is called by the goroutine that finds out, and may add tasks.
	Report func(key string, err error)
}

// Pool runs tasks on a bounded number of goroutines, and on none while there is nothing to do. All
// methods are safe for concurrent use.
type Pool struct {
	config Config

	mu      sync.Mutex
	tasks   queue
	pending map[string]struct{} // keys of tasks that wait or run
	running map[*task]context.CancelFunc
	workers int
	closed  bool
	held    int64           // bytes of tasks that wait or run
	idle    []chan struct{} // closed when the last worker ends
}

type task struct {
	ctx  context.Context
	key  string
	size int64
	do   func(context.Context) error
	next *task
}

// New returns a pool.
func New(c Config) *Pool {
	if c.Workers <= 0 {
		c.Workers = 4
	}
	if c.Queue <= 0 {
		c.Queue = 1024
	}
	if c.Report == nil {
		c.Report = func(string, error) {}
	}
	return &Pool{config: c, pending: map[string]struct{}{}, running: map[*task]context.CancelFunc{}}
}

// Go has do run soon with the values of ctx but neither its end nor its deadline, and reports
// whether it will. It never blocks. A task whose key is that of one that waits or runs is left out
// silently: what it is for is under way. Tasks with the key "" are all different.
func (p *Pool) Go(ctx context.Context, key string, do func(context.Context) error) bool {
	return p.GoHolding(ctx, key, 0, do)
}

type within struct{}

// Within reports whether ctx is that of a task, or comes from it.
func Within(ctx context.Context) bool { return ctx.Value(within{}) != nil }

// GoHolding is Go for a task that holds so many bytes until it is done.
func (p *Pool) GoHolding(ctx context.Context, key string, bytes int64, do func(context.Context) error) bool {
	ok, err := p.add(&task{ctx: context.WithValue(context.WithoutCancel(ctx), within{}, true), key: key, size: bytes, do: do})
	if err != nil {
		p.config.Report(key, err)
	}
	return ok
}

func (p *Pool) add(t *task) (bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, twice := p.pending[t.key]; twice {
		return false, nil
	}
	if p.closed {
		return false, ErrClosed
	}
	if p.workers == p.config.Workers && p.tasks.len == p.config.Queue {
		return false, ErrFull
	}
	if p.config.Bytes > 0 && t.size > 0 && p.held > 0 && p.held+t.size > p.config.Bytes {
		return false, ErrFull
	}
	p.held += t.size
	if t.key != "" {
		p.pending[t.key] = struct{}{}
	}
	p.tasks.push(t)
	if p.workers < p.config.Workers {
		p.workers++
		go p.work()
	}
	return true, nil
}

// work runs tasks until none is left.
func (p *Pool) work() {
	for {
		t, ctx := p.take()
		if t == nil {
			return
		}
		p.run(ctx, t)
	}
}

// take removes the next task from the queue. Without one the caller's goroutine is a worker no
// longer.
func (p *Pool) take() (*task, context.Context) {
	p.mu.Lock()
	defer p.mu.Unlock()
	t := p.tasks.pop()
	if t == nil {
		p.workers--
		if p.workers == 0 {
			for _, c := range p.idle {
				close(c)
			}
			p.idle = nil
		}
		return nil, nil
	}
	ctx, cancel := p.limit(t.ctx)
	p.running[t] = cancel
	return t, ctx
}

func (p *Pool) limit(ctx context.Context) (context.Context, context.CancelFunc) {
	if p.config.Timeout > 0 {
		return context.WithTimeout(ctx, p.config.Timeout)
	}
	return context.WithCancel(ctx)
}

func (p *Pool) run(ctx context.Context, t *task) {
	err, exiting := ErrExited, true
	defer func() {
		if v := recover(); v != nil {
			err, exiting = &PanicError{v, debug.Stack()}, false
		}
		p.finish(t)
		if err != nil {
			p.config.Report(t.key, err)
		}
		if exiting {
			go p.work() // in place of this goroutine, which ends here
		}
	}()
	err = t.do(ctx)
	exiting = false
}

func (p *Pool) finish(t *task) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.running[t]()
	p.held -= t.size
	delete(p.running, t)
	delete(p.pending, t.key)
}

// Holds returns how many bytes tasks that wait and run hold.
func (p *Pool) Holds() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.held
}

// Drain returns when no task waits or runs, or with ctx's error.
func (p *Pool) Drain(ctx context.Context) error {
	idle := p.whenIdle()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (p *Pool) whenIdle() <-chan struct{} {
	c := make(chan struct{})
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.workers == 0 {
		close(c)
	} else {
		p.idle = append(p.idle, c)
	}
	return c
}

// Close takes no more tasks and returns when those that it took are done. If ctx ends before, it
// drops what still waits, ends the contexts of what runs, and returns ctx's error at once.
func (p *Pool) Close(ctx context.Context) error {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	err := p.Drain(ctx)
	if err != nil {
		for _, t := range p.abort() {
			p.config.Report(t.key, ErrClosed)
		}
	}
	return err
}

// abort ends the contexts of the running tasks and returns those that will not run.
func (p *Pool) abort() (dropped []*task) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, cancel := range p.running {
		cancel()
	}
	for t := p.tasks.pop(); t != nil; t = p.tasks.pop() {
		delete(p.pending, t.key)
		p.held -= t.size
		dropped = append(dropped, t)
	}
	return dropped
}
