package dir

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

// follower is a watcher whose looks the test takes itself.
type follower struct {
	logWatcher
	got []string
}

func follow(s *Store) *follower {
	f := &follower{logWatcher: logWatcher{store: s}}
	f.got = f.start()
	return f
}

// news returns what one look reports.
func (f *follower) news() string {
	f.got = f.look()
	return strings.Join(f.got, " ")
}

func TestChanges(t *testing.T) {
	s := newQuietStore(t)
	other, err := New(s.home.path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	logFile := filepath.Join(s.home.path, logName)

	f := follow(s)
	defer f.drop()
	if len(f.got) != 1 || f.got[0] != "" {
		t.Errorf("the start reports %q, want that anything may have changed", f.got)
	}
	other.mustPut(t, "a", 1)
	if got := f.news(); got != " a" {
		t.Errorf("the first log: %q, want anything, and a", got)
	}
	other.mustPut(t, "b", 1)
	s.mustPut(t, "mine", 1)
	other.mustPut(t, "c", 1)
	if got := f.news(); got != "b c" {
		t.Errorf("b, mine and c put: %q, want b c", got)
	}
	if got := f.news(); got != "" {
		t.Errorf("nothing put: %q", got)
	}
	for name, line := range map[string]string{"without a key": "garbage\n", "with a bad key": "0123 ../x\n", "empty": "\n"} {
		appendTo(t, logFile, line)
		if f.got = f.look(); len(f.got) != 1 || f.got[0] != "" {
			t.Errorf("a line %s reports %q, want that anything may have changed", name, f.got)
		}
	}
	appendTo(t, logFile, "0123456789abcdef half")
	if got := f.news(); got != "" {
		t.Errorf("half a line: %q", got)
	}
	appendTo(t, logFile, "-of-it\n")
	if got := f.news(); got != "half-of-it" {
		t.Errorf("its other half: %q", got)
	}
	if err := other.Delete(t.Context(), "b"); err != nil {
		t.Fatal(err)
	}
	if got := f.news(); got != "b" {
		t.Errorf("b deleted: %q", got)
	}
	if err := other.Delete(t.Context(), "b"); err != nil {
		t.Fatal(err)
	}
	if ok, err := other.Put(t.Context(), "c", store.Item{Stamp: 0}); ok || err != nil {
		t.Fatal(ok, err)
	}
	if got := f.news(); got != "" {
		t.Errorf("a delete of nothing and a put that lost: %q", got)
	}
}

// TestNextLog fills the log: a watcher reads to its end and goes on with the next one; if it misses one it says so.
func TestNextLog(t *testing.T) {
	s := newQuietStore(t)
	other, err := New(s.home.path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	other.mustPut(t, "first", 1)
	logFile := filepath.Join(s.home.path, logName)
	fill := func() {
		t.Helper()
		before, err := os.Stat(logFile)
		if err != nil {
			t.Fatal(err)
		}
		appendTo(t, logFile, strings.Repeat("0123456789abcdef filler\n", logLimit/24))
		other.mustPut(t, "last", 1) // It is in the old log, and makes the next.
		if after, err := os.Stat(logFile); err != nil || os.SameFile(before, after) || after.Size() > 100 {
			t.Fatalf("a full log is not followed by a new one: %v, %v", after, err)
		}
		other.mustPut(t, "next", 1)
	}
	f := follow(s)
	defer f.drop()
	fill()
	if got := f.news(); !strings.HasSuffix(got, "filler last next") {
		t.Errorf("over a new log: …%q, want the old one's last and the new one's first", got[max(len(got)-40, 0):])
	}
	fill()
	fill()
	if f.got = f.look(); f.got[len(f.got)-1] != "next" || f.got[len(f.got)-2] != "" {
		t.Errorf("over two new logs: …%q, want that anything may have changed, and next", f.got[len(f.got)-4:])
	}
	if err := os.Remove(logFile); err != nil {
		t.Fatal(err)
	}
	missed := f.look()
	other.mustPut(t, "anew", 1)
	if f.got = append(missed, f.look()...); f.got[0] != "" || f.got[len(f.got)-1] != "anew" {
		t.Errorf("over a removed log: %q, want that anything may have changed, and anew", f.got)
	}
}

func appendTo(t *testing.T, name, text string) {
	t.Helper()
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_APPEND, 0)
	if err == nil {
		_, err = f.WriteString(text)
		f.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestNoChangeIsLost has many writers fill several logs while watchers follow: each key is reported, or a gap is.
func TestNoChangeIsLost(t *testing.T) {
	s := newQuietStore(t)
	const writers, keys = 4, 1200 // Some 450 bytes each: two logs.
	long := strings.Repeat(strings.Repeat("x", 127)+"/", 3)
	var mu sync.Mutex
	reported := map[string]bool{}
	ctx, cancel := context.WithCancel(t.Context())
	started, ended := make(chan bool, 1000), make(chan error, 1)
	go func() {
		ended <- s.Watch(ctx, func(key string) {
			mu.Lock()
			defer mu.Unlock()
			reported[key] = true
			if key == "" {
				started <- true
			}
		})
	}()
	<-started
	delete(reported, "")
	var wg sync.WaitGroup
	for w := range writers {
		other, err := New(s.home.path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer other.Close()
		wg.Go(func() {
			for i := range keys {
				if err := other.log.append(other, long+itemKey(w*keys+i)); err != nil {
					t.Errorf("append: %v", err)
					return
				}
			}
		})
	}
	wg.Wait()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		mu.Lock()
		n, gap := len(reported), reported[""]
		mu.Unlock()
		if n == writers*keys || gap {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d of %d keys are reported, and no gap", n, writers*keys)
		}
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("Watch: %v", err)
	}
}
