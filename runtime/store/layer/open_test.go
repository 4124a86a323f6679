package layer_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/layer"
)

const secret = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

func open(t *testing.T, urls string) store.Store {
	t.Helper()
	s, err := layer.Open(t.Context(), urls)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestOpen(t *testing.T) {
	t.Setenv("LAYER_TEST_KEY", secret)
	file := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(file, []byte(secret), 0o600); err != nil {
		t.Fatal(err)
	}
	text := bytes.Repeat([]byte("text "), 1000)
	for _, c := range []struct {
		options string
		form    byte // first byte of what is stored
		below   int  // how many bytes are stored
	}{
		{"", 't', 5001},
		{"?entries=10", 't', 5001},
		{"?compress", 1, 1000},
		{"?compress=4KiB&entries=10", 1, 1000},
		{"?compress=10kB", 0, 5002},
		{"?encrypt=env:LAYER_TEST_KEY", 2, 5100},
		{"?compress&limit=1MB&encrypt=file:" + file, 2, 1000},
	} {
		bottom, front := open(t, "memory:"+t.Name()), open(t, "memory:"+t.Name()+c.options)
		if _, err := front.Put(t.Context(), key, store.Item{Value: text, Stamp: 7}); err != nil {
			t.Error(err)
		}
		item, err := bottom.Get(t.Context(), key)
		if err != nil || item.Value[0] != c.form || len(item.Value) >= c.below {
			t.Errorf("%s: %d bytes of form %d, %v", c.options, len(item.Value), item.Value[0], err)
		}
		wantValue(t, front, text)
	}
}

func TestOpenLimits(t *testing.T) {
	_, err := open(t, "memory:"+t.Name()+"?limit=10B").Put(t.Context(), key, store.Item{Value: make([]byte, 11)})
	if !errors.Is(err, store.ErrTooLarge) {
		t.Error(err)
	}
}

func TestOpenPlainTargets(t *testing.T) {
	t.Setenv("LAYER_TEST_KEY", secret)
	for options, want := range map[string]error{"": layer.ErrPlain, "&plain-targets": nil} {
		b, _ := store.As[store.Blobber](open(t, "memory:"+t.Name()+"?encrypt=env:LAYER_TEST_KEY"+options))
		if _, err := b.WriteBlob(t.Context(), "p", nil, true); !errors.Is(err, want) {
			t.Error(err)
		}
	}
}

func TestOpenChain(t *testing.T) {
	near, far := open(t, "memory:"+t.Name()+"near"), open(t, "memory:"+t.Name()+"far")
	s := open(t, " memory:"+t.Name()+"near  memory:"+t.Name()+"far?compress ")
	if _, err := s.Put(t.Context(), key, store.Item{Value: []byte("x"), Stamp: 7}); err != nil {
		t.Error(err)
	}
	wantValue(t, s, []byte("x"))
	wantValue(t, near, []byte("x"))
	wantValue(t, far, []byte{0, 'x'})
}

func TestOpenErrors(t *testing.T) {
	t.Setenv("LAYER_TEST_KEY", "secret")
	for _, c := range []struct{ urls, want string }{
		{"", "no URL"},
		{"none:x", "names no store"},
		{"memory: none:x", "names no store"},
		{"memory:?unknown=1", "unknown"},
		{"memory:?compress=much", `is no size`},
		{"memory:?compress=0", "no size"},
		{"memory:?limit=", "no size"},
		{"memory:?limit=99999999999GB", "no size"},
		{"memory:?limit=1iK", "no size"},
		{"memory:?plain-targets", "for stores that encrypt"},
		{"memory:?encrypt=", "env:NAME"},
		{"memory:?encrypt=" + secret, "env:NAME"},
		{"memory:?encrypt=env:LAYER_TEST_UNSET", "not set"},
		{"memory:?encrypt=env:LAYER_TEST_KEY", "key 1 is not 32 bytes"},
		{"memory:?encrypt=file:/does/not/exist", "/does/not/exist"},
		{"redis://user:secret@host\x7f", "mistake"},
		{"redis://user:secret@host?a=%zz", "options of a store"},
	} {
		s, err := layer.Open(t.Context(), c.urls)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.urls, err, c.want)
		}
		if err != nil && (strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), secret)) {
			t.Errorf("%s: the error tells a secret: %v", c.urls, err)
		}
		if s != nil {
			t.Errorf("%s: opened", c.urls)
		}
	}
}
