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

// encodingOf appends the encoding of a to b. One that gets long is made only if a is: where parts
// of it are shared many times over, or there is no time for it, a has no encoding.
func encodingOf[A Args](ctx context.Context, a A, b []byte) []byte {
	if p := a.AppendCacheKey(b); p != nil {
		return p
	}
	return largeEncodingOf(ctx, a)
}

// largeEncodingOf returns the encoding of a whose encoding is not small, nil if it has none.
func largeEncodingOf[A Args](ctx context.Context, a A) []byte {
	size, err := extent.Measure(ctx, reflect.ValueOf(&a))
	if err != nil || size < canon.Small/16 { // That it has none has another reason.
		return nil
	}
	return a.AppendCacheKey(make([]byte, 0, max(size, canon.Small)+spare))
}
