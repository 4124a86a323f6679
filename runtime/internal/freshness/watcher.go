package freshness

import (
	"log/slog"
	"sync"

	"github.com/cachegen/cachegen/internal/sources"
)

// Watcher compares sources with records. Each directory is read once: what is edited while the
// program runs makes no difference to it, which was built before. The zero Watcher is ready for
// use, by many goroutines.
type Watcher struct {
	start  sync.Once
	beside bool // whether the program runs next to its sources

	mu      sync.Mutex
	records map[string]*sources.Record // by directory; nil: none
	digests map[string]string          // by directory
	warned  map[string]bool            // by function
}

// Watch returns what reports whether the code behind a wrapper changed since it was generated, or
// nil where nobody looks. The generated file is the one that calls package runtime. The first
// report that it did change is logged.
func (w *Watcher) Watch(function, version string) func() bool {
	w.start.Do(func() { w.beside = besideSources(executable()) })
	if !w.beside {
		return nil
	}
	dir := callerDir()
	if dir == "" {
		return nil
	}
	return sync.OnceValue(func() bool { return w.changed(dir, function, version) })
}

func (w *Watcher) changed(dir, function, version string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.records == nil {
		w.records, w.digests, w.warned = map[string]*sources.Record{}, map[string]string{}, map[string]bool{}
	}
	record := w.record(dir)
	if record == nil {
		return false
	}
	changed := record.Changed(function, version, w.digest)
	if changed == "" {
		return false
	}
	if !w.warned[function] {
		w.warned[function] = true
		slog.Default().Warn("cachegen: not cached, for its code changed since its wrapper was generated; run go generate",
			"func", function, "changed", changed)
	}
	return true
}

// record returns the record for a directory, nil if there is none.
func (w *Watcher) record(dir string) *sources.Record {
	r, known := w.records[dir]
	if !known {
		if loaded, ok := sources.Load(dir); ok {
			r = &loaded
		}
		w.records[dir] = r
	}
	return r
}

// digest returns what the code in a directory is, "" if it can't be read.
func (w *Watcher) digest(dir string) string {
	d, known := w.digests[dir]
	if !known {
		if state, err := sources.Read(dir); err == nil {
			d = state.Digest
		}
		w.digests[dir] = d
	}
	return d
}
