package layer_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/cachegen/cachegen/runtime/internal/fakestore"
	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/layer"
)

func keys(keys ...layer.Key) layer.EncryptOptions { return layer.EncryptOptions{Keys: keys} }

func TestEncrypt(t *testing.T) {
	m := fakestore.New()
	s := encrypt(t, m.Open(), keys(newKey))
	secret := []byte("a secret that is long enough to be recognised")
	first := put(t, m, s, secret)
	wantValue(t, s, secret)
	second := put(t, m, s, secret)
	if bytes.Contains(first, secret[:8]) || bytes.Equal(first, second) {
		t.Error("the value can be seen, or that it is the same")
	}
	put(t, m, s, nil)
	wantValue(t, s, nil)
}

func TestRotation(t *testing.T) {
	m := fakestore.New()
	value := []byte("value")
	put(t, m, encrypt(t, m.Open(), keys(oldKey)), value)
	wantValue(t, encrypt(t, m.Open(), keys(newKey, oldKey)), value)
	wantNone(t, encrypt(t, m.Open(), keys(newKey)), "without the old key")
	put(t, m, encrypt(t, m.Open(), keys(newKey, oldKey)), value)
	wantValue(t, encrypt(t, m.Open(), keys(newKey)), value)
	wantNone(t, encrypt(t, m.Open(), keys(oldKey)), "without the new key")
}

func TestTampering(t *testing.T) {
	m := fakestore.New()
	s := encrypt(t, m.Open(), keys(newKey, oldKey))
	sealed := put(t, m, s, []byte("value"))
	tamper := func(what string, to string, stamp int64, value []byte) {
		t.Helper()
		m.Edit(to, func(store.Item) store.Item { return store.Item{Value: value, Stamp: stamp} })
		if item, err := s.Get(t.Context(), to); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s: got %q, %v", what, item.Value, err)
		}
	}
	for i := range sealed {
		other := bytes.Clone(sealed)
		other[i] ^= 1
		tamper("a changed byte", key, 7, other)
		tamper("a cut value", key, 7, sealed[:i])
	}
	tamper("another key", "e/ns/4567", 7, sealed)
	tamper("another stamp", key, 8, sealed)
	tamper("a plain value", key, 7, []byte("value"))
	m.Edit(key, func(store.Item) store.Item { return store.Item{Value: sealed, Stamp: 7} })
	wantValue(t, s, []byte("value"))
}

func TestEncryptedTargets(t *testing.T) {
	m := fakestore.New()
	sealed, _ := store.As[store.Blobber](encrypt(t, m.Open(), keys(newKey)))
	if _, err := sealed.WriteBlob(t.Context(), "p", nil, true); !errors.Is(err, layer.ErrPlain) {
		t.Error(err)
	}
	if _, err := sealed.ReadBlob(t.Context(), "p"); !errors.Is(err, layer.ErrPlain) {
		t.Error(err)
	}
	if err := sealed.DeleteBlob(t.Context(), "p"); !errors.Is(err, layer.ErrPlain) {
		t.Error(err)
	}
	plain, _ := store.As[store.Blobber](encrypt(t, m.Open(), layer.EncryptOptions{Keys: []layer.Key{newKey}, PlainTargets: true}))
	if ok, err := plain.WriteBlob(t.Context(), "p", []byte("readable"), true); !ok || err != nil {
		t.Error(ok, err)
	}
	if b, err := m.Open().ReadBlob(t.Context(), "p"); string(b) != "readable" || err != nil {
		t.Errorf("%q, %v", b, err)
	}
}

func TestParseKeys(t *testing.T) {
	asHex := func(k layer.Key) string { return hex.EncodeToString(k[:]) }
	as64 := func(k layer.Key) string { return base64.StdEncoding.EncodeToString(k[:]) }
	for _, c := range []struct {
		text string
		want []layer.Key
	}{
		{asHex(newKey), []layer.Key{newKey}},
		{" " + as64(newKey) + ",\n" + strings.ToUpper(asHex(oldKey)) + "\n", []layer.Key{newKey, oldKey}},
		{strings.TrimRight(as64(oldKey), "="), []layer.Key{oldKey}},
		{"", nil},
		{"secret", nil},
		{asHex(newKey)[2:], nil},
		{as64(newKey) + " secret", nil},
	} {
		got, err := layer.ParseKeys(c.text)
		if !slices.Equal(got, c.want) || (err == nil) != (c.want != nil) {
			t.Errorf("%q: %v, %v", c.text, got, err)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("the error tells a key: %v", err)
		}
	}
	if _, err := layer.Encrypt(fakestore.New().Open(), layer.EncryptOptions{}); err == nil {
		t.Error("encrypts without a key")
	}
}
