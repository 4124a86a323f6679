package benchmarks

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/maypok86/otter/v2"

	cache "github.com/cachegen/cachegen/runtime"
)

// traces is where a folder of recorded traces is named: files of text, a key on each line.
const traces = "CACHEGEN_TRACES"

// BenchmarkHitRatio replays traces in memory tiers that have room for a part of the keys, and reports the share of hits. The figures don't
// depend on the machine.
func BenchmarkHitRatio(b *testing.B) {
	for name, keys := range recorded(b) {
		unique := number(keys)
		for _, percent := range []int{1, 5, 20} {
			room := max(unique*percent/100, 10)
			for by, replay := range map[string]func(keys []int, room int) (hits int){"otter": replayOtter, "cachegen": replayCachegen} {
				b.Run(fmt.Sprintf("%s/room=%d%%/by=%s", name, percent, by), func(b *testing.B) {
					hits := 0
					for b.Loop() {
						hits = replay(keys, room)
					}
					b.ReportMetric(100*float64(hits)/float64(len(keys)), "%hits")
				})
			}
		}
	}
}

func replayOtter(keys []int, room int) (hits int) {
	o := otter.Must(&otter.Options[int, int]{MaximumSize: room, Executor: func(task func()) { task() }})
	for _, k := range keys {
		if _, ok := o.GetIfPresent(k); ok {
			hits++
			continue
		}
		o.Set(k, k)
		o.CleanUp()
	}
	return hits
}

func replayCachegen(keys []int, room int) (hits int) {
	c, err := cache.New(cache.Config{URL: "none", MemoryEntries: room})
	if err != nil {
		panic(err)
	}
	ctx := cache.WithCache(context.Background(), c)
	defer c.Close(ctx)
	before := ForecastCache.Stats().Hits
	for _, k := range keys {
		_, _ = CachedForecast(ctx, "", k, nil)
	}
	return int(ForecastCache.Stats().Hits - before)
}

// recorded returns the traces in the folder, or if none is named some that are made.
func recorded(b *testing.B) map[string][]int {
	dir := os.Getenv(traces)
	if dir == "" {
		return made()
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		b.Fatal(err)
	}
	all := map[string][]int{}
	for _, f := range files {
		if all[f.Name()], err = read(filepath.Join(dir, f.Name())); err != nil {
			b.Fatal(err)
		}
	}
	return all
}

// read returns the lines of a file as numbers, the same for the same line.
func read(name string) (keys []int, err error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	numbers := map[string]int{}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		n, ok := numbers[lines.Text()]
		if !ok {
			n = len(numbers)
			numbers[lines.Text()] = n
		}
		keys = append(keys, n)
	}
	return keys, lines.Err()
}

// made returns traces as they are thought up: some keys are wanted far more often than others, with and without a scan in between, and a
// loop over more keys than there is room for.
func made() map[string][]int {
	const unique, length = 2000, 40_000
	random := rand.New(rand.NewPCG(1, 2))
	zipf := rand.NewZipf(random, 1.1, 1, unique-1)
	var plain, scanned, loop []int
	for i := range length {
		k := int(zipf.Uint64())
		plain, scanned, loop = append(plain, k), append(scanned, k), append(loop, i%unique)
		if i%4 == 0 {
			scanned = append(scanned, unique+i)
		}
	}
	return map[string][]int{"zipf": plain, "scan": scanned, "loop": loop}
}

// number is how many different keys there are.
func number(keys []int) int {
	seen := map[int]bool{}
	for _, k := range keys {
		seen[k] = true
	}
	return len(seen)
}
