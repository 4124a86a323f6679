package runtime

import (
	"context"
)

// DoBatch returns the results for ids: those that are there, and those that one call makes of all that are missing. Elements for
// which call has no result are absent. It is for generated code.
func DoBatch[K comparable, A ComparableArgs, V any](
	f *Function[A, V], ctx context.Context, ids []K, args func(K) A, call func(context.Context, []K) (map[K]V, error),
) (map[K]V, error) {
	return call(ctx, ids)
}

// DoBatchEncoded is DoBatch for an EncodedFunction.
func DoBatchEncoded[K comparable, A Args, V any](
	f *EncodedFunction[A, V], ctx context.Context, ids []K, args func(K) A, call func(context.Context, []K) (map[K]V, error),
) (map[K]V, error) {
	return call(ctx, ids)
}
