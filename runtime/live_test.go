package cache_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/cacheimpl"
	"github.com/cachegen/cachegen/runtime/internal/fakestore"
	"github.com/cachegen/cachegen/runtime/store"
)

// TestSettingsOfFile runs this test in a process of its own whose settings come from a file, which changes while it runs.
func TestSettingsOfFile(t *testing.T) {
	if name := os.Getenv("CACHEGEN_TEST_LIVE"); name != "" {
		followSettings(t, name)
		return
	}
	name := filepath.Join(t.TempDir(), "settings.json")
	write(t, name, `{"functions": {"aged": {"max-age": "0"}, "live.audited": {"audit": 1}, "small": {"memory-entries": 1},
		"kept": {"store": "archive"}, "light": {"store": "memory"}}}`)
	cmd := exec.Command(os.Args[0], "-test.run=^TestSettingsOfFile$", "-test.v")
	cmd.Env = append(os.Environ(), "CACHEGEN_TEST_LIVE="+name, "CACHEGEN_CONFIG="+name)
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS: TestSettingsOfFile") {
		t.Errorf("%v\n%s", err, out)
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name+".new", []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(name+".new", name); err != nil {
		t.Fatal(err)
	}
}

// followSettings looks whether the default cache does what the file says, and goes on to when that changes.
func followSettings(t *testing.T, name string) {
	ctx := t.Context()
	named := func(name string) *subject[int] {
		return wrapSpec(cacheimpl.Spec{Name: "example.com/live." + name}, new(counter).next)
	}
	aged, audited, small, plain := named("aged"), named("audited"), named("small"), named("plain")
	calls := func(s *subject[int], n int) (last int) {
		for range n {
			last = s.must(t, ctx, 1)
		}
		return last
	}
	if n := calls(aged, 3); n != 3 {
		t.Errorf("with max-age 0 the third call returns %d", n)
	}
	if n := calls(plain, 3); n != 1 {
		t.Errorf("the third call of another function returns %d", n)
	}
	calls(audited, 3)
	for deadline := time.Now().Add(10 * time.Second); audited.cache.Stats().Audited == 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("nothing is audited")
		}
	}
	small.must(t, ctx, 1)
	small.must(t, ctx, 2)
	if n := small.cache.Stats().Entries; n != 1 {
		t.Errorf("%d entries in memory", n)
	}

	useStores(t)

	write(t, name, `{"salt": "no"}`) // is logged, and changes nothing
	time.Sleep(1500 * time.Millisecond)
	if n := calls(aged, 1); n != 4 {
		t.Errorf("a file that can't be right holds: %d", n)
	}
	write(t, name, `{"functions": {"plain": {"mode": "bypass"}}}   `)
	for deadline := time.Now().Add(10 * time.Second); calls(plain, 1) == 1; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the file's change does not hold")
		}
	}
	if plain.cache.Stats().Bypassed == 0 {
		t.Error("no call went past the cache")
	}
	forced := cache.WithMode(ctx, cache.Use)
	if before := plain.must(t, forced, 1); plain.must(t, forced, 1) == before {
		t.Error("code lifts what the file says")
	}
	now := calls(aged, 1)
	if n := calls(aged, 2); n != now {
		t.Errorf("the age that the file said before still holds: %d, %d", now, n)
	}
}

// useStores looks whether functions use the stores that the file names.
func useStores(t *testing.T) {
	t.Helper()
	standard, archive := fakestore.New(), fakestore.New()
	c := openCache(t, cache.Config{Store: standard.Open(), Stores: map[string]store.Store{"archive": archive.Open()}})
	ctx := cache.WithCache(t.Context(), c)
	for _, name := range []string{"kept", "light", "other"} {
		s := wrapSpec(cacheimpl.Spec{Name: "example.com/stores." + name}, new(counter).next)
		for range 2 {
			if n := s.must(t, ctx, 1); n != 1 {
				t.Errorf("%s is executed %d times", name, n)
			}
		}
	}
	flush(t, c)
	entryKey(t, archive) // one entry in each
	entryKey(t, standard)
}

// TestSettingsThatCantBeRight are an error at the start.
func TestSettingsThatCantBeRight(t *testing.T) {
	name := filepath.Join(t.TempDir(), "settings.json")
	write(t, name, `{"functions": {"F": {"ignore": "a"}}}`)
	t.Setenv("CACHEGEN_CONFIG", name)
	_, err := cache.New(cache.Config{})
	if err == nil || !strings.Contains(fmt.Sprint(err), "ignore would change keys") {
		t.Error(err)
	}
}
