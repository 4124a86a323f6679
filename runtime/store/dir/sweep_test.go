package dir

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

func newStore(t *testing.T, o Options) *Store {
	t.Helper()
	s, err := New(t.TempDir(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// newQuietStore returns a store that doesn't sweep in the background.
func newQuietStore(t *testing.T) *Store {
	t.Helper()
	return newStoreIn(t, t.TempDir())
}

// newStoreIn returns another store in folder, which doesn't sweep in the background.
func newStoreIn(t *testing.T, folder string) *Store {
	t.Helper()
	s, err := New(folder, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	s.sweeping.Store(true)
	return s
}

func (s *Store) mustPut(t *testing.T, key string, size int) {
	t.Helper()
	if ok, err := s.Put(t.Context(), key, store.Item{Value: make([]byte, size), Stamp: 1}); !ok || err != nil {
		t.Fatalf("Put(%q) = %v, %v", key, ok, err)
	}
}

// path returns the path of key's file.
func (s *Store) path(key string) string {
	return filepath.Join(s.home.path, "items", shardName(shardOf(key)), nameOf(key))
}

// age makes an item's file one that was last read and written so long ago.
func (s *Store) age(t *testing.T, key string, read, written time.Duration) {
	t.Helper()
	if err := os.Chtimes(s.path(key), time.Now().Add(-read), time.Now().Add(-written)); err != nil {
		t.Fatal(err)
	}
}

func (s *Store) keys(t *testing.T) map[string]bool {
	t.Helper()
	keys := map[string]bool{}
	for info, err := range s.List(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		keys[info.Key] = true
	}
	return keys
}

func itemKey(i int) string { return fmt.Sprintf("e/ns/%04x", i) }

// TestBound has three users put eight times what the folder may have, with no more help than their own background sweeps.
func TestBound(t *testing.T) {
	const users, bound, items, size = 3, 1 << 20, 340, 7000 // Two blocks each: 8 MiB.
	s := newStore(t, Options{MaxBytes: bound})
	var wg sync.WaitGroup
	for u := range users {
		user, err := New(s.home.path, Options{MaxBytes: bound})
		if err != nil {
			t.Fatal(err)
		}
		defer user.Close()
		wg.Go(func() {
			for i := range items {
				if ok, err := user.Put(t.Context(), itemKey(u*items+i), store.Item{Value: make([]byte, size)}); !ok || err != nil {
					t.Errorf("Put while sweeps run = %v, %v", ok, err)
				}
			}
		})
	}
	wg.Wait()
	for deadline := time.Now().Add(20 * time.Second); s.usage(t.Context()).bytes > bound; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the store has %d bytes, and may have %d", s.usage(t.Context()).bytes, bound)
		}
		s.wrote(s.lookAfter()) // As if a put came along.
	}
	s.Close()

	s = newStoreIn(t, s.home.path)
	if err := s.tidy(t.Context()); err != nil { // Counts what was put while sweeps counted.
		t.Fatal(err)
	}
	keys := s.keys(t)
	if got := s.usage(t.Context()); got != (usage{bytes: int64(len(keys)) * 8192, items: int64(len(keys))}) {
		t.Errorf("usage is %v, but there are %d items of 8192 bytes", got, len(keys))
	}
	if len(keys) < bound/8192/2 {
		t.Errorf("%d items are left, room is for %d", len(keys), bound/8192)
	}
}

func TestSweepRemovesLeastRecentlyUsed(t *testing.T) {
	const items = 100
	s := newQuietStore(t)
	kept := map[string]bool{}
	for i := range items {
		s.mustPut(t, itemKey(i), 100)
		s.age(t, itemKey(i), time.Duration(2*items-i)*time.Hour, 1000*time.Hour)
	}
	for i := range 10 { // The oldest are read.
		if _, err := s.Get(t.Context(), itemKey(i)); err != nil {
			t.Fatal(err)
		}
		kept[itemKey(i)] = true
	}
	s.maxBytes = items / 2 * diskBlock
	if err := s.sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	const room = items/2 - items/2/roomBelow
	for i := items - (room - 10); i < items; i++ {
		kept[itemKey(i)] = true
	}
	if got := s.keys(t); !maps.Equal(got, kept) {
		t.Errorf("left are\n%q, want\n%q", slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(kept)))
	}
	if got := s.usage(t.Context()); got != (usage{bytes: room * diskBlock, items: room}) {
		t.Errorf("usage is %v, want %d items", got, room)
	}
}

func TestPruneRemovesLeastRecentlyUsed(t *testing.T) {
	s := newQuietStore(t)
	for i := range 60 {
		s.mustPut(t, itemKey(i), 100)
		s.age(t, itemKey(i), time.Duration((i*37)%60)*time.Hour, 1000*time.Hour)
	}
	var removed []string
	if err := s.Prune(t.Context(), 20*diskBlock, func(i store.Info) { removed = append(removed, i.Key) }); err != nil {
		t.Fatal(err)
	}
	var want []string
	for i := range 60 {
		if (i*37)%60 >= 20 {
			want = append(want, itemKey(i))
		}
	}
	slices.Sort(removed)
	if !slices.Equal(removed, want) {
		t.Errorf("Prune removed %q, want %q", removed, want)
	}
}

// TestEvictionSparesWhatChanged lets an item be written or read between the moment when a sweep saw it and the one when it would remove
// it: a newer item, which may say that an older one was forgotten, must not go by mistake.
func TestEvictionSparesWhatChanged(t *testing.T) {
	for name, change := range map[string]func(s *Store) error{
		"written": func(s *Store) error {
			_, err := s.Put(context.Background(), itemKey(0), store.Item{Value: make([]byte, 100), Stamp: 2})
			return err
		},
		"read": func(s *Store) error { _, err := s.Get(context.Background(), itemKey(0)); return err },
	} {
		t.Run(name, func(t *testing.T) {
			s := newQuietStore(t)
			s.mustPut(t, itemKey(0), 100)
			s.age(t, itemKey(0), time.Hour, time.Hour)
			files, err := s.scanShard(t.Context(), shardOf(itemKey(0)))
			if err != nil || len(files) != 1 {
				t.Fatalf("scan: %v, %v", files, err)
			}
			if err := change(s); err != nil {
				t.Fatal(err)
			}
			if err := s.evict(t.Context(), files, nil); err != nil {
				t.Fatal(err)
			}
			if !s.keys(t)[itemKey(0)] {
				t.Error("the item is gone")
			}
		})
	}
}

func TestTouchDue(t *testing.T) {
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	for what, c := range map[string]struct {
		read, written time.Duration
		want          bool
	}{
		"just written":                     {0, 0, false},
		"in the future":                    {-time.Hour, -time.Hour, false},
		"new, read a moment ago":           {500 * time.Millisecond, 5 * time.Second, false},
		"new, read seconds ago":            {4 * time.Second, 5 * time.Second, true},
		"an hour old, read lately":         {3 * time.Minute, time.Hour, false},
		"an hour old, read 10 minutes ago": {10 * time.Minute, time.Hour, true},
		"a year old, read lately":          {59 * time.Minute, 365 * 24 * time.Hour, false},
		"a year old, read yesterday":       {24 * time.Hour, 365 * 24 * time.Hour, true},
	} {
		if err := os.Chtimes(name, now.Add(-c.read), now.Add(-c.written)); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := touchDue(info.ModTime(), accessed(info), now); got != c.want {
			t.Errorf("%s: due %v, want %v", what, got, c.want)
		}
	}
}

// TestAccessIsNoted reads an item that was last read long ago, and sees that in what the store says, but not in when it was written.
func TestAccessIsNoted(t *testing.T) {
	s := newQuietStore(t)
	s.mustPut(t, itemKey(0), 10)
	s.age(t, itemKey(0), 50*time.Hour, 100*time.Hour)
	for _, want := range []time.Duration{50 * time.Hour, 0} {
		for info, err := range s.List(t.Context(), "") {
			if err != nil {
				t.Fatal(err)
			}
			if d := time.Since(info.Accessed) - want; d.Abs() > time.Hour {
				t.Errorf("accessed %v ago, want %v", time.Since(info.Accessed), want)
			}
			if d := time.Since(info.Modified) - 100*time.Hour; d.Abs() > time.Hour {
				t.Errorf("modified %v ago, want 100 h", time.Since(info.Modified))
			}
		}
		if _, err := s.Get(t.Context(), itemKey(0)); err != nil {
			t.Fatal(err)
		}
	}
}

// TestTidy leaves what killed processes leave, makes a day pass, and has a put tidy up.
func TestTidy(t *testing.T) {
	s := newQuietStore(t)
	s.mustPut(t, itemKey(0), 100)
	shard := filepath.Dir(s.path(itemKey(0)))
	write := func(name string, age time.Duration) string {
		t.Helper()
		if err := os.WriteFile(name, []byte("left"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(name, time.Now().Add(-age), time.Now().Add(-age)); err != nil {
			t.Fatal(err)
		}
		return name
	}
	held, err := s.Acquire(t.Context(), itemKey(0), time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	heldFile := filepath.Join(shard, leaseName(itemKey(0)))
	if err := os.Chtimes(heldFile, time.Now(), time.Now().Add(-2*strayAge)); err != nil {
		t.Fatal(err)
	}
	stay := []string{s.path(itemKey(0)), heldFile, write(shard+"/~tyoung", 0), write(shard+"/foreign", 1000*time.Hour)}
	goes := []string{
		write(shard+"/~told", 2*strayAge), write(s.home.path+"/~told", 2*strayAge), write(shard+"/~lgone", 2*strayAge),
	}
	write(shard+"/~state", 0) // It says nothing any more.
	write(filepath.Join(s.home.path, sweepName), 2*tidyEvery)
	if err := s.sweep(t.Context()); err != nil {
		t.Fatal(err)
	}

	for _, name := range stay {
		if _, err := os.Stat(name); err != nil {
			t.Errorf("tidying removed %v", err)
		}
	}
	for _, name := range goes {
		if _, err := os.Stat(name); err == nil {
			t.Errorf("tidying left %s", name)
		}
	}
	if got, want := s.usage(t.Context()), (usage{bytes: diskBlock, items: 1}); got != want {
		t.Errorf("usage is %v after tidying, want %v", got, want)
	}
	if f, err := s.home.open(false); err != nil || tidyDue(f.base) {
		t.Errorf("tidying is due again (%v)", err)
	}
	if err := held.Release(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestOneSweeper has another process sweep: this one leaves it at that.
func TestOneSweeper(t *testing.T) {
	s := newQuietStore(t)
	for i := range 20 {
		s.mustPut(t, itemKey(i), 100)
	}
	file, err := os.OpenFile(filepath.Join(s.home.path, sweepName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for ok := false; !ok; { // The first put's own sweep may still have it.
		if ok, err = tryLock(file); err != nil {
			t.Fatal(err)
		}
	}
	s.maxBytes = diskBlock
	if err := s.sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := len(s.keys(t)); n != 20 {
		t.Errorf("%d items are left, want 20: another one sweeps", n)
	}
	file.Close()
	if err := s.sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := len(s.keys(t)); n > 1 {
		t.Errorf("%d items are left, want at most 1", n)
	}
}
