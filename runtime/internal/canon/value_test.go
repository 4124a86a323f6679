package canon_test

import (
	"bytes"
	"errors"
	"io"
	"math"
	"math/big"
	"net"
	"net/netip"
	"net/url"
	"reflect"
	"regexp"
	"sync"
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/canon"
)

func encode[T any](v T) []byte { return canon.Value([]byte{}, reflect.ValueOf(&v)) }

// shout is keyed by its first letter.
type shout string

func (s shout) AppendCacheKey(b []byte) []byte {
	if s == "" {
		return nil
	}
	return append(b, s[0])
}

type celsius struct{ degrees float64 }

func (c *celsius) MarshalBinary() ([]byte, error) {
	if c.degrees < -273.15 {
		return nil, errors.New("too cold")
	}
	if c.degrees > 1e6 {
		panic("too hot")
	}
	return []byte{byte(c.degrees)}, nil
}

// reading promotes celsius' marshaler, which knows nothing of at.
type reading struct {
	celsius
	at int
}

type token struct{ text string }

func (t token) MarshalCBOR() ([]byte, error) { return append([]byte{0x61}, t.text[0]), nil }

// uuid has a marshaler, and is what it is without.
type uuid [2]byte

func (uuid) MarshalBinary() ([]byte, error) { return nil, nil }

type tree struct {
	value       int
	left, right *tree
}

type blank struct {
	A int
	_ int
}

// TestValueEqual lists groups of values: those of a group have one encoding, and no other group of the same type has it.
func TestValueEqual(t *testing.T) {
	berlin := location(t, "Europe/Berlin")
	paris := location(t, "Europe/Paris")
	instant := time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)
	longest := regexp.MustCompile("a$")
	longest.Longest()
	zero := 0
	var none *int

	t.Run("float64", groups([]float64{0}, []float64{math.Copysign(0, -1)}, []float64{math.NaN(), math.Float64frombits(0x7ff8000000000f0f)}, []float64{1}))
	t.Run("float32", groups([]float32{0}, []float32{float32(math.Copysign(0, -1))}, []float32{float32(math.NaN())}))
	t.Run("complex", groups([]complex128{1}, []complex128{1i}, []complex128{complex(1, math.Copysign(0, -1))}))
	t.Run("string", groups([]string{""}, []string{"a"}, []string{"\xff"}, []string{"\ufffd"}))
	t.Run("bytes", groups([][]byte{nil}, [][]byte{{}, make([]byte, 0, 9)}, [][]byte{{0}}))
	t.Run("strings", groups([][]string{nil}, [][]string{{}}, [][]string{{"ab", "c"}}, [][]string{{"a", "bc"}}, [][]string{{"a", "b", "c"}}))
	t.Run("pointer", groups([]*int{nil}, []*int{&zero, new(0)}, []*int{new(1)}))
	t.Run("pointers", groups([]**int{nil}, []**int{&none}, []**int{new(&zero)}))
	t.Run("map", groups([]map[string]int{nil}, []map[string]int{{}}, []map[string]int{{"a": 1, "b": 2}, {"b": 2, "a": 1}}, []map[string]int{{"a": 2, "b": 1}}))
	t.Run("NaN keys", groups(
		[]map[float64]int{{math.NaN(): 1, math.Float64frombits(0x7ff8000000000f0f): 2}, {math.NaN(): 2, math.Float64frombits(0x7ff8000000000f0f): 1}},
		[]map[float64]int{{math.NaN(): 1}}))
	t.Run("tree", groups([]tree{{value: 1}}, []tree{{value: 1, left: &tree{}}}, []tree{{value: 1, right: &tree{}}, {value: 1, right: new(tree)}}))
	t.Run("blank", groups([]blank{{A: 1}}, []blank{{A: 2}}))
	t.Run("own", groups([]shout{"abc", "axe"}, []shout{"b"}))
	t.Run("binary", groups([]celsius{{1}, {1.5}}, []celsius{{2}}))
	t.Run("promoted", groups([]reading{{celsius{1}, 1}}, []reading{{celsius{1}, 2}}, []reading{{celsius{2}, 1}}))
	t.Run("cbor", groups([]token{{"ab"}, {"ac"}}, []token{{"b"}}))
	t.Run("uuid", groups([]uuid{{}}, []uuid{{1}}))
	t.Run("time", groups(
		[]time.Time{instant, time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)},
		[]time.Time{instant.Add(1)},
		[]time.Time{instant.In(berlin), instant.In(location(t, "Europe/Berlin"))},
		[]time.Time{instant.In(paris)},
		[]time.Time{instant.In(time.FixedZone("CET", 3600)), instant.In(time.FixedZone("CET", 3600))},
		[]time.Time{instant.In(time.FixedZone("Europe/Berlin", 3600))},
		[]time.Time{instant.In(time.FixedZone("CET", 7200))},
		[]time.Time{instant.In(time.FixedZone("UTC", 0))},
	))
	t.Run("monotonic", groups([]time.Time{monotonic, monotonic.Round(0)}))
	t.Run("location", groups([]*time.Location{nil}, []*time.Location{time.UTC}, []*time.Location{berlin, location(t, "Europe/Berlin")}, []*time.Location{paris},
		[]*time.Location{time.FixedZone("CET", 3600)}, []*time.Location{time.FixedZone("CET", 0)}))
	t.Run("ip", groups([]net.IP{nil}, []net.IP{net.IPv4(1, 2, 3, 4).To4()}, []net.IP{net.IPv4(1, 2, 3, 4)}))
	t.Run("ipnet", groups([]net.IPNet{{IP: net.IP{1, 2, 3, 0}, Mask: net.CIDRMask(24, 32)}}, []net.IPNet{{IP: net.IP{1, 2, 3, 0}, Mask: net.CIDRMask(25, 32)}}))
	t.Run("addr", groups(parse(netip.MustParseAddr, "1.2.3.4"), parse(netip.MustParseAddr, "::ffff:1.2.3.4"), parse(netip.MustParseAddr, "fe80::1"),
		parse(netip.MustParseAddr, "fe80::1%eth0"), []netip.Addr{{}}))
	t.Run("addrport", groups(parse(netip.MustParseAddrPort, "1.2.3.4:5"), parse(netip.MustParseAddrPort, "1.2.3.4:6"), []netip.AddrPort{{}}))
	t.Run("prefix", groups(parse(netip.MustParsePrefix, "1.2.3.0/24"), parse(netip.MustParsePrefix, "1.2.3.0/25"), []netip.Prefix{{}},
		[]netip.Prefix{netip.PrefixFrom(netip.MustParseAddr("1.2.3.0"), 99)}))
	t.Run("url", groups([]url.URL{*address(t, "http://a/b")}, []url.URL{*address(t, "http://a/b?")}, []url.URL{*address(t, "http://u@a/b")},
		[]url.URL{*address(t, "http://u:@a/b")}, []url.URL{*address(t, "http://u:p@a/b")}, []url.URL{*address(t, "http://a/b#c")},
		[]url.URL{*address(t, "http://a/%62")}, []url.URL{{Path: "//a"}}, []url.URL{{Host: "a"}}, []url.URL{{OmitHost: true, Path: "//a"}}))
	t.Run("int", groups([]*big.Int{new(big.Int), big.NewInt(0)}, []*big.Int{big.NewInt(-1)}, []*big.Int{power(64)}, []*big.Int{power(70)},
		[]*big.Int{new(big.Int).Neg(power(64))}, []*big.Int{new(big.Int).Neg(power(70))}, []*big.Int{new(big.Int).Sub(power(64), big.NewInt(1))},
		[]*big.Int{new(big.Int).Not(power(64))}, []*big.Int{new(big.Int).Neg(power(63))}))
	t.Run("rat", groups([]*big.Rat{new(big.Rat), big.NewRat(0, 1)}, []*big.Rat{big.NewRat(1, 2), big.NewRat(2, 4)}, []*big.Rat{big.NewRat(-1, 2)}))
	t.Run("float", groups([]*big.Float{new(big.Float)}, []*big.Float{big.NewFloat(1)}, []*big.Float{new(big.Float).SetPrec(9).SetInt64(1)},
		[]*big.Float{new(big.Float).SetInf(true)}, []*big.Float{big.NewFloat(math.Copysign(0, -1))}, []*big.Float{big.NewFloat(0)},
		[]*big.Float{big.NewFloat(1).SetMode(big.ToZero)}))
	t.Run("regexp", groups([]*regexp.Regexp{regexp.MustCompile("a$"), regexp.MustCompile("a$")}, []*regexp.Regexp{longest},
		[]*regexp.Regexp{regexp.MustCompilePOSIX("a$")}, []*regexp.Regexp{regexp.MustCompile("b$")}))
}

