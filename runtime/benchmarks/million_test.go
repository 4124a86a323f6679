package benchmarks

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"
)

// usually is how many entries BenchmarkMillion has, if the variable CACHEGEN_ENTRIES doesn't say otherwise. Vast has room for a fifth more than
// a million; a file of settings (CACHEGEN_CONFIG) gives it more.
const usually = 1_000_000

// million names as many cities, in an array of their own: whoever keeps a name shares it.
var million = sync.OnceValue(func() []string {
	n, err := strconv.Atoi(cmp.Or(os.Getenv("CACHEGEN_ENTRIES"), strconv.Itoa(usually)))
	if err != nil {
		panic(err)
	}
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("city-%07d", i)
	}
	return names
})

// BenchmarkMillion has a million entries, which are asked for in random order, and reports besides the time of a hit the bytes of heap that
// an entry takes, and the time of a collection of garbage. The names of the cities are not counted, whoever copies them is.
func BenchmarkMillion(b *testing.B) {
	names := million()
	run := func(b *testing.B, get call) {
		ctx := context.Background()
		before := heap()
		for i, city := range names {
			if _, err := get(ctx, city, i); err != nil {
				b.Fatal(err)
			}
		}
		time.Sleep(50 * time.Millisecond) // what the library does in the background
		entry := float64(heap()-before) / float64(len(names))
		collect := collection()
		random := rand.New(rand.NewPCG(1, 2))
		order := make([]uint32, 1<<20)
		for i := range order {
			order[i] = uint32(random.IntN(len(names)))
		}
		i := 0
		defer processor(b)()
		for b.Loop() {
			n := int(order[i%len(order)])
			sink, _ = get(ctx, names[n], n)
			i++
		}
		b.ReportMetric(entry, "B/entry")
		b.ReportMetric(float64(collect.Microseconds()), "cpu-µs/GC")
		runtime.KeepAlive(get)
	}
	b.Run("by=cachegen", func(b *testing.B) {
		defer VastCache.Clear(b.Context())
		run(b, CachedVast)
	})
	for name, r := range rivals {
		b.Run("by="+name, func(b *testing.B) { run(b, r.rival(len(names)/5*6, 0)) })
	}
}

// heap is how many bytes are in use.
func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// collection is how much time of processors a collection takes, the least of three.
func collection() time.Duration {
	least := time.Hour
	for range 3 {
		began := used()
		runtime.GC()
		least = min(least, used()-began)
	}
	return least
}
