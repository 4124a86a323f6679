package codec_test

import (
	"bytes"
	"math/big"
	"net/netip"
	"net/url"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/codec"
)

// targets are the types that hostile bytes are read into.
var targets = []reflect.Type{
	reflect.TypeFor[everything](), reflect.TypeFor[list](), reflect.TypeFor[*link](), reflect.TypeFor[map[time.Time]string](),
	reflect.TypeFor[[]any](), reflect.TypeFor[map[[2]float32][]wide](), reflect.TypeFor[[]large](), reflect.TypeFor[map[string]large](),
	reflect.TypeFor[regexp.Regexp](),
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

// FuzzDecode reads any bytes into one of the targets. What can be read can be written, and comes
// back as the same bytes.
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
