package codec_test

import (
	"bytes"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	_ "github.com/cachegen/cachegen/internal/repeatable"
	"github.com/cachegen/cachegen/runtime/internal/canon"
	"github.com/cachegen/cachegen/runtime/internal/codec"
)

type leaf struct {
	N int
	S []*string
}

type shape struct {
	B  bool
	I  []int16
	U  map[uint8]uint64
	F  map[float32]float64
	S  string
	L  [][]string
	Y  []byte
	A  [3]byte
	P  ***int
	M  map[string]map[string]*leaf
	E  struct{}
	ES []struct{ X, Y float64 }
}

// TestAnyValue draws values of all sizes: each comes back equal, to the cache too, and is written
// as the same bytes again.
func TestAnyValue(t *testing.T) {
	draw := rapid.Make[shape]()
	rapid.Check(t, func(t *rapid.T) {
		v := reflect.ValueOf(new(draw.Draw(t, "v")))
		p, err := codec.Append(nil, v)
		if err != nil {
			t.Fatal(err)
		}
		got := reflect.New(v.Type().Elem())
		if err := codec.Decode(p, got); err != nil {
			t.Fatal(err)
		}
		if again, err := codec.Append(nil, got); err != nil || !bytes.Equal(p, again) {
			t.Fatalf("%x, %v, want %x", again, err, p)
		}
		if want, got := canon.Value([]byte{}, v), canon.Value([]byte{}, got); !bytes.Equal(want, got) {
			t.Fatalf("%x, want %x", got, want)
		}
		if err := codec.CheckRoundTrip(v); err != nil {
			t.Fatal(err)
		}
		if _, err := codec.Diagnose(p); err != nil {
			t.Fatal(err)
		}
		if codec.Size(v) < int(v.Type().Elem().Size()) {
			t.Fatal("it has no size")
		}
	})
}
