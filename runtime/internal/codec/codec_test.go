//lint:file-ignore U1000 Fields of the types here are there to be found by reflection.

package codec_test

import (
	"bytes"
	"errors"
	"math"
	"math/big"
	"net/netip"
	"net/url"
	"reflect"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/codec"
)

// value is a type's own idea of a test: whether two values are the same is decided by their bytes
// and by same.
type value interface{ check(t *testing.T) }

type of[T any] struct {
	v    T
	same func(x, y T) bool
}

func deep[T any](v T) value                       { return of[T]{v, func(x, y T) bool { return reflect.DeepEqual(x, y) }} }
func by[T any](v T, same func(x, y T) bool) value { return of[T]{v, same} }
func encode[T any](v *T) ([]byte, error)          { return codec.Append([]byte{}, reflect.ValueOf(v)) }

func decode[T any](p []byte) (v T, err error) {
	err = codec.Decode(p, reflect.ValueOf(&v))
	return v, err
}

func (o of[T]) check(t *testing.T) {
	p, err := encode(&o.v)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := codec.Diagnose(p); err != nil {
		t.Errorf("%x: %v", p, err)
	}
	got, err := decode[T](p)
	if err != nil {
		t.Fatalf("%x: %v", p, err)
	}
	if !o.same(o.v, got) {
		t.Errorf("%#v, want %#v", got, o.v)
	}
	again, err := encode(&got)
	if err != nil || !bytes.Equal(p, again) {
		t.Errorf("%x, %v, want %x", again, err, p)
	}
	if err := codec.CheckRoundTrip(reflect.ValueOf(&o.v)); err != nil {
		t.Error(err)
	}
	for i := range p {
		if _, err := decode[T](p[:i]); !errors.Is(err, codec.ErrCorrupt) {
			t.Errorf("%x: %v", p[:i], err)
		}
	}
	if _, err := decode[T](append(p, 0)); !errors.Is(err, codec.ErrCorrupt) {
		t.Errorf("%x00: %v", p, err)
	}
}

type inner struct {
	a int8
	B string
}

type wide struct {
	inner
	*url.URL `json:"-"`
	Skipped  string `json:"-" cbor:"-"`
	Empty    string `json:",omitempty"`
	private  map[string][]inner
	_        int
	next     *wide
}

type list []list

type temperature float64

type counter struct{ n int }

func (c counter) MarshalBinary() ([]byte, error)        { return []byte{byte(c.n)}, nil }
func (c *counter) UnmarshalBinary(p []byte) (err error) { c.n = int(p[0]); return nil }

type cborred struct{ n int }

func (c *cborred) MarshalCBOR() ([]byte, error)       { return []byte{byte(c.n)}, nil }
func (c *cborred) UnmarshalCBOR(p []byte) (err error) { c.n = int(p[0]); return nil }

// promoted has counter's marshalers, which know nothing of at.
type promoted struct {
	counter
	at time.Time
}

// text has marshalers for text only.
type text struct{ s string }

func (text) MarshalText() ([]byte, error)  { return nil, nil }
func (*text) UnmarshalText(p []byte) error { return nil }

type uuid [16]byte

func (uuid) MarshalBinary() ([]byte, error)  { return nil, nil }
func (*uuid) UnmarshalBinary(p []byte) error { return errors.New("not called") }

