package target_test

import (
	"errors"
	"fmt"
	"math"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/fakestore"
	"github.com/cachegen/cachegen/runtime/internal/target"
	"github.com/cachegen/cachegen/runtime/store"
)

type report struct {
	City string             `json:"city"`
	Days []int              `json:"days"`
	Max  map[string]float64 `json:"max,omitempty"`
	At   time.Time          `json:"at"`
	Note *string            `json:"note"`
}

type (
	name  string
	photo []byte
)

type forgetful struct{ a, b int }

func (f forgetful) MarshalText() ([]byte, error) { return fmt.Append(nil, f.a), nil }

func (f *forgetful) UnmarshalText(text []byte) error {
	_, err := fmt.Sscan(string(text), &f.a)
	return err
}

type explosive struct{ A int }

func (explosive) MarshalJSON() ([]byte, error) { panic("ouch") }

// pointer returns a pointer to a copy of v, or a new nil pointer of v's type.
func pointer(v any) reflect.Value {
	p := reflect.New(reflect.TypeOf(v))
	p.Elem().Set(reflect.ValueOf(v))
	return p
}

func TestFormats(t *testing.T) {
	day := time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		format target.Format
		value  any
		want   string // "!" and a part of the error if it can't be written
	}{
		{target.JSON, report{City: "<b>", Days: []int{1}, At: day}, "{\n  \"city\": \"<b>\",\n  \"days\": [\n    1\n  ],\n  \"at\": \"2026-08-01T00:00:00Z\",\n  \"note\": null\n}\n"},
		{target.JSON, report{Days: nil, At: day}, "{\n  \"city\": \"\",\n  \"days\": null,\n  \"at\": \"2026-08-01T00:00:00Z\",\n  \"note\": null\n}\n"},
		{target.JSON, report{Days: []int{}, Max: map[string]float64{}, At: day}, "!does not come back"},
		{target.JSON, report{City: "\xff", At: day}, "!does not come back"},
		{target.JSON, report{At: day.In(time.FixedZone("here", 3600))}, "!does not come back"},
		{target.JSON, math.NaN(), "!unsupported value"},
		{target.JSON, math.Copysign(0, -1), "-0\n"},
		{target.JSON, int64(math.MaxInt64), "9223372036854775807\n"},
		{target.JSON, forgetful{1, 2}, "!does not come back"},
		{target.JSON, explosive{}, "!panicked"},
		{target.JSON, []byte("x"), "\"eA==\"\n"},
		{target.Text, "a\xff\n", "a\xff\n"},
		{target.Text, name("n"), "n"},
		{target.Text, photo("p"), "p"},
		{target.Text, []byte(nil), "!nil"},
		{target.Text, []byte{}, ""},
		{target.Text, netip.MustParseAddr("::1"), "::1"},
		{target.Text, forgetful{1, 0}, "1"},
		{target.Text, forgetful{1, 2}, "!does not come back"},
		{target.Text, 1, "!has no form"},
		{target.Binary, photo("p"), "p"},
		{target.Binary, "s", "!has no form"},
		{target.Binary, netip.MustParseAddr("1.2.3.4"), "\x01\x02\x03\x04"},
		{target.CBOR, 1, "\x01"},
		{target.JSON, make(chan int), "!channels"},
	} {
		in := pointer(c.value)
		data, err := c.format.Encode(in)
		if reason, bad := strings.CutPrefix(c.want, "!"); bad {
			if err == nil || !strings.Contains(err.Error(), reason) {
				t.Errorf("%s of %#v: %q, %v, want %s", c.format, c.value, data, err, reason)
			}
			continue
		}
		if err != nil || string(data) != c.want {
			t.Errorf("%s of %#v: %q, %v, want %q", c.format, c.value, data, err, c.want)
			continue
		}
		out := reflect.New(in.Type().Elem())
		if err := c.format.Decode(data, out); err != nil || !reflect.DeepEqual(in.Interface(), out.Interface()) {
			t.Errorf("%s of %#v comes back as %#v, %v", c.format, c.value, out.Elem(), err)
		}
	}
}

func TestUnreadable(t *testing.T) {
	for _, c := range []struct {
		format target.Format
		data   string
		value  any
	}{
		{target.JSON, "", report{}},
		{target.JSON, "{", report{}},
		{target.JSON, `{"foreign": 1}`, report{}},
		{target.JSON, `{} {}`, report{}},
		{target.JSON, `{} ]`, report{}},
		{target.Text, "x", forgetful{}},
		{target.Binary, "x", netip.Addr{}},
		{target.CBOR, "\x01\x01", 1},
	} {
		b := fakestore.New().Open()
		if _, err := b.WriteBlob(t.Context(), "p", []byte(c.data), false); err != nil {
			t.Error(err)
		}
		err := target.Load(t.Context(), b, "p", c.format, reflect.New(reflect.TypeOf(c.value)))
		if !errors.Is(err, target.ErrUnreadable) {
			t.Errorf("%s of %q: %v", c.format, c.data, err)
		}
	}
}

func TestSaveAndLoad(t *testing.T) {
	b := fakestore.New().Open()
	load := func() (s string, err error) {
		err = target.Load(t.Context(), b, "p.txt", target.Text, reflect.ValueOf(&s))
		return s, err
	}
	save := func(s string, replace, want bool) {
		t.Helper()
		if ok, err := target.Save(t.Context(), b, "p.txt", target.Text, reflect.ValueOf(&s), replace); ok != want || err != nil {
			t.Errorf("saving %s: %t, %v", s, ok, err)
		}
	}
	if _, err := load(); !errors.Is(err, store.ErrNotFound) {
		t.Error(err)
	}
	for _, c := range []struct {
		text          string
		replace, want bool
		found         string
	}{{"one", false, true, "one"}, {"two", false, false, "one"}, {"three", true, true, "three"}} {
		save(c.text, c.replace, c.want)
		if s, err := load(); s != c.found || err != nil {
			t.Errorf("after %s: %s, %v", c.text, s, err)
		}
	}
}