func groups[T any](groups ...[]T) func(*testing.T) {
	return func(t *testing.T) {
		seen := map[string]int{}
		for i, group := range groups {
			for _, v := range group {
				b := encode(v)
				if b == nil {
					t.Fatalf("%v has no encoding", v)
				}
				j, ok := seen[string(b)]
				if ok && j != i {
					t.Errorf("%v is alike one of %v: %x", v, groups[j], b)
				}
				if !ok && len(seen) != i {
					t.Errorf("%v differs from others of %v: %x", v, group, b)
				}
				seen[string(b)] = i
			}
		}
	}
}

// TestValueRefused lists values that have no encoding.
func TestValueRefused(t *testing.T) {
	type holder struct{ a any }
	ring := &tree{}
	ring.left = ring
	for name, b := range map[string][]byte{
		"interface":     encode[any](1),
		"interface nil": encode[io.Reader](nil),
		"field":         encode(holder{}),
		"function":      encode(func() {}),
		"channel":       encode(make(chan int)),
		"lock":          encode(&sync.Mutex{}),
		"buffer":        encode(bytes.Buffer{}),
		"own":           encode(shout("")),
		"failed":        encode(celsius{-300}),
		"panicked":      encode([]celsius{{1e7}}),
		"element":       encode([]any{1}),
		"value":         encode(map[string]any{"a": 1}),
		"ring":          encode(ring),
		"too deep":      encode(chain(501)),
		"nil buffer":    canon.Value(nil, reflect.ValueOf(new(1))),
	} {
		if b != nil {
			t.Errorf("%s: %x", name, b)
		}
	}
	if encode(chain(500)) == nil {
		t.Error("a value nested 1,000 deep has no encoding")
	}
}

// chain is nested twice as deep as it has nodes: a pointer and a struct each.
func chain(nodes int) *tree {
	var n *tree
	for range nodes {
		n = &tree{left: n}
	}
	return n
}

var monotonic = time.Now()

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

func power(n uint) *big.Int { return new(big.Int).Lsh(big.NewInt(1), n) }

func parse[T any](parse func(string) T, s string) []T { return []T{parse(s)} }
