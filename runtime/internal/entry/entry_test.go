package entry_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/cachegen/cachegen/runtime/internal/entry"
	"github.com/cachegen/cachegen/runtime/internal/key"
)

var ignoreBlank = cmpopts.IgnoreUnexported(entry.Entry{}, entry.Inputs{})

func full() *entry.Entry {
	return &entry.Entry{
		Key: key.Key{1, 2, 3}, Project: "p", Domain: "d", Namespace: "n", Version: "v1:0", Func: "example.com/weather.Forecast",
		Build: []string{"GOARCH=arm64"}, Revision: "12ab", Run: "r", Began: 1, Completed: 2, Cost: time.Second, Codec: "exact1", Tags: []string{"a", "\xff"}, Tombstone: true, Error: "e",
		Inputs: entry.Inputs{Digest: []byte{4}, Preview: `City:"Berlin"`, Full: []byte{5}}, Payload: []byte{6, 7},
	}
}

func TestRoundTrip(t *testing.T) {
	for name, want := range map[string]*entry.Entry{"full": full(), "empty": {Payload: []byte{}}} {
		b, err := want.Encode()
		if err != nil {
			t.Fatal(err)
		}
		got, err := entry.Decode(b)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, ignoreBlank); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		brief, err := entry.Brief(b)
		if err != nil {
			t.Fatal(err)
		}
		want.Project, want.Domain, want.Namespace, want.Version, want.Func = "", "", "", "", ""
		want.Build, want.Revision, want.Run, want.Error, want.Inputs.Preview = nil, "", "", "", ""
		if diff := cmp.Diff(want, &brief, ignoreBlank); diff != "" {
			t.Errorf("%s, brief: %s", name, diff)
		}
	}
}

// TestGolden pins the bytes: entries outlive the program that wrote them.
func TestGolden(t *testing.T) {
	b, err := full().Encode()
	if err != nil {
		t.Fatal(err)
	}
	const want = "6367650289d78bac925820010203000000000000000000000000000000000000000000000000000000000061706164616e6476313a30781c6578616d706c652e" +
		"636f6d2f776561746865722e466f726563617374816c474f415243483d61726d36346431326162617201021a3b9aca006665786163743182616161fff6f56165" +
		"8341046d436974793a224265726c696e2241050607"
	if got := hex.EncodeToString(b); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// TestDamage changes, drops and adds each byte: nothing of it is taken for an entry.
func TestDamage(t *testing.T) {
	whole, err := full().Encode()
	if err != nil {
		t.Fatal(err)
	}
	check := func(what string, at int, b []byte) {
		if _, err := entry.Decode(b); !errors.Is(err, entry.ErrCorrupt) {
			t.Errorf("%s %d: %v", what, at, err)
		}
		if _, err := entry.Brief(b); !errors.Is(err, entry.ErrCorrupt) {
			t.Errorf("%s %d, brief: %v", what, at, err)
		}
	}
	for i := range whole {
		for bit := range 8 {
			b := bytes.Clone(whole)
			b[i] ^= 1 << bit
			check("flipped", i, b)
		}
		check("cut", i, whole[:i])
		check("zeroed from", i, append(bytes.Clone(whole[:i]), make([]byte, len(whole)-i)...))
	}
	check("longer", 1, append(bytes.Clone(whole), 0))
}
