package dir

import (
	"encoding/hex"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/cachegen/cachegen/runtime/store"
)

func encode(key string, item store.Item) []byte {
	return append(appendHead(nil, key, item), item.Value...)
}

// TestFormatStays pins the bytes of an item.
func TestFormatStays(t *testing.T) {
	item := store.Item{Value: []byte("value"), Stamp: 1_760_000_000_000_000_001, Expires: time.Unix(1_800_000_000, 5)}
	const want = "63676974656d310a" + "186cc6acd4b00001" + "18fae27693b40005" + "00000007" + "0000000000000005" + "035a1d98" + "73239e80" +
		"652f6e732f3030" + "76616c7565"
	if got := hex.EncodeToString(encode("e/ns/00", item)); got != want {
		t.Errorf("the item is\n%s, want\n%s", got, want)
	}
	back, err := parseItem(encode("e/ns/00", item), "e/ns/00")
	if diff := cmp.Diff(item, back); err != nil || diff != "" {
		t.Errorf("parseItem: %v\n%s", err, diff)
	}
}

func TestDamagedItemsAreTorn(t *testing.T) {
	const key = "e/ns/00"
	whole := encode(key, store.Item{Value: []byte("some value"), Stamp: 7})
	for n := range whole {
		if _, err := parseItem(whole[:n], key); !errors.Is(err, store.ErrCorrupt) {
			t.Errorf("the first %d bytes: %v, want store.ErrCorrupt", n, err)
		}
		zeroed := append(append([]byte{}, whole[:n]...), make([]byte, len(whole)-n)...)
		if _, err := parseItem(zeroed, key); !errors.Is(err, store.ErrCorrupt) {
			t.Errorf("zeros from byte %d: %v, want store.ErrCorrupt", n, err)
		}
		for bit := range 8 {
			flipped := append([]byte{}, whole...)
			flipped[n] ^= 1 << bit
			if _, err := parseItem(flipped, key); !errors.Is(err, store.ErrCorrupt) {
				t.Errorf("bit %d of byte %d flipped: %v, want store.ErrCorrupt", bit, n, err)
			}
		}
	}
	if _, err := parseItem(append(whole, 'x'), key); !errors.Is(err, store.ErrCorrupt) {
		t.Errorf("a byte more: %v, want store.ErrCorrupt", err)
	}
	if _, err := parseItem(whole, "e/ns/01"); !errors.Is(err, store.ErrCorrupt) {
		t.Errorf("under another key: %v, want store.ErrCorrupt", err)
	}
}

func TestItemsRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := anyKey.Draw(t, "key")
		item := store.Item{
			Value: rapid.SliceOf(rapid.Byte()).Draw(t, "value"),
			Stamp: rapid.Int64Min(0).Draw(t, "stamp"),
		}
		got, err := parseItem(encode(key, item), key)
		if err != nil || got.Stamp != item.Stamp || string(got.Value) != string(item.Value) || !got.Expires.IsZero() {
			t.Errorf("parseItem = %v, %v, want %v", got, err, item)
		}
	})
}

func FuzzParseItem(f *testing.F) {
	f.Add(encode("k", store.Item{Value: []byte("v"), Stamp: 1}))
	f.Add([]byte(magic))
	f.Fuzz(func(t *testing.T, b []byte) {
		item, err := parseItem(b, "k")
		if err == nil && string(encode("k", item)) != string(b) {
			t.Errorf("parseItem(%x) = %v, which is written otherwise", b, item)
		}
	})
}