func TestRoundTrip(t *testing.T) {
	var none *int
	posix := regexp.MustCompilePOSIX("^a$")
	longest := regexp.MustCompile("^a$")
	longest.Longest()
	rounded := new(big.Float).SetPrec(4).SetMode(big.ToZero).SetInt64(255)
	instant := time.Date(2026, 7, 1, 2, 3, 4, 5, time.UTC)
	for name, v := range map[string]value{
		"bool": deep(true), "int": deep(-5), "int8": deep(int8(-128)), "int64": deep(int64(math.MinInt64)),
		"uint64":  deep(uint64(math.MaxUint64)),
		"uintptr": deep(uintptr(7)), "string": deep("a"), "no text": deep("\xff\x00"), "empty": deep(""),
		"float64": by(math.Copysign(0, -1), bits64), "NaN": by(math.Float64frombits(0xfff0000000000001), bits64),
		"temperature": deep(temperature(1.5)),
		"float32":     by(math.Float32frombits(0x7f800001), bits32), "-0": by(float32(math.Copysign(0, -1)), bits32),
		"complex64": by(complex(math.Float32frombits(0xff800001), 1), func(x, y complex64) bool {
			return bits32(real(x), real(y)) && bits32(imag(x), imag(y))
		}),
		"complex128": deep(2 + 3i),
		"nil bytes":  deep([]byte(nil)), "no bytes": deep([]byte{}), "bytes": deep([]byte{1, 2}),
		"array": deep([3]byte{1, 2, 3}), "none": deep([0]int{}),
		"nil slice": deep([]int(nil)), "no ints": deep([]int{}), "ints": deep([]int{1, -2, 3}),
		"structs": deep(make([]struct{}, 9)), "matrix": deep([2][2]bool{{true}}),
		"many":    deep(strings.Split(strings.Repeat("ab,", 1000), ",")),
		"nil map": deep(map[string]int(nil)), "no map": deep(map[string]int{}),
		"map":         deep(map[string]int{"b": 1, "a": 2, "": 3}),
		"set":         deep(map[[2]int]struct{}{{1, 2}: {}, {2, 1}: {}}),
		"NaNs":        by(map[float64]int{math.NaN(): 1, 1: 2}, func(x, y map[float64]int) bool { return len(y) == 2 }),
		"nil pointer": deep((*int)(nil)), "pointer": deep(new(3)), "to nil": deep(&none), "to pointer": deep(new(new(3))),
		"struct": deep(inner{-1, "b"}),
		"wide": deep(wide{
			inner: inner{1, "x"}, URL: &url.URL{Host: "h"}, Skipped: "s", private: map[string][]inner{"a": {{1, "b"}}, "n": nil},
			next: &wide{Empty: "e"},
		}),
		"list":   deep(list{nil, {}, {{}, nil}}),
		"binary": deep([]counter{{3}, {4}}), "cbor": deep(&cborred{5}), "promoted": deep(promoted{counter{3}, instant}),
		"text": deep(text{"a"}), "uuid": deep(uuid{1}),
		"time": deep(instant), "zero time": deep(time.Time{}), "far time": deep(time.Unix(math.MaxInt64, 1).UTC()),
		"berlin": by(instant.In(location(t, "Europe/Berlin")), sameTime),
		"fixed":  by(instant.In(time.FixedZone("X", -3601)), sameTime), "local": by(instant.Local(), sameTime),
		"unnamed": by(instant.In(time.FixedZone("", 3600)), sameTime), "etc": by(instant.In(location(t, "Etc/GMT+5")), sameTime),
		"locations": deep([]*time.Location{nil, time.UTC, time.Local}),
		"location":  by(location(t, "Europe/Berlin"), func(x, y *time.Location) bool { return x.String() == y.String() }),
		"duration":  deep(time.Minute), "month": deep(time.May),
		"addr": deep([]netip.Addr{
			{}, netip.MustParseAddr("1.2.3.4"), netip.MustParseAddr("::ffff:1.2.3.4"), netip.MustParseAddr("fe80::1%eth0"),
		}),
		"port":           deep(netip.MustParseAddrPort("[::1]:80")),
		"prefix":         deep([]netip.Prefix{{}, netip.MustParsePrefix("10.0.0.0/8")}),
		"invalid prefix": deep(netip.PrefixFrom(netip.MustParseAddr("1.2.3.4"), 77)),
		"url":            deep(address(t, "http://u:p@h:1/%62?q#f")), "user": deep(url.User("u")),
		"urls": deep([]url.URL{{}, {ForceQuery: true}, {OmitHost: true}}),
		"big": by(numbers(), func(x, y []*big.Int) bool {
			for i := range x {
				if x[i].Cmp(y[i]) != 0 {
					return false
				}
			}
			return true
		}),
		"rat": by(big.NewRat(-3, 7), func(x, y *big.Rat) bool { return x.Cmp(y) == 0 }),
		"float": by(rounded, func(x, y *big.Float) bool {
			return x.Cmp(y) == 0 && y.Acc() == x.Acc() && y.Mode() == x.Mode() && y.Prec() == 4
		}),
		"inf":    by(new(big.Float).SetInf(true), func(_, y *big.Float) bool { return y.IsInf() && y.Signbit() }),
		"regexp": deep(regexp.MustCompile("(?i)a+b")), "posix": by(posix, matches("b\na\nc", true)),
		"longest": by(longest, matches("b\na\nc", false)),
	} {
		t.Run(name, v.check)
	}
}

func bits64(x, y float64) bool { return math.Float64bits(x) == math.Float64bits(y) }

func bits32(x, y float32) bool { return math.Float32bits(x) == math.Float32bits(y) }

func sameTime(x, y time.Time) bool {
	return x.Equal(y) && x.Location().String() == y.Location().String() && x.String() == y.String()
}

func matches(s string, want bool) func(x, y *regexp.Regexp) bool {
	return func(_, y *regexp.Regexp) bool { return y.MatchString(s) == want }
}

func numbers() (list []*big.Int) {
	for _, n := range []uint{0, 1, 63, 64, 65, 200} {
		x := new(big.Int).Lsh(big.NewInt(1), n)
		list = append(list, x, new(big.Int).Neg(x), new(big.Int).Not(x), new(big.Int).Sub(x, big.NewInt(1)))
	}
	return list
}

