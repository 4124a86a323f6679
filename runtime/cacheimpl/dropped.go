package cacheimpl

import "sync"

// Dropped is a result that is not kept, by the option drop. Only the caller that executes the
// function gets it. Executions in the background may set it while the wrapper returns.
type Dropped[T any] struct {
	mu sync.Mutex
	v  T
}

// Set sets the result.
func (d *Dropped[T]) Set(v T) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.v = v
}

// Get returns the result, or the zero value if the function was not executed.
func (d *Dropped[T]) Get() T {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.v
}
