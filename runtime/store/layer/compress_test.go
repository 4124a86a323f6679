package layer_test

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/cachegen/cachegen/runtime/internal/fakestore"
	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/layer"
)

const key = "e/ns/0123"

// random returns bytes that can't be compressed.
func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{}).Read(b)
	return b
}

// put puts value through s, and returns what is in the medium.
func put(t *testing.T, m *fakestore.Medium, s store.Store, value []byte) []byte {
	t.Helper()
	if ok, err := s.Put(t.Context(), key, store.Item{Value: value, Stamp: 7}); !ok || err != nil {
		t.Fatal(ok, err)
	}
	item, err := m.Open().Get(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	return item.Value
}

func wantValue(t *testing.T, s store.Store, want []byte) {
	t.Helper()
	item, err := s.Get(t.Context(), key)
	if err != nil || !bytes.Equal(item.Value, want) || item.Stamp != 7 {
		t.Errorf("got %d bytes, stamp %d, %v; want %d bytes", len(item.Value), item.Stamp, err, len(want))
	}
}

func wantNone(t *testing.T, s store.Store, what string) {
	t.Helper()
	if item, err := s.Get(t.Context(), key); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("%s: got %q, %v", what, item.Value, err)
	}
	if found, err := s.(store.Batcher).GetMany(t.Context(), []string{key, "absent"}); len(found) != 0 || err != nil {
		t.Errorf("%s: got %v, %v", what, found, err)
	}
}

func TestCompress(t *testing.T) {
	for _, c := range []struct {
		name   string
		value  []byte
		stored int // bytes, 0: fewer than half
	}{
		{"empty", nil, 1},
		{"small", bytes.Repeat([]byte{'x'}, 99), 100},
		{"large", bytes.Repeat([]byte("some text "), 100), 0},
		{"of the size", bytes.Repeat([]byte{'x'}, 100), 0},
		{"incompressible", random(1000), 1001},
	} {
		m := fakestore.New()
		s := layer.Compress(m.Open(), 100)
		before := bytes.Clone(c.value)
		stored := put(t, m, s, c.value)
		if !bytes.Equal(c.value, before) {
			t.Errorf("%s: Put changed the value", c.name)
		}
		if c.stored > 0 && len(stored) != c.stored || c.stored == 0 && len(stored) > len(c.value)/2 {
			t.Errorf("%s: %d bytes are stored as %d", c.name, len(c.value), len(stored))
		}
		wantValue(t, s, c.value)
	}
}

// deflated returns a value in the compressed form that says it has size bytes.
func deflated(size uint64, plain []byte) []byte {
	b := bytes.NewBuffer(binary.AppendUvarint([]byte{1}, size))
	w, _ := flate.NewWriter(b, flate.BestCompression)
	_, _ = w.Write(plain)
	_ = w.Close()
	return b.Bytes()
}

func TestCompressedValuesThatAreCorrupt(t *testing.T) {
	good := deflated(1000, make([]byte, 1000))
	for name, value := range map[string][]byte{
		"empty":              {},
		"another form":       {9, 1, 2},
		"no size":            {1},
		"a size without end": {1, 0x80, 0x80},
		"cut":                good[:len(good)-1],
		"longer":             append(bytes.Clone(good), 0),
		"more than it says":  deflated(999, make([]byte, 1000)),
		"less than it says":  deflated(1001, make([]byte, 1000)),
		"no deflate":         append([]byte{1, 4}, 0xff, 0xff, 0xff, 0xff),
		"a bomb":             deflated(1<<40, make([]byte, 1000)),
		"a bomb in bounds":   deflated(1<<30, make([]byte, 1000)),
		"from an old time":   []byte("\xa1plain CBOR"),
	} {
		m := fakestore.New()
		m.Edit(key, func(store.Item) store.Item { return store.Item{Value: value, Stamp: 7} })
		s := layer.Compress(m.Open(), 100)
		wantNone(t, s, name)
		wantNone(t, s, name) // what is reused is in order
		put(t, m, s, bytes.Repeat([]byte{'x'}, 200))
		wantValue(t, s, bytes.Repeat([]byte{'x'}, 200))
	}
}

func TestBombsTakeNoMemory(t *testing.T) {
	m := fakestore.New()
	m.Edit(key, func(store.Item) store.Item { return store.Item{Value: deflated(1<<30-1, nil)} })
	s := layer.Compress(m.Open(), 100)
	wantNone(t, s, "bomb")
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	wantNone(t, s, "bomb")
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 1<<20 {
		t.Errorf("%d bytes are allocated for a value of 8", n)
	}
}

func FuzzInflate(f *testing.F) {
	f.Add([]byte{0, 1, 2})
	f.Add(deflated(300, make([]byte, 300)))
	f.Fuzz(func(t *testing.T, value []byte) {
		m := fakestore.New()
		m.Edit(key, func(store.Item) store.Item { return store.Item{Value: value} })
		if _, err := layer.Compress(m.Open(), 1).Get(t.Context(), key); err != nil && !errors.Is(err, store.ErrNotFound) {
			t.Error(err)
		}
	})
}
