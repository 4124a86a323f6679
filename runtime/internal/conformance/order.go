package conformance

import (
	"context"
	"os"

	cache "github.com/cachegen/cachegen/runtime"
)

// ordered is written, forgotten and refreshed in several processes.
//
//cache:auto tags=ordered,n{n}
func ordered(ctx context.Context, n int) (int, error) { return execute(ctx, "ordered", n) }

// batched is cached by element.
//
//cache:auto batch=ids
func batched(ctx context.Context, ids []int) (map[int]int, error) {
	all := map[int]int{}
	for _, id := range ids {
		if id < 0 {
			continue // there is none
		}
		n, err := execute(ctx, "batched", id)
		if err != nil {
			return nil, err
		}
		all[id] = n
	}
	return all, nil
}

// counted depends on a file's content.
//
//cache:auto reviewed // the file is an input
func counted(ctx context.Context, name cache.File) (int, error) {
	if _, err := os.ReadFile(string(name)); err != nil {
		return 0, err
	}
	return execute(ctx, "counted")
}

// guarded has a secret input.
//
//cache:auto secret=password
func guarded(ctx context.Context, user, password string) (int, error) {
	return execute(ctx, "guarded", user)
}

// alone doesn't join.
//
//cache:auto coalesce=off
func alone(ctx context.Context, n int) (int, error) { return execute(ctx, "alone", n) }
