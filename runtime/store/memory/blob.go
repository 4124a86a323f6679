package memory

import (
	"context"
	"fmt"

	"github.com/cachegen/cachegen/runtime/store"
)

// ReadBlob implements [store.Blobber].
func (s *Store) ReadBlob(ctx context.Context, path string) ([]byte, error) {
	if err := s.enterPath(ctx, path); err != nil {
		return nil, err
	}
	s.medium.mu.Lock()
	defer s.medium.mu.Unlock()
	value, ok := s.medium.blobs[path]
	if !ok {
		return nil, store.ErrNotFound
	}
	return value, nil
}

// WriteBlob implements [store.Blobber]. Values at paths don't count against the bounds: a user who
// asks for a path wants the value to stay.
func (s *Store) WriteBlob(ctx context.Context, path string, value []byte, replace bool) (bool, error) {
	if err := s.enterPath(ctx, path); err != nil {
		return false, err
	}
	if int64(len(value)) > s.medium.options.Bytes {
		return false, fmt.Errorf("store: memory: %d bytes: %w", len(value), store.ErrTooLarge)
	}
	s.medium.mu.Lock()
	defer s.medium.mu.Unlock()
	if _, ok := s.medium.blobs[path]; ok && !replace {
		return false, nil
	}
	s.medium.blobs[path] = value
	return true, nil
}

// DeleteBlob implements [store.Blobber].
func (s *Store) DeleteBlob(ctx context.Context, path string) error {
	if err := s.enterPath(ctx, path); err != nil {
		return err
	}
	s.medium.mu.Lock()
	defer s.medium.mu.Unlock()
	delete(s.medium.blobs, path)
	return nil
}

func (s *Store) enterPath(ctx context.Context, path string) error {
	if err := s.err(ctx); err != nil {
		return err
	}
	return store.CheckPath(path)
}