func location(t *testing.T, name string) *time.Location {
	l, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func address(t *testing.T, s string) *url.URL {
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

type link struct{ next *link }

// TestDeep nests a value as deep as it may be, and deeper: each link is a pointer and a struct.
func TestDeep(t *testing.T) {
	chain := func(links int) *link {
		var n *link
		for range links {
			n = &link{n}
		}
		return n
	}
	deep(chain(500)).check(t)
	ring := &link{}
	ring.next = ring
	for _, v := range []*link{chain(501), ring} {
		if _, err := encode(&v); err == nil || !strings.Contains(err.Error(), "1000 deep") {
			t.Error(err)
		}
	}
	if err := read[*link](strings.Repeat("8181", 500) + "f6"); err != nil {
		t.Error(err)
	}
	if err := read[*link](strings.Repeat("8181", 501) + "f6"); !errors.Is(err, codec.ErrCorrupt) {
		t.Error(err)
	}
}

func TestDiagnose(t *testing.T) {
	p, err := encode(&wide{inner: inner{1, "x"}, private: map[string][]inner{"a": nil}})
	if err != nil {
		t.Fatal(err)
	}
	const want = `[[1, "x"], null, "", "", {"a": null}, null]`
	if got, err := codec.Diagnose(p); err != nil || got != want {
		t.Errorf("%s, %v, want %s", got, err, want)
	}
	for _, p := range [][]byte{nil, {0x81}, {0x5b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, bytes.Repeat([]byte{0x81}, 9000)} {
		if _, err := codec.Diagnose(p); !errors.Is(err, codec.ErrCorrupt) {
			t.Errorf("%x: %v", p, err)
		}
	}
}

type bad struct {
	_     func()
	Fine  int
	Inner map[string][]*struct{ f func() }
}

type panics struct{ x int }

func (panics) MarshalBinary() ([]byte, error)  { panic("marshal") }
func (*panics) UnmarshalBinary(p []byte) error { panic("unmarshal") }

func TestRefused(t *testing.T) {
	for _, test := range []struct {
		t    reflect.Type
		want string
	}{
		{reflect.TypeFor[bad](), "codec_test.bad.Inner[][].f: functions"},
		{reflect.TypeFor[map[any]int](), "map[interface {}]int[key]: pointers and interfaces in keys"},
		{reflect.TypeFor[map[[1]*int]int](), "map[[1]*int]int[key]: pointers and interfaces in keys"},
		{reflect.TypeFor[struct{ C chan int }](), "C: channels"},
		{reflect.TypeFor[struct{ mu sync.Mutex }](), "mu: sync.Mutex has an identity"},
		{reflect.TypeFor[struct{ b bytes.Buffer }](), "b: bytes.Buffer has an identity"},
		{reflect.TypeFor[time.Location](), "time.Location has an identity"},
		{reflect.TypeFor[struct{ p reflect.Value }](), "reflect.Value has an identity"},
	} {
		if err := codec.Check(test.t); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %s", test.t, err, test.want)
		}
	}
	for _, fine := range []reflect.Type{
		reflect.TypeFor[wide](), reflect.TypeFor[list](), reflect.TypeFor[promoted](), reflect.TypeFor[*time.Location](),
	} {
		if err := codec.Check(fine); err != nil {
			t.Error(err)
		}
	}
}

// TestReached writes values of types that are refused, which holds until there is something in
// them.
func TestReached(t *testing.T) {
	for _, test := range []struct {
		v    any
		want bool
	}{
		{new([]any), true},
		{&[]any{}, true},
		{&[]any{nil, 1, "a", []any{2.5}, map[string]any{"a": true}}, true},
		{&[]any{bad{}}, false},
		{&[]any{func() {}}, false},
		{&[]error{errors.New("x")}, false},
		{&map[string]func(){"a": nil}, false},
		{&map[*int]int{nil: 1}, true},
		{&map[*int]int{new(1): 1}, false},
		{new(func()), false},
		{&struct{ p *sync.Mutex }{}, true},
		{&struct{ p *sync.Mutex }{new(sync.Mutex)}, false},
	} {
		if _, err := codec.Append(nil, reflect.ValueOf(test.v)); (err == nil) != test.want {
			t.Errorf("%T %v: %v", test.v, test.v, err)
		}
	}
}

// TestKeyOfMap stores maps whose keys are times: one in a zone would be found under no time of the
// program's own.
func TestKeyOfMap(t *testing.T) {
	instant := time.Now().Round(0)
	deep(map[time.Time]int{instant.UTC(): 1}).check(t)
	for _, k := range []time.Time{instant.In(location(t, "Europe/Berlin")), instant.In(time.FixedZone("X", 1)), time.Now()} {
		if _, err := encode(&map[time.Time]int{k: 1}); err == nil || !strings.Contains(err.Error(), "would not be found") {
			t.Errorf("%v: %v", k, err)
		}
	}
	if _, err := codec.Append(nil, reflect.ValueOf(&map[float64]int{math.NaN(): 1})); err != nil {
		t.Error(err)
	}
}

func TestPanic(t *testing.T) {
	if _, err := encode(&panics{}); err == nil || !strings.Contains(err.Error(), "panicked: marshal") {
		t.Error(err)
	}
	if _, err := decode[panics]([]byte{0x40}); err == nil || !strings.Contains(err.Error(), "panicked: unmarshal") {
		t.Error(err)
	}
	if _, err := decode[counter]([]byte{0x40}); err == nil || !strings.Contains(err.Error(), "out of range") {
		t.Error(err)
	}
}
