package layer_test

import (
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/layer"
	"github.com/cachegen/cachegen/runtime/store/memory"
	"github.com/cachegen/cachegen/runtime/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

var (
	oldKey = layer.Key{1}
	newKey = layer.Key{2}
)

func encrypt(t testing.TB, s store.Store, o layer.EncryptOptions) store.Store {
	t.Helper()
	s, err := layer.Encrypt(s, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func chain(t testing.TB, far store.Store, near ...store.Store) store.Store {
	t.Helper()
	s, err := layer.Chain(far, func(err error) { t.Error(err) }, near...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestSuite has every layer pass what every store passes.
func TestSuite(t *testing.T) {
	plain := layer.EncryptOptions{Keys: []layer.Key{newKey, oldKey}, PlainTargets: true}
	for name, front := range map[string]func(t testing.TB, s, near store.Store) store.Store{
		"Compress": func(_ testing.TB, s, _ store.Store) store.Store { return layer.Compress(s, 100) },
		"Encrypt":  func(t testing.TB, s, _ store.Store) store.Store { return encrypt(t, s, plain) },
		"Limit":    func(_ testing.TB, s, _ store.Store) store.Store { return layer.Limit(s, 64<<20) },
		"Chain":    func(t testing.TB, s, near store.Store) store.Store { return chain(t, s, near) },
		"all": func(t testing.TB, s, near store.Store) store.Store {
			return chain(t, layer.Limit(layer.Compress(encrypt(t, s, plain), 100), 64<<20), near)
		},
	} {
		if testing.Short() && name != "all" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Run(t, func(t testing.TB) storetest.Harness {
				medium, near := memory.New(memory.Options{}), memory.New(memory.Options{})
				return storetest.Harness{
					Open:     func(t testing.TB) store.Store { return front(t, medium.Join(), near.Join()) },
					LeaseTTL: time.Second, MaxValue: 1 << 20, OtherForm: true,
				}
			})
		})
	}
}
