package codec_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"

	"github.com/cachegen/cachegen/runtime/internal/codec"
)

type report struct {
	City   string
	At     time.Time
	Rows   []row
	Labels map[string]string
}

type row struct {
	Hour    int
	Degrees float64
	Text    string
}

func someReport(rows int) *report {
	r := &report{City: "Berlin", At: time.Unix(1e9, 0).UTC(), Labels: map[string]string{"a": "1", "b": "2"}}
	for i := range rows {
		r.Rows = append(r.Rows, row{i, float64(i) / 3, strings.Repeat("x", 10)})
	}
	return r
}

// BenchmarkCodec compares with fxamacker/cbor, which keeps less.
func BenchmarkCodec(b *testing.B) {
	for name, rows := range map[string]int{"1 row": 1, "100 rows": 100} {
		r := someReport(rows)
		v := reflect.ValueOf(r)
		p, err := codec.Append(nil, v)
		if err != nil {
			b.Fatal(err)
		}
		general, err := cbor.Marshal(r)
		if err != nil {
			b.Fatal(err)
		}
		for op, f := range map[string]func() error{
			"append": func() error { _, err := codec.Append(nil, v); return err },
			"decode": func() error { return codec.Decode(p, reflect.ValueOf(new(report))) },
			"clone":  func() error { _, err := codec.Clone(v); return err },
			"size":   func() error { codec.Size(v); return nil },

			"cbor append": func() error { _, err := cbor.Marshal(r); return err },
			"cbor decode": func() error { return cbor.Unmarshal(general, new(report)) },
		} {
			b.Run(name+"/"+op, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if err := f(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
