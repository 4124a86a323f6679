//lint:file-ignore U1000 Fields of the types here are there to be found by reflection.

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

// TestValueEqual lists groups of values: those of a group have one encoding, and no other group of
// the same type has it.
func TestValueEqual(t *testing.T) {
	berlin := location(t, "Europe/Berlin")
	paris := location(t, "Europe/Paris")
	instant := time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)
	longest := regexp.MustCompile("a$")
	longest.Longest()
	oddNaN := math.Float64frombits(0x7ff8000000000f0f)
	zero := 0
	var none *int

	t.Run("float64", groups(g(0.0), g(math.Copysign(0, -1)), g(math.NaN(), oddNaN), g(1.0)))
	t.Run("float32", groups(g(float32(0)), g(float32(math.Copysign(0, -1))), g(float32(math.NaN()))))
	t.Run("complex", groups(g(complex(1, 0)), g(1i), g(complex(1, math.Copysign(0, -1)))))
	t.Run("string", groups(g(""), g("a"), g("\xff"), g("\ufffd")))
	t.Run("bytes", groups(g([]byte(nil)), g([]byte{}, make([]byte, 0, 9)), g([]byte{0})))
	t.Run("strings", groups(g([]string(nil)), g([]string{}), g([]string{"ab", "c"}), g([]string{"a", "bc"}), g([]string{"a", "b", "c"})))
	t.Run("pointer", groups(g((*int)(nil)), g(&zero, new(0)), g(new(1))))
	t.Run("pointers", groups(g((**int)(nil)), g(&none), g(new(&zero))))
	t.Run("map", groups(
		g(map[string]int(nil)), g(map[string]int{}), g(map[string]int{"a": 1, "b": 2}, map[string]int{"b": 2, "a": 1}),
		g(map[string]int{"a": 2, "b": 1}),
	))
	t.Run("NaN keys", groups(
		g(map[float64]int{math.NaN(): 1, oddNaN: 2}, map[float64]int{math.NaN(): 2, oddNaN: 1}), g(map[float64]int{math.NaN(): 1}),
	))
	t.Run("tree", groups(
		g(tree{value: 1}), g(tree{value: 1, left: &tree{}}), g(tree{value: 1, right: &tree{}}, tree{value: 1, right: new(tree)}),
	))
	t.Run("blank", groups(g(blank{A: 1}), g(blank{A: 2})))
	t.Run("own", groups(g[shout]("abc", "axe"), g[shout]("b")))
	t.Run("binary", groups(g(celsius{1}, celsius{1.5}), g(celsius{2})))
	t.Run("promoted", groups(g(reading{celsius{1}, 1}), g(reading{celsius{1}, 2}), g(reading{celsius{2}, 1})))
	t.Run("cbor", groups(g(token{"ab"}, token{"ac"}), g(token{"b"})))
	t.Run("uuid", groups(g(uuid{}), g(uuid{1})))
	t.Run("time", groups(
		g(instant, time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)),
		g(instant.Add(1)),
		g(instant.In(berlin), instant.In(location(t, "Europe/Berlin"))),
		g(instant.In(paris)),
		g(instant.In(time.FixedZone("CET", 3600)), instant.In(time.FixedZone("CET", 3600))),
		g(instant.In(time.FixedZone("Europe/Berlin", 3600))),
		g(instant.In(time.FixedZone("CET", 7200))),
		g(instant.In(time.FixedZone("UTC", 0))),
	))
	t.Run("monotonic", groups(g(monotonic, monotonic.Round(0))))
	t.Run("location", groups(
		g((*time.Location)(nil)), g(time.UTC), g(berlin, location(t, "Europe/Berlin")), g(paris),
		g(time.FixedZone("CET", 3600)), g(time.FixedZone("CET", 0)),
	))
	t.Run("ip", groups(g(net.IP(nil)), g(net.IPv4(1, 2, 3, 4).To4()), g(net.IPv4(1, 2, 3, 4))))
	t.Run("ipnet", groups(
		g(net.IPNet{IP: net.IP{1, 2, 3, 0}, Mask: net.CIDRMask(24, 32)}), g(net.IPNet{IP: net.IP{1, 2, 3, 0}, Mask: net.CIDRMask(25, 32)}),
	))
	t.Run("addr", groups(parsed(netip.MustParseAddr, "1.2.3.4", "::ffff:1.2.3.4", "fe80::1", "fe80::1%eth0")...))
	t.Run("no addr", groups(g(netip.Addr{}), g(netip.IPv4Unspecified()), g(netip.IPv6Unspecified())))
	t.Run("addrport", groups(append(parsed(netip.MustParseAddrPort, "1.2.3.4:5", "1.2.3.4:6"), g(netip.AddrPort{}))...))
	t.Run("prefix", groups(append(parsed(netip.MustParsePrefix, "1.2.3.0/24", "1.2.3.0/25"), g(netip.Prefix{}),
		g(netip.PrefixFrom(netip.MustParseAddr("1.2.3.0"), 99)))...))
	t.Run("url", groups(append(parsed(address, "http://a/b", "http://a/b?", "http://u@a/b", "http://u:@a/b", "http://u:p@a/b", "http://a/b#c",
		"http://a/%62"), g(&url.URL{Path: "//a"}), g(&url.URL{Host: "a"}), g(&url.URL{OmitHost: true, Path: "//a"}))...))
	t.Run("int", groups(
		g(new(big.Int), big.NewInt(0)), g(big.NewInt(-1)), g(power(64)), g(power(70)), g(negative(power(63))), g(negative(power(64))),
		g(negative(power(70))), g(new(big.Int).Sub(power(64), big.NewInt(1))), g(new(big.Int).Not(power(64))),
	))
	t.Run("rat", groups(g(new(big.Rat), big.NewRat(0, 1)), g(big.NewRat(1, 2), big.NewRat(2, 4)), g(big.NewRat(-1, 2))))
	t.Run("float", groups(
		g(new(big.Float)), g(big.NewFloat(0)), g(big.NewFloat(math.Copysign(0, -1))), g(big.NewFloat(1)), g(new(big.Float).SetInf(true)),
		g(new(big.Float).SetPrec(9).SetInt64(1)), g(big.NewFloat(1).SetMode(big.ToZero)),
	))
	t.Run("regexp", groups(
		g(regexp.MustCompile("a$"), regexp.MustCompile("a$")), g(longest), g(regexp.MustCompilePOSIX("a$")), g(regexp.MustCompile("b$")),
	))
}

