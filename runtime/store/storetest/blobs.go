package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/cachegen/cachegen/runtime/store"
)

var goodPaths = []string{
	"report.json", "reports/berlin/2026-07-01.json", "reports/Berlin/2026-07-02.json", "a b/c d.txt", "ünïcode/名前.cbor", "x/y/z/w.bin",
	"%41.txt", "dir.with.dots/file", "-dash/_under", "@v/x=1,y=2.txt", "emoji 😀.txt", "~tilde/#hash.txt", "q?*.txt",
	strings.Repeat("long/", 60) + "name.txt",
}

var badPaths = []string{
	"", ".", "..", "../up", "/abs", "a/../../b", "a//b", "a/", "a/./b", "a\\b", "c:/x", "nul\x00byte", "line\nbreak",
	"dot./x", "space /x", "x.",
	strings.Repeat("x/", 300) + "y",
}

type blobUser struct {
	user
	b store.Blobber
}

func (u blobUser) want(path, value string) {
	u.t.Helper()
	got, err := u.b.ReadBlob(u.t.Context(), path)
	if err != nil || string(got) != value {
		u.t.Fatalf("ReadBlob(%q) = %s, %v, want %q", path, abridged(got), err, value)
	}
}

func (u blobUser) wantNone(path string) {
	u.t.Helper()
	if got, err := u.b.ReadBlob(u.t.Context(), path); !errors.Is(err, store.ErrNotFound) {
		u.t.Fatalf("ReadBlob(%q) = %s, %v, want ErrNotFound", path, abridged(got), err)
	}
}

func (u blobUser) write(path, value string, replace, want bool) {
	u.t.Helper()
	ok, err := u.b.WriteBlob(u.t.Context(), path, []byte(value), replace)
	if err != nil || ok != want {
		u.t.Fatalf("WriteBlob(%q, replace %v) = %v, %v, want %v", path, replace, ok, err, want)
	}
}

func (u blobUser) remove(path string) {
	u.t.Helper()
	if err := u.b.DeleteBlob(u.t.Context(), path); err != nil {
		u.t.Fatalf("DeleteBlob(%q): %v", path, err)
	}
}

func testBlobs(t *testing.T, m *medium) {
	open := func(t *testing.T) blobUser {
		s := m.user(t)
		return blobUser{s, as[store.Blobber](s.Store)}
	}

	t.Run("values live at their paths", func(t *testing.T) {
		one, two := open(t), open(t)
		for _, p := range goodPaths {
			one.wantNone(p)
			one.write(p, "value of "+p, false, true)
		}
		for _, p := range goodPaths {
			two.want(p, "value of "+p)
			two.write(p, "other", false, false)
			one.want(p, "value of "+p)
			two.write(p, "replaced", true, true)
			one.want(p, "replaced")
		}
		for _, p := range goodPaths {
			one.remove(p)
			two.wantNone(p)
			one.remove(p)
		}
	})
	t.Run("an empty value is a value", func(t *testing.T) {
		s := open(t)
		s.write("empty.txt", "", false, true)
		s.want("empty.txt", "")
		s.write("empty.txt", "x", false, false)
	})
	t.Run("paths and keys do not meet", func(t *testing.T) {
		s := open(t)
		s.put("meet/x", epoch, []byte("item"))
		s.write("meet/x", "blob", false, true)
		s.wantItem("meet/x", epoch, []byte("item"))
		s.want("meet/x", "blob")
		if l, ok := store.As[store.Lister](s.Store); ok {
			if got := listed(t, l, "meet"); !slices.Equal(got, []string{"meet/x"}) {
				t.Errorf("List(\"meet\") = %q, want the item alone", got)
			}
		}
		s.remove("meet/x")
		s.wantItem("meet/x", epoch, []byte("item"))
	})
	for _, p := range badPaths {
		t.Run(fmt.Sprintf("refused: %.20q", p), func(t *testing.T) {
			s := open(t)
			_, err := s.b.ReadBlob(t.Context(), p)
			wantRefused(t, "ReadBlob", p, err)
			_, err = s.b.WriteBlob(t.Context(), p, []byte("v"), true)
			wantRefused(t, "WriteBlob", p, err)
			wantRefused(t, "DeleteBlob", p, s.b.DeleteBlob(t.Context(), p))
		})
	}
	t.Run("one of many writers wins and all see its value whole", func(t *testing.T) {
		var wg sync.WaitGroup
		var mu sync.Mutex
		var winners []int64
		for i := range int64(8) {
			s := open(t)
			wg.Go(func() {
				ok, err := s.b.WriteBlob(t.Context(), "race/one.bin", sealed(i, 50_000), false)
				if err != nil {
					t.Errorf("WriteBlob: %v", err)
				}
				if ok {
					mu.Lock()
					defer mu.Unlock()
					winners = append(winners, i)
				}
			})
		}
		wg.Wait()
		if len(winners) != 1 {
			t.Fatalf("writers %v each wrote the value that must not be replaced, want one", winners)
		}
		got, err := open(t).b.ReadBlob(t.Context(), "race/one.bin")
		if err != nil || !bytes.Equal(got, sealed(winners[0], 50_000)) {
			t.Errorf("ReadBlob = %s, %v, want the value of writer %d", abridged(got), err, winners[0])
		}
	})
	t.Run("a big value is whole for its readers", func(t *testing.T) {
		s, reader := open(t), open(t)
		values := [][]byte{sealed(1, 300_000), sealed(2, 200_000)}
		s.write("big.bin", string(values[0]), true, true)
		var wg sync.WaitGroup
		wg.Go(func() {
			for i := range 20 {
				if _, err := s.b.WriteBlob(t.Context(), "big.bin", values[i%2], true); err != nil {
					t.Errorf("WriteBlob: %v", err)
				}
			}
		})
		for range 40 {
			got, err := reader.b.ReadBlob(t.Context(), "big.bin")
			if err != nil || !bytes.Equal(got, values[0]) && !bytes.Equal(got, values[1]) {
				t.Errorf("ReadBlob while it is replaced = %s, %v, want one of two values", abridged(got), err)
				break
			}
		}
		wg.Wait()
	})
}
