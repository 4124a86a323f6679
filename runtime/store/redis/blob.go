package redis

import (
	"context"

	"github.com/redis/rueidis"

	"github.com/cachegen/cachegen/runtime/store"
)

// ReadBlob returns the value at path.
func (s *Store) ReadBlob(ctx context.Context, path string) ([]byte, error) {
	if err := store.CheckPath(path); err != nil {
		return nil, err
	}
	return call(ctx, s, &s.untracked, func(ctx context.Context, c rueidis.Client) ([]byte, error) {
		value, err := c.Do(ctx, c.B().Get().Key(s.name(blobSpace, path)).Build()).AsBytes()
		if rueidis.IsRedisNil(err) || isWrongType(err) {
			return nil, store.ErrNotFound
		}
		return value, err
	})
}

// WriteBlob makes value the value at path, as a string of Redis.
func (s *Store) WriteBlob(ctx context.Context, path string, value []byte, replace bool) (bool, error) {
	if err := store.CheckPath(path); err != nil {
		return false, err
	}
	if int64(len(value)) > s.maxValue {
		return false, s.tooLarge(value)
	}
	return call(ctx, s, &s.untracked, func(ctx context.Context, c rueidis.Client) (bool, error) {
		set := c.B().Set().Key(s.name(blobSpace, path)).Value(rueidis.BinaryString(value))
		var command rueidis.Completed
		if replace {
			command = set.Build()
		} else {
			command = set.Nx().Build()
		}
		err := c.Do(ctx, command).Error()
		if rueidis.IsRedisNil(err) {
			return false, nil
		}
		return err == nil, err
	})
}

// DeleteBlob removes the value at path.
func (s *Store) DeleteBlob(ctx context.Context, path string) error {
	if err := store.CheckPath(path); err != nil {
		return err
	}
	_, err := call(ctx, s, &s.untracked, func(ctx context.Context, c rueidis.Client) (struct{}, error) {
		return struct{}{}, c.Do(ctx, c.B().Unlink().Key(s.name(blobSpace, path)).Build()).Error()
	})
	return err
}
