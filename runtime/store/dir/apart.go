package dir

import (
	"context"
)

// mostStuck bounds the system calls that may be stuck, because each takes a thread. Further calls
// wait for one of them.
const mostStuck = 64

// apart calls f. For a distant folder it calls f in another goroutine, and abandons it when ctx
// ends. A system call can't be interrupted. On a network file system whose server is gone it takes
// until the server is back. On a local file system the goroutine would only cost time.
func apart[T any](ctx context.Context, s *Store, f func() (T, error)) (T, error) {
	if !s.distant {
		return f()
	}
	type result struct {
		value T
		err   error
	}
	var none T
	select {
	case s.stuck <- struct{}{}:
	case <-ctx.Done():
		return none, ctx.Err()
	}
	done := make(chan result, 1)
	go func() {
		defer func() { <-s.stuck }()
		value, err := f()
		done <- result{value, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		return none, ctx.Err()
	}
}

// newWithin is New, abandoned when ctx ends.
func newWithin(ctx context.Context, folder string, o Options) (*Store, error) {
	type result struct {
		store *Store
		err   error
	}
	done := make(chan result)
	go func() {
		s, err := New(folder, o)
		select {
		case done <- result{s, err}:
		case <-ctx.Done():
			if s != nil {
				s.Close()
			}
		}
	}()
	select {
	case r := <-done:
		return r.store, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
