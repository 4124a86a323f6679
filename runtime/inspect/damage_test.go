package inspect_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cachegen/cachegen/runtime/cacheimpl"
	"github.com/cachegen/cachegen/runtime/inspect"
	"github.com/cachegen/cachegen/runtime/internal/entry"
	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/dir"
)

func TestDamage(t *testing.T) {
	for name, test := range map[string]struct {
		spoil func(t *testing.T, value []byte) []byte
		want  string
	}{
		"torn":    {func(_ *testing.T, b []byte) []byte { return b[:len(b)/2] }, "checksum"},
		"flipped": {func(_ *testing.T, b []byte) []byte { b[len(b)-1] ^= 1; return b }, "checksum"},
		"foreign": {func(*testing.T, []byte) []byte { return []byte("hello") }, "no envelope"},
		"empty":   {func(*testing.T, []byte) []byte { return nil }, "no envelope"},
		"result":  {edit(func(e *entry.Entry) { e.Payload = []byte{0x82, 1} }), "result: "},
		"inputs":  {edit(func(e *entry.Entry) { e.Inputs.Full = []byte{0x82, 1} }), "inputs: "},
		"moved":   {edit(func(e *entry.Entry) { e.Key[0] ^= 1 }), "it is the entry of e/"},
		"other":   {edit(func(e *entry.Entry) { e.Namespace = "x" }), "it is the entry of e/x-"},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, w *world) {
				f := w.function("Forecast", "v1:1", cacheimpl.Options{})
				w.fill(f, "Berlin", "Rome")
				e, err := w.Find(t.Context(), f.mustKey(t, w))
				if err != nil {
					t.Fatal(err)
				}
				w.put(e.Name, test.spoil(t, bytes.Clone(w.item(e.Name).Value)))
				for _, name := range []string{"", "weather.Forecast"} {
					damaged := w.damaged(inspect.Filter{Func: name, States: []inspect.State{inspect.Damaged}})
					if len(damaged) != 1 || !strings.Contains(damaged[e.Name], test.want) {
						t.Errorf("%v, want %s", damaged, test.want)
					}
				}
				if got := w.damaged(inspect.Filter{Func: "weather.Today"}); len(got) > 0 {
					t.Errorf("another function's: %v", got)
				}
				if got := w.inputs(inspect.Filter{States: []inspect.State{inspect.Result}}); len(got) != 1 {
					t.Error(got)
				}
			})
		})
	}
}

func edit(change func(*entry.Entry)) func(*testing.T, []byte) []byte {
	return func(t *testing.T, b []byte) []byte {
		e, err := entry.Decode(b)
		if err != nil {
			t.Fatal(err)
		}
		change(e)
		if b, err = e.Encode(); err != nil {
			t.Fatal(err)
		}
		return b
	}
}

// damaged returns what is wrong with the damaged entries that f admits, by name.
func (w *world) damaged(f inspect.Filter) map[string]string {
	w.t.Helper()
	found := map[string]string{}
	for e, err := range w.Entries(w.t.Context(), f) {
		if err != nil {
			w.t.Fatal(err)
		}
		if e.State == inspect.Damaged {
			found[e.Name] = e.Damage
		}
	}
	return found
}

func (w *world) item(name string) store.Item {
	w.t.Helper()
	s := w.open()
	defer s.Close()
	item, err := s.Get(w.t.Context(), name)
	if err != nil {
		w.t.Fatal(err)
	}
	return item
}

// TestTornFile damages what the store itself checks.
func TestTornFile(t *testing.T) {
	folder := t.TempDir()
	w := &world{t: t, open: func() store.Store {
		s, err := dir.New(folder, dir.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}}
	in, err := inspect.New(w.open())
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	w.Inspector = in
	w.fill(w.function("Forecast", "v1:1", cacheimpl.Options{}), "Berlin")
	err = filepath.WalkDir(filepath.Join(folder, "items"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasPrefix(d.Name(), "e+") {
			err = os.Truncate(path, 100)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := w.damaged(inspect.Filter{}); len(got) != 1 {
		t.Error(got)
	}
}
