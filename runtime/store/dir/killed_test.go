package dir

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

// rampageIn is the variable that makes a test process a child of TestKilledAnywhere, in that folder.
const rampageIn = "CACHEGEN_DIR_TEST_RAMPAGE"

// Rampage does everything that a store can do, again and again, if this process was started for it.
func Rampage() {
	folder := os.Getenv(rampageIn)
	if folder == "" {
		return
	}
	s, err := New(folder, Options{MaxBytes: 1 << 20})
	for err == nil {
		err = rampage(s)
	}
	fmt.Println(err)
	os.Exit(1)
}

func rampage(s *Store) error {
	ctx := context.Background()
	key := itemKey(rand.IntN(300))
	var err error
	switch rand.IntN(12) {
	case 0:
		err = s.Delete(ctx, key)
	case 1:
		_, err = s.WriteBlob(ctx, "some/"+key+".bin", make([]byte, rand.IntN(100_000)), true)
	case 2:
		err = s.Prune(ctx, 1<<19, nil)
	case 3:
		var lease store.Lease
		if lease, err = s.Acquire(ctx, key, time.Hour); err == nil {
			err = lease.Release(ctx)
		}
		err = ignore(err, store.ErrHeld)
	case 4:
		_, err = s.Get(ctx, key)
		err = ignore(err, store.ErrNotFound)
	default:
		_, err = s.Put(ctx, key, store.Item{Value: make([]byte, rand.IntN(30_000)), Stamp: rand.Int64N(1000)})
	}
	return err
}

// TestKilledAnywhere kills processes in the middle of whatever they do: what is listed is whole, leases are free, and tidying leaves
// nothing of what they left.
func TestKilledAnywhere(t *testing.T) {
	s := newQuietStore(t)
	folder := s.home.path
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for range 12 {
		var children []*exec.Cmd
		var outputs []*strings.Builder
		for range 2 {
			c := exec.Command(exe)
			out := &strings.Builder{}
			c.Env, c.Stdout = append(os.Environ(), rampageIn+"="+folder), out
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			children, outputs = append(children, c), append(outputs, out)
		}
		time.Sleep(time.Duration(30+rand.IntN(150)) * time.Millisecond)
		for i, c := range children {
			_ = c.Process.Kill()
			_ = c.Wait()
			if out := outputs[i].String(); out != "" {
				t.Errorf("a call failed before its process was killed: %s", out)
			}
		}
		for key := range s.keys(t) {
			if _, err := s.Get(t.Context(), key); err != nil {
				t.Errorf("Get of the listed %q: %v", key, err)
			}
			lease, err := s.Acquire(t.Context(), key, time.Hour)
			if err != nil {
				t.Fatalf("Acquire(%q): %v, want the lease: all others were killed", key, err)
			}
			if err := lease.Release(t.Context()); err != nil {
				t.Error(err)
			}
		}
	}

	past := time.Now().Add(-2 * strayAge)
	for _, pattern := range []string{"~t*", "items/??/~[tl]*"} {
		left, _ := filepath.Glob(filepath.Join(folder, pattern))
		t.Logf("left behind: %d %s", len(left), pattern)
		for _, name := range left {
			if err := os.Chtimes(name, past, past); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := s.tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, pattern := range []string{"~t*", "items/??/~[tl]*"} {
		if left, _ := filepath.Glob(filepath.Join(folder, pattern)); len(left) > 0 {
			t.Errorf("left after tidying: %q", left)
		}
	}
	var counted usage
	for info, err := range s.List(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		counted = counted.plus(usageOf(nameOf(info.Key), headerSize+int64(len(info.Key))+info.Size))
	}
	if got := s.usage(t.Context()); got != counted || got.items == 0 {
		t.Errorf("usage is %v after tidying, items have %v", got, counted)
	}
}
