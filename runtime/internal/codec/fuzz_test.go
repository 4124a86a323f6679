package codec_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"math/big"
	"net/netip"
	"net/url"
	"reflect"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/codec"
)

// targets are the types that hostile bytes are read into.
var targets = []reflect.Type{
	reflect.TypeFor[everything](), reflect.TypeFor[list](), reflect.TypeFor[*link](), reflect.TypeFor[map[time.Time]string](), reflect.TypeFor[[]any](),
	reflect.TypeFor[map[[2]float32][]wide](), reflect.TypeFor[[]large](), reflect.TypeFor[map[string]large](), reflect.TypeFor[regexp.Regexp](),
}

type large struct {
	A [64]string
	B map[string]large
}

type everything struct {
	B bool
	I int8
	U uint16
	F float32
	C complex128
	S string
	Y []byte
	A uuid
	L []string
	M map[string]int
	P **int
	T time.Time
	Z *time.Location
	N netip.AddrPort
	X netip.Prefix
	R url.URL
	J big.Int
	Q big.Rat
	O big.Float
	K *cborred
	W wide
}

// FuzzDecode reads any bytes into one of the targets. What can be read can be written, and comes back as the same bytes.
func FuzzDecode(f *testing.F) {
	f.Fuzz(func(t *testing.T, target uint8, p []byte) {
		into := targets[int(target)%len(targets)]
		v := reflect.New(into)
		if err := codec.Decode(p, v); err != nil {
			return
		}
		first, err := codec.Append(nil, v)
		if err != nil {
			// Keys of maps that would not be found are read but not written.
			if strings.Contains(err.Error(), "would not be found") {
				return
			}
			t.Fatalf("%x: %v", p, err)
		}
		again := reflect.New(into)
		if err := codec.Decode(first, again); err != nil {
			t.Fatalf("%x: %v", first, err)
		}
		second, err := codec.Append(nil, again)
		if err != nil || !bytes.Equal(first, second) {
			t.Fatalf("%x, %v, want %x", second, err, first)
		}
	})
}

// TestMemory reads bytes that claim to be much, and measures what that takes.
func TestMemory(t *testing.T) {
	for _, s := range []string{
		"9a3fffffff", "9bffffffffffffffff", "ba3fffffff", "5a3fffffff", "7a3fffffff", strings.Repeat("9903e8", 900), strings.Repeat("9a00000800", 500),
		"9903e8" + strings.Repeat("8298409903e8", 300), "a1fa00000000" + strings.Repeat("9903e8", 100), strings.Repeat("8181", 2000),
	} {
		p, err := hex.DecodeString(s)
		if err != nil {
			t.Fatal(err)
		}
		for _, into := range targets {
			v := reflect.New(into)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			err := codec.Decode(p, v)
			runtime.ReadMemStats(&after)
			if !errors.Is(err, codec.ErrCorrupt) && into != reflect.TypeFor[[]any]() {
				t.Errorf("%.20s into %s: %v", s, into, err)
			}
			if took := after.TotalAlloc - before.TotalAlloc; took > 64<<10+uint64(len(p))*4096 {
				t.Errorf("%d bytes, %.20s, took %d bytes of memory to read into %s", len(p), s, took, into)
			}
		}
	}
}
