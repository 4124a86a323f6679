package dynamodb

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/internal/calls"
)

// batch is how many items DynamoDB returns at once.
const batch = 100

// GetMany returns the items that exist among keys.
func (s *Store) GetMany(ctx context.Context, keys []string) (map[string]store.Item, error) {
	found := make(map[string]store.Item, len(keys))
	err := s.each(ctx, keys, nil, func(ctx context.Context, key string, a attributes) error {
		e, err := s.complete(ctx, s.name(itemSpace, key), parseEntry(a))
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err == nil && !s.keep.Over(key, e.stamp) {
			found[key] = e.item()
		}
		return err
	})
	return found, err
}

// Stamps returns the stamps of the items that exist among keys.
func (s *Store) Stamps(ctx context.Context, keys []string) (map[string]int64, error) {
	found := make(map[string]int64, len(keys))
	projection := keyName + ", " + stampName
	err := s.each(ctx, keys, &projection, func(_ context.Context, key string, a attributes) error {
		if stamp := parseEntry(a).stamp; !s.keep.Over(key, stamp) {
			found[key] = stamp
		}
		return nil
	})
	return found, err
}

// each calls do with what the table has under keys, a batch at a time.
func (s *Store) each(
	ctx context.Context, keys []string, projection *string, do func(context.Context, string, attributes) error,
) error {
	for _, key := range keys {
		if err := store.CheckKey(key); err != nil {
			return err
		}
	}
	if err := s.calls.Check(ctx); err != nil {
		return err
	}
	unique := slices.Compact(slices.Sorted(slices.Values(keys))) // DynamoDB refuses keys that come twice.
	for chunk := range slices.Chunk(unique, batch) {
		err := calls.Run(ctx, s.calls, func(ctx context.Context) error { return s.eachOf(ctx, chunk, projection, do) })
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) eachOf(
	ctx context.Context, keys []string, projection *string, do func(context.Context, string, attributes) error,
) error {
	want := types.KeysAndAttributes{ConsistentRead: aws.Bool(true), ProjectionExpression: projection}
	for _, key := range keys {
		want.Keys = append(want.Keys, s.key(s.name(itemSpace, key)))
	}
	ask := map[string]types.KeysAndAttributes{s.table: want}
	for pause := 10 * time.Millisecond; len(ask) > 0; pause *= 2 {
		out, err := s.client.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: ask})
		if err != nil {
			return err
		}
		for _, a := range slices.Concat(slices.Collect(maps.Values(out.Responses))...) {
			if err := do(ctx, strings.TrimPrefix(readText(a[keyName]), s.name(itemSpace, "")), a); err != nil {
				return err
			}
		}
		progress := len(out.Responses[s.table]) > 0
		if ask = out.UnprocessedKeys; len(ask) == 0 || progress {
			continue
		}
		select { // Too much was asked of the table.
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
	return nil
}
