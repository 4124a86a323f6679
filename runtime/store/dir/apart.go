package dir

import (
	"context"
)

// mostStuck is how many calls of the system may be stuck before further calls wait for one of them: each takes a thread.
const mostStuck = 64

// apart calls f. Where the folder is distant it does so in another goroutine, and leaves it alone when ctx ends: a call of the system
// can't be interrupted, and on a network file system whose server is gone it takes until that is back. On a local one this would only
// cost time.
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

// newWithin is New, as long as ctx lasts.
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
