package memory

import (
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
)

// hashes are ways to make hashes of numbers: good ones, and ones that have leaves, buckets or tags
// in common.
var hashes = map[string]func(n uint64) uint64{
	"random":      func(n uint64) uint64 { return mix(n + 1) },
	"one tag":     func(n uint64) uint64 { return mix(n) &^ (0x7f << 32) },
	"few buckets": func(n uint64) uint64 { return n<<9 | n%3 },
	"few leaves":  func(n uint64) uint64 { return n%3<<62 | n },
	"in a row":    func(n uint64) uint64 { return n },
}

// mix is the end of splitmix64.
func mix(n uint64) uint64 {
	n = (n ^ n>>30) * 0xbf58476d1ce4e5b9
	n = (n ^ n>>27) * 0x94d049bb133111eb
	return n ^ n>>31
}

// TestTableIsAMap does at random to a table and a map what tiers do.
func TestTableIsAMap(t *testing.T) {
	for name, hash := range hashes {
		t.Run(name, func(t *testing.T) {
			const keys = 8000
			var table table
			m := map[uint64]*Header{}
			refused := 0
			for i := range 25_000 {
				h := hash(rand.Uint64N(keys))
				there := m[h]
				if got := table.find(h); got != there {
					t.Fatalf("%d: %x: %v, want %v", i, h, got, there)
				}
				switch fresh := (&Header{hash: h}); {
				case there == nil && !table.insert(fresh):
					refused++
				case there == nil:
					m[h] = fresh
				case rand.IntN(3) == 0:
					table.replace(fresh)
					m[h] = fresh
				default:
					table.remove(h)
					delete(m, h)
				}
				if i%10_000 == 0 {
					runtime.GC()
				}
			}
			n := 0
			for h := range table.all() {
				if n++; m[h.hash] != h {
					t.Fatalf("%x is there", h.hash)
				}
			}
			if n != len(m) || table.n != n {
				t.Errorf("%d entries, counted %d, want %d", n, table.n, len(m))
			}
			if refused > 0 && name == "random" {
				t.Errorf("refused %d", refused)
			}
		})
	}
}

// TestTableIsBounded has hashes that all belong to one leaf.
func TestTableIsBounded(t *testing.T) {
	var table table
	for n := range uint64(20_000) {
		table.insert(&Header{hash: n})
	}
	if leaves := len(table.dir.Load().leaves); leaves > 64+table.n/64 || table.n < maxBuckets*fullBuckets {
		t.Errorf("%d leaves for %d entries", leaves, table.n)
	}
}

// TestTableWhileItGrows has readers look for entries that stay, while others come and go.
func TestTableWhileItGrows(t *testing.T) {
	hash := hashes["random"]
	var table table
	var stay []*Header
	for n := range uint64(500) {
		stay = append(stay, &Header{hash: hash(n)})
		table.insert(stay[n])
	}
	var stop atomic.Bool
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() {
			for i := 0; !stop.Load(); i++ {
				if h := stay[i%len(stay)]; table.find(h.hash) != h {
					t.Errorf("%x is missing", h.hash)
					return
				}
			}
		})
	}
	for range 2 {
		for n := range uint64(10_000) {
			table.insert(&Header{hash: hash(1000 + n)})
		}
		for n := range uint64(10_000) {
			table.remove(hash(1000 + n))
		}
	}
	stop.Store(true)
	readers.Wait()
}

func TestSizes(t *testing.T) {
	for _, size := range []int64{0, 1, 100, 1<<26 - 1, 1 << 26, 1<<26 + 12345, 1 << 40, 1<<50 + 7} {
		var h Header
		h.Touch()
		h.SetSize(size)
		got := h.Size()
		if h.recency() != 1 || got > size || size-got > size>>24 || size < 1<<26 && got != size {
			t.Errorf("%d became %d, used %d", size, got, h.recency())
		}
	}
	var h Header
	h.SetSize(1 << 62)
	if h.Size() < 1<<54 {
		t.Errorf("the largest is %d", h.Size())
	}
}
