package conformance

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"weak"

	cache "github.com/cachegen/cachegen/runtime"
)

// Dagster has no cache of calls: its documentation shows one inside a resource, with pickle and files. It never hits, since its test for
// an entry fails and the failure is swallowed.

// A cache inside a resource that doesn't depend on which resource it is.
func TestDagsterReceiverIgnored(t *testing.T) {
	p := memory(t)
	want(t, 1)((&resource{"a"}).cachedShared(p.ctx, "k"))
	want(t, 1)((&resource{"b"}).cachedShared(p.ctx, "k"))
}

// Two resources with one configuration share results, those of another one don't.
func TestDagsterReceiverKeyed(t *testing.T) {
	p := memory(t)
	want(t, 1)(resource{"a"}.cachedKeyed(p.ctx, "k"))
	want(t, 2)(resource{"b"}.cachedKeyed(p.ctx, "k"))
	want(t, 1)(resource{"a"}.cachedKeyed(p.ctx, "k"))
}

// A cache that is a resource's own: isolated from its twins, in no store, gone with it.
func TestDagsterReceiverOwn(t *testing.T) {
	url := folder(t)
	p := open(t, cache.Config{URL: url})
	a, b := &resource{"same"}, &resource{"same"}
	want(t, 1)(a.cachedOwn(p.ctx, "k"))
	want(t, 2)(b.cachedOwn(p.ctx, "k"))
	want(t, 1)(a.cachedOwn(p.ctx, "k"))
	p.close()
	q := p.beside(t, cache.Config{URL: url})
	want(t, 3)(a.cachedOwn(q.ctx, "k"))

	gone := weak.Make(a)
	runtime.KeepAlive(a)
	a = nil
	for range 100 {
		runtime.GC()
		if gone.Value() == nil {
			return
		}
	}
	t.Error("the cache keeps its receiver")
}

func init() {
	programs["dagster"] = func(ctx context.Context, _ *world) (any, error) {
		r := &resource{"a"}
		n, err := r.cachedShared(ctx, "k")
		if err != nil {
			return nil, err
		}
		rows, m, err := cachedAsset(ctx, "k")
		return []any{n, rows, m}, err
	}
}

// What one process computed, the next one finds; that was the point of the pickled files.
func TestDagsterKeptAcrossProcesses(t *testing.T) {
	m := newMachine(t)
	m.expect("dagster", "[1 [k k] 2] <nil>")
	m.expect("dagster", "[1 [k k] 2] <nil>")
	if got := m.executed(); !slices.Equal(got, []string{"shared k", "asset k"}) {
		t.Errorf("%q", got)
	}
}

// A broken cache is seen: by those who observe, in the log, in the counters. It fails no call.
func TestDagsterBrokenCacheIsVisible(t *testing.T) {
	t.Run("damaged entry", func(t *testing.T) {
		dir := t.TempDir()
		url := "dir://" + filepath.ToSlash(dir)
		p := open(t, cache.Config{URL: url})
		want(t, 1)((&resource{}).cachedShared(p.ctx, "k"))
		p.close()
		damage(t, dir)
		q := p.beside(t, cache.Config{URL: url})
		want(t, 2)((&resource{}).cachedShared(q.ctx, "k"))
		if e := q.events.last(); e.Outcome != cache.Miss || e.Reason != cache.Corrupt {
			t.Errorf("%+v", e)
		}
		q.close()
		r := p.beside(t, cache.Config{URL: url})
		want(t, 2)((&resource{}).cachedShared(r.ctx, "k")) // repaired
	})
	t.Run("no folder", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "file")
		must(t, os.WriteFile(file, nil, 0o600))
		p := open(t, cache.Config{URL: "dir://" + filepath.ToSlash(file)})
		want(t, 1)((&resource{}).cachedShared(p.ctx, "k"))
		want(t, 1)((&resource{}).cachedShared(p.ctx, "k")) // from memory
		p.close()
		faults := p.events.faults()
		if len(faults) == 0 {
			t.Fatal("nothing to see")
		}
		if e := faults[0]; e.Reason != cache.StoreFailed || e.Err == nil || !strings.HasSuffix(e.Func, "resource.shared") {
			t.Errorf("%+v", e)
		}
		if resourceSharedCache.Stats().Faults == 0 {
			t.Error("not counted")
		}
	})
}

// damage flips a bit in each entry below dir.
func damage(t *testing.T, dir string) {
	t.Helper()
	damaged := 0
	must(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.Contains(d.Name(), "conformance") {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		data[len(data)/2] ^= 1
		damaged++
		return os.WriteFile(path, data, 0o600)
	}))
	if damaged == 0 {
		t.Fatal("found no entry to damage")
	}
}

// An entry is there as a whole or not at all, wherever its writer was killed.
func TestDagsterWriterKilled(t *testing.T) {
	m := newMachine(t)
	for i := range 5 {
		c := m.start("dagster")
		time.Sleep(time.Duration(i) * 5 * time.Millisecond)
		c.kill()
	}
	first := m.run("dagster")
	before := len(m.executed())
	m.expect("dagster", first)
	if after := len(m.executed()); after != before {
		t.Errorf("executed %q", m.executed()[before:])
	}
}
