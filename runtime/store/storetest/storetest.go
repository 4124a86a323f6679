// Package storetest is the suite that every store passes, against the real thing.
//
// A store's test file is this:
//
//	func TestMain(m *testing.M) { storetest.Main(m) }
//
//	func harness(t testing.TB) storetest.Harness {
//		url := "dir://" + t.TempDir()
//		return storetest.Harness{Open: storetest.Opener(url), URL: url}
//	}
//
//	func TestStore(t *testing.T)      { storetest.Run(t, harness) }
//	func BenchmarkStore(b *testing.B) { storetest.Benchmark(b, harness) }
//
// Topics about further interfaces (leases, watching, …) are tested where the store implements them.
package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

// Harness is how the suite gets at a store. All but Open is optional.
type Harness struct {
	// Open returns a new user of the medium, as another process would be. The suite closes it.
	Open func(t testing.TB) store.Store
	// URL opens the same medium by [store.Open] in another process. The suite then starts the test
	// binary again as writers and holders of leases, and kills them; [Main] must be called by
	// TestMain. Without it, the medium is in one process.
	URL string
	// Damage has ways to spoil the bytes of the item under key on the medium, by name: truncate it,
	// flip a bit, put garbage in its place.
	Damage map[string]func(t testing.TB, key string)
	// Faults has ways to break what is between the store and its medium (the server is gone, is
	// slow, answers garbage), by name. Each breaks it and returns what heals it.
	Faults map[string]func(t testing.TB) (heal func())
	// LeaseTTL is how long the suite's leases run; default: 2 s. Tests of leases take several of
	// them.
	LeaseTTL time.Duration
	// Keep opens a new user of the medium that keeps results for a while, counted from their stamps,
	// and not for ever.
	Keep func(t testing.TB, d time.Duration) store.Store
	// OtherForm says that the store keeps values in a form of another size.
	OtherForm bool
	// MaxValue is the size of the biggest value that is tried; default: 8 MiB.
	MaxValue int
}

const (
	defaultLeaseTTL = 2 * time.Second
	defaultMaxValue = 8 << 20
)

// topics are the parts of the suite in the order in which they are best read when a new store fails
// them.
var topics = []struct {
	name string
	// needs says whether the topic is about this store; nil: about every store.
	needs func(s store.Store, h Harness) bool
	run   func(t *testing.T, m *medium)
}{
	{"Basics", nil, testBasics},
	{"Stamps", nil, testStamps},
	{"Keys", nil, testKeys},
	{"Sizes", nil, testSizes},
	{"Contexts", nil, testContexts},
	{"Closing", nil, testClosing},
	{"Model", nil, testModel},
	{"Concurrency", nil, testConcurrency},
	{"Listing", implements[store.Lister], testListing},
	{"Batches", implements[store.Batcher], testBatches},
	{"Stamper", implements[store.Stamper], testStamper},
	{"Blobs", implements[store.Blobber], testBlobs},
	{"Pruning", implements[store.Pruner], testPruning},
	{"Keeping", func(_ store.Store, h Harness) bool { return h.Keep != nil }, testKeeping},
	{"Watching", implements[store.Watcher], testWatching},
	{"Leases", implements[store.Leaser], testLeases},
	{"Processes", func(_ store.Store, h Harness) bool { return h.URL != "" }, testProcesses},
	{"Damage", func(_ store.Store, h Harness) bool { return len(h.Damage) > 0 }, testDamage},
	{"Faults", func(_ store.Store, h Harness) bool { return len(h.Faults) > 0 }, testFaults},
}

func implements[T any](s store.Store, _ Harness) bool {
	_, ok := store.As[T](s)
	return ok
}

// as returns s as a T that it is known to be.
func as[T any](s store.Store) T {
	t, _ := store.As[T](s)
	return t
}

// Run runs the suite. It calls newMedium for each topic, which returns a medium without items that
// nothing else uses: another folder, database or prefix. Topics run in parallel.
func Run(t *testing.T, newMedium func(t testing.TB) Harness) {
	t.Helper()
	probe := newMedium(t)
	s := probe.Open(t)
	defer s.Close()
	for _, topic := range topics {
		if topic.needs != nil && !topic.needs(s, probe) {
			continue
		}
		t.Run(topic.name, func(t *testing.T) {
			t.Parallel()
			topic.run(t, &medium{newMedium(t)})
		})
	}
}

// Opener returns an Open for a [Harness] that opens url.
func Opener(url string) func(t testing.TB) store.Store {
	return func(t testing.TB) store.Store {
		t.Helper()
		s, err := store.Open(context.Background(), url)
		if err != nil {
			t.Fatalf("open %s: %v", url, err)
		}
		return s
	}
}
