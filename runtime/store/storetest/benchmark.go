package storetest

import (
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/cachegen/cachegen/runtime/store"
)

// Benchmark measures a store, each call against a medium that has a thousand items of 1 KiB.
func Benchmark(b *testing.B, newMedium func(t testing.TB) Harness) {
	const items, size = 1000, 1 << 10
	m := &medium{newMedium(b)}
	s := m.user(b)
	for i := range items {
		s.in(b).putB(key("bench", i), epoch, sealed(epoch, size))
	}

	b.Run("Hit", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if _, err := s.Get(b.Context(), key("bench", i%items)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("HitParallel", func(b *testing.B) {
		var n atomic.Int64
		b.RunParallel(func(pb *testing.PB) {
			for i := int(n.Add(100)); pb.Next(); i++ {
				if _, err := s.Get(b.Context(), key("bench", i%items)); err != nil {
					b.Error(err)
					return
				}
			}
		})
	})
	b.Run("Miss", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			_, _ = s.Get(b.Context(), key("absent", i))
		}
	})
	b.Run("PutNew", func(b *testing.B) {
		b.ReportAllocs()
		value := sealed(epoch, size)
		run := newRun()
		for i := 0; b.Loop(); i++ {
			s.putB(key(run, i), epoch, value)
		}
	})
	b.Run("PutOver", func(b *testing.B) {
		b.ReportAllocs()
		value := sealed(epoch, size)
		for i := 0; b.Loop(); i++ {
			s.putB(key("bench", i%items), epoch, value)
		}
	})
	for _, size := range []int{64 << 10, 1 << 20} {
		if size > m.maxValue() {
			continue
		}
		k := key("big", size)
		s.putB(k, epoch, sealed(epoch, size))
		b.Run(fmt.Sprintf("Hit%dKiB", size>>10), func(b *testing.B) {
			b.SetBytes(int64(size))
			for b.Loop() {
				if _, err := s.Get(b.Context(), k); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	if batcher, ok := store.As[store.Batcher](s.Store); ok {
		b.Run("GetMany100", func(b *testing.B) {
			keys := make([]string, 100)
			for i := range keys {
				keys[i] = key("bench", i)
			}
			for b.Loop() {
				if got, err := batcher.GetMany(b.Context(), keys); err != nil || len(got) != len(keys) {
					b.Fatalf("%d items, %v", len(got), err)
				}
			}
		})
	}
	if leaser, ok := store.As[store.Leaser](s.Store); ok {
		b.Run("Lease", func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				lease, err := leaser.Acquire(b.Context(), key("lease", i%items), defaultLeaseTTL)
				if err != nil {
					b.Fatal(err)
				}
				if err := lease.Release(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

var runs atomic.Int64

// newRun returns a name that no earlier run of a benchmark had: its function is called several
// times.
func newRun() string { return fmt.Sprintf("run%d", runs.Add(1)) }

// putB is put for benchmarks, whose context ends before their clean-up.
func (u user) putB(key string, stamp int64, value []byte) {
	u.t.Helper()
	if _, err := u.Put(u.t.Context(), key, store.Item{Value: value, Stamp: stamp}); err != nil {
		u.t.Fatalf("Put(%q): %v", key, err)
	}
}
