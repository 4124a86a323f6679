package cache_test

import (
	"context"
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/cacheimpl"
)

func BenchmarkHit(b *testing.B) {
	for name, o := range map[string]cacheimpl.Options{"plain": {}, "aged": {MaxAge: time.Hour}} {
		b.Run(name, func(b *testing.B) {
			s := wrap(o, new(counter).next)
			ctx := b.Context()
			b.ReportAllocs()
			for b.Loop() {
				_, _ = s.call(ctx, 1)
			}
		})
	}
}

func BenchmarkMiss(b *testing.B) {
	s := wrap(cacheimpl.Options{MemoryEntries: 1000}, func(context.Context, int) (int, error) { return 1, nil })
	ctx := b.Context()
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		n++
		_, _ = s.call(ctx, n)
	}
}
