package cache_test

import (
	"context"
	"testing"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/cacheimpl"
	"github.com/cachegen/cachegen/runtime/store/dir"
)

// TestOverTheDirectoryStore has two users of a folder see what the other one does.
func TestOverTheDirectoryStore(t *testing.T) {
	folder := t.TempDir()
	user := func() (context.Context, *cache.Cache) {
		s, err := dir.New(folder, dir.Options{})
		if err != nil {
			t.Fatal(err)
		}
		ctx, c := over(t, s)
		return patiently(ctx), c
	}
	a, cacheA := user()
	b, cacheB := user()
	var c counter
	s := wrapSpec(cacheimpl.Spec{Tags: cacheimpl.Of(func(number) []string { return []string{"t"} })}, c.next)
	s.must(t, a, 1)
	flush(t, cacheA)
	expectCall(t, s, b, 1, 1)
	for name, change := range map[string]func() error{
		"Forget":     func() error { return s.cache.Forget(a, number{1}) },
		"Clear":      func() error { return s.cache.Clear(b) },
		"ForgetTags": func() error { return cache.ForgetTags(a, "t") },
		"Refresh":    func() error { _, err := s.call(cache.WithMode(b, cache.Refresh), 1); return err },
	} {
		before := agree(t, s, a, b)
		for range 3 { // it is in memory, and followed
			expectCall(t, s, a, 1, before)
			expectCall(t, s, b, 1, before)
		}
		if err := change(); err != nil {
			t.Fatal(err)
		}
		flush(t, cacheA)
		flush(t, cacheB)
		begin := time.Now()
		for s.must(t, a, 1) == before || s.must(t, b, 1) == before {
			time.Sleep(10 * time.Millisecond)
			if time.Since(begin) > time.Minute {
				t.Fatalf("%s is not seen", name)
			}
		}
	}
}

// agree returns the result that two processes have, once both have the same.
func agree(t *testing.T, s *subject[int], a, b context.Context) int {
	t.Helper()
	begin := time.Now()
	for {
		v := s.must(t, a, 1)
		if v == s.must(t, b, 1) {
			return v
		}
		time.Sleep(10 * time.Millisecond)
		if time.Since(begin) > time.Minute {
			t.Fatal("two processes have two results")
		}
	}
}
