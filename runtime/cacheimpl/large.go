package cacheimpl

import (
	"context"
	"reflect"

	"github.com/cachegen/cachegen/runtime/internal/canon"
	"github.com/cachegen/cachegen/runtime/internal/extent"
)

// spare is room in the buffer of a large encoding for what is not measured: what the context says,
// and heads.
const spare = 64 << 10

// encodingOf appends the encoding of arguments to b. One that gets long is made only if they are:
// where parts of them are shared many times over, or there is no time for it, they have no
// encoding.
func encodingOf(ctx context.Context, args any, b []byte) []byte {
	if p := args.(Args).AppendCacheKey(b); p != nil {
		return p
	}
	return largeEncodingOf(ctx, args)
}

// largeEncodingOf returns the encoding of arguments whose encoding is not small, nil if they have
// none.
func largeEncodingOf(ctx context.Context, args any) []byte {
	size, err := extent.Measure(ctx, reflect.ValueOf(args))
	if err != nil || size < canon.Small/16 { // That they have none has another reason.
		return nil
	}
	return args.(Args).AppendCacheKey(make([]byte, 0, max(size, canon.Small)+spare))
}
