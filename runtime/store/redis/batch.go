package redis

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/redis/rueidis"

	"github.com/cachegen/cachegen/runtime/store"
)

// batch is how many commands go out in one pipeline.
const batch = 256

// GetMany returns the items that exist among keys.
func (s *Store) GetMany(ctx context.Context, keys []string) (map[string]store.Item, error) {
	return many(ctx, s, keys, func(c rueidis.Client, name string) rueidis.Completed { return c.B().Get().Key(name).Build() }, item)
}

// Stamps returns the stamps of the items that exist among keys.
func (s *Store) Stamps(ctx context.Context, keys []string) (map[string]int64, error) {
	command := func(c rueidis.Client, name string) rueidis.Completed {
		return c.B().Getrange().Key(name).Start(0).End(stampSize - 1).Build()
	}
	return many(ctx, s, keys, command, func(answer rueidis.RedisResult) (int64, error) {
		digits, err := answer.AsBytes()
		if isWrongType(err) {
			return 0, store.ErrNotFound
		}
		if err != nil {
			return 0, err
		}
		stamp, ok := decodeStamp(digits)
		if !ok {
			return 0, store.ErrNotFound
		}
		return stamp, nil
	})
}

// many sends a command for each key, in pipelines of [batch] commands. It returns the items that
// were found before the first failure.
func many[T any](
	ctx context.Context, s *Store, keys []string,
	command func(rueidis.Client, string) rueidis.Completed, read func(rueidis.RedisResult) (T, error),
) (map[string]T, error) {
	for _, key := range keys {
		if err := store.CheckKey(key); err != nil {
			return nil, err
		}
	}
	found := make(map[string]T, len(keys))
	if err := s.check(ctx); err != nil {
		return found, err
	}
	for chunk := range slices.Chunk(keys, batch) {
		part, err := call(ctx, s, &s.tracked, func(ctx context.Context, c rueidis.Client) (map[string]T, error) {
			commands := make([]rueidis.Completed, len(chunk))
			for i, key := range chunk {
				commands[i] = command(c, s.name(itemSpace, key))
			}
			part := make(map[string]T, len(chunk))
			for i, answer := range c.DoMulti(ctx, commands...) {
				switch value, err := read(answer); {
				case err == nil:
					part[chunk[i]] = value
				case !errors.Is(err, store.ErrNotFound):
					return nil, err
				}
			}
			return part, nil
		})
		if err != nil {
			return found, err
		}
		maps.Copy(found, part)
	}
	return found, nil
}