// g is a group of values that are equal.
func g[T any](values ...T) []T { return values }

// parsed makes a group of each text.
func parsed[T any](parse func(string) T, texts ...string) (groups [][]T) {
	for _, s := range texts {
		groups = append(groups, g(parse(s)))
	}
	return groups
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
		"interface":  encode[any](func() {}),
		"context":    encode(t.Context()),
		"field":      encode(holder{func() {}}),
		"function":   encode(func() {}),
		"channel":    encode(make(chan int)),
		"lock":       encode(&sync.Mutex{}),
		"buffer":     encode(bytes.Buffer{}),
		"own":        encode(shout("")),
		"failed":     encode(celsius{-300}),
		"panicked":   encode([]celsius{{1e7}}),
		"element":    encode([]any{io.EOF}),
		"value":      encode(map[string]any{"a": make(chan int)}),
		"ring":       encode(ring),
		"too deep":   encode(chain(501)),
		"nil buffer": canon.Value(nil, reflect.ValueOf(new(1))),
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

func address(s string) *url.URL {
	u, err := url.Parse(s)
	if err != nil {
		panic(err)
	}
	return u
}

func power(n uint) *big.Int { return new(big.Int).Lsh(big.NewInt(1), n) }

func negative(x *big.Int) *big.Int { return new(big.Int).Neg(x) }
