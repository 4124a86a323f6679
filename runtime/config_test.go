package cache_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/cacheimpl"
	"github.com/cachegen/cachegen/runtime/internal/fakestore"
	"github.com/cachegen/cachegen/runtime/store"
)

func TestConfigIsChecked(t *testing.T) {
	for name, c := range map[string]cache.Config{
		"URL and Store": {URL: "none", Store: fakestore.New().Open()},
		"mode":          {Mode: 99},
		"entries":       {MemoryEntries: -1},
		"bytes":         {MemoryBytes: -1},
		"timeout":       {StoreTimeout: -1},
		"workers":       {Workers: -1},
	} {
		if _, err := cache.New(c); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestConfigureComesBeforeUse(t *testing.T) {
	wrap(cacheimpl.Options{}, new(counter).next).must(t, t.Context(), 1)
	if err := cache.Configure(cache.Config{}); err == nil {
		t.Error("no error")
	}
}

func TestEnvironmentFillsInWhatConfigLeavesOpen(t *testing.T) {
	m := fakestore.New()
	t.Setenv("CACHEGEN_PROJECT", "env")
	var c counter
	s := wrap(cacheimpl.Options{}, c.next)
	fromEnv := cache.WithCache(t.Context(), openCache(t, cache.Config{Store: m.Open()}))
	fromCode := cache.WithCache(t.Context(), openCache(t, cache.Config{Store: m.Open(), Project: "code"}))
	keys := map[string]string{}
	for name, ctx := range map[string]struct{ scope cache.Scope }{"none": {}, "env": {cache.Scope{Project: "env"}}, "code": {cache.Scope{Project: "code"}}} {
		key, err := s.cache.Key(cache.WithScope(fromEnv, ctx.scope), number{1})
		if err != nil {
			t.Fatal(err)
		}
		keys[name] = key
	}
	if key, _ := s.cache.Key(fromEnv, number{1}); key != keys["env"] {
		t.Error("the environment's project does not count")
	}
	if key, _ := s.cache.Key(fromCode, number{1}); key != keys["code"] {
		t.Error("the code's project does not come before the environment's")
	}
}

func TestObserveOfConfigSeesEveryCall(t *testing.T) {
	var e events
	c := openCache(t, cache.Config{URL: "none", Observe: e.add})
	s := wrap(cacheimpl.Options{}, new(counter).next)
	ctx := cache.WithCache(t.Context(), c)
	for range 3 {
		s.must(t, ctx, 1)
	}
	if len(e.all) != 3 || e.all[0].Outcome != cache.Miss || e.all[2].Outcome != cache.Hit {
		t.Errorf("%+v", e.all)
	}
}

func TestStoreByName(t *testing.T) {
	other := fakestore.New()
	var e events
	c := openCache(t, cache.Config{URL: "none", Stores: map[string]store.Store{"other": other.Open()}, Observe: e.add})
	ctx := cache.WithCache(t.Context(), c)
	named, unknown := wrap(cacheimpl.Options{Store: "other"}, new(counter).next), wrap(cacheimpl.Options{Store: "unknown"}, new(counter).next)
	named.must(t, ctx, 1)
	unknown.must(t, ctx, 1)
	flush(t, c)
	entryKey(t, other)
	if last := e.last(); last.Outcome != cache.Miss || unknown.cache.Stats().Faults == 0 {
		t.Errorf("%+v", last)
	}
}

func TestCallsAfterClose(t *testing.T) {
	m := fakestore.New()
	ctx, c := over(t, m.Open())
	s := wrap(cacheimpl.Options{}, new(counter).next)
	s.must(t, ctx, 1)
	if err := c.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	entryKey(t, m)
	for n := range 4 { // nobody would tell what others forget
		expectCall(t, s, ctx, n%2, 2+n)
	}
	if n := s.cache.Stats().Faults; n != 0 {
		t.Errorf("%d faults", n)
	}
}

// TestCloseStoresRefreshes closes a cache while a stale result is made anew.
func TestCloseStoresRefreshes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := fakestore.New()
		ctx, c := over(t, m.Open())
		var n counter
		s := wrap(cacheimpl.Options{MaxAge: time.Second, StaleWhileRevalidate: time.Minute}, func(ctx context.Context, i int) (int, error) {
			time.Sleep(time.Second)
			return n.next(ctx, i)
		})
		s.must(t, ctx, 1)
		time.Sleep(10 * time.Second)
		expectCall(t, s, ctx, 1, 1)
		if err := c.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		next, _ := over(t, m.Open())
		expectCall(t, s, next, 1, 2)
	})
}

// program builds the program of testdata.
func program(t *testing.T) string {
	t.Helper()
	bin := filepath.Join(t.TempDir(), "program")
	build := exec.Command("go", "build", "-o", bin, "./testdata/program")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return bin
}

// TestMistakenSettings runs a program whose settings can't be right. It calls its function, and what
// should make results unusable says that no store learns of it.
func TestMistakenSettings(t *testing.T) {
	bin := program(t)
	for _, setting := range []string{
		"CACHEGEN_STORE=redis://cache:6379", "CACHEGEN_STORE=dir:?max-byts=1", "CACHEGEN_MODE=frzen", "CACHEGEN_AUDIT=often", "CACHEGEN_CONFIG=nowhere",
	} {
		cmd := exec.Command(bin, "change")
		cmd.Env = append(os.Environ(), "XDG_CACHE_HOME="+t.TempDir(), setting)
		out, err := cmd.Output()
		if err != nil {
			t.Errorf("%s: %v", setting, err)
		}
		for _, change := range []string{"Forget", "Clear", "Put", "ForgetTags", "ForgetRun"} {
			if _, said, _ := strings.Cut(string(out), change+": "); said == "" || strings.HasPrefix(said, "<nil>") {
				t.Errorf("%s: %s did not fail:\n%s", setting, change, out)
			}
		}
	}
}

// TestDefaultsOfAProgram runs a program without any configuration: its results survive in the user's cache folder.
func TestDefaultsOfAProgram(t *testing.T) {
	bin := program(t)
	home := t.TempDir()
	run := func(want string, env ...string) {
		t.Helper()
		cmd := exec.Command(bin)
		cmd.Env = append(append(os.Environ(), "HOME="+home, "XDG_CACHE_HOME="+filepath.Join(home, "cache"), "LocalAppData="+home), env...)
		out, err := cmd.CombinedOutput()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		if got := strings.TrimSpace(string(out)); got != want {
			t.Errorf("%v: %q, want %q", env, got, want)
		}
	}
	run("executed 42")
	run("42")
	run("executed 42", "CACHEGEN_MODE=bypass")
	run("executed 42", "CACHEGEN_MODE=refresh")
	run("executed 42", "CACHEGEN_DIR="+t.TempDir())
	run("executed 42", "CACHEGEN_STORE=memory:")
	run("executed 42", "CACHEGEN_PROJECT=other")
	run("42", "CACHEGEN_MODE=frozen")
	run("42", "CACHEGEN_MODE=readonly")
}

func TestObserverThatPanicsFailsNoCall(t *testing.T) {
	c := openCache(t, cache.Config{URL: "none", Observe: func(cache.Event) { panic("observer") }})
	ctx := cache.Observe(cache.WithCache(t.Context(), c), func(cache.Event) { panic("observer") })
	s := wrap(cacheimpl.Options{}, new(counter).next)
	expectCall(t, s, ctx, 1, 1)
	expectCall(t, s, ctx, 1, 1)
}
