package check_test

import (
	"strings"
	"testing"

	"github.com/cachegen/cachegen/generator/internal/check"
)

const planned = `
-- p.go --
package p

import (
	"context"
	"net/netip"
	"net/url"
	"time"
	"math/big"
	"sync"
	"sync/atomic"
)

type Plain struct {
	A int
	B [2]string
	c bool
}

type Mutable struct{ L []string }

type Node struct{ Next *Node }

type Marshaled struct{ n []int }

func (Marshaled) MarshalBinary() ([]byte, error)     { return nil, nil }
func (m *Marshaled) UnmarshalBinary(p []byte) error { return nil }

type Locked struct {
	mu sync.Mutex
	n  int
}

func (*Locked) MarshalBinary() ([]byte, error)     { return nil, nil }
func (m *Locked) UnmarshalBinary(p []byte) error { return nil }

//cache:auto
func Lock(a int) *Locked { return nil }

type Counted struct {
	n atomic.Int64
	l []int
}

func (*Counted) MarshalBinary() ([]byte, error)     { return nil, nil }
func (m *Counted) UnmarshalBinary(p []byte) error { return nil }

//cache:auto
func Count(a int) *Counted { return nil }

type UUID [16]byte

func (UUID) MarshalBinary() ([]byte, error)     { return nil, nil }
func (m *UUID) UnmarshalBinary(p []byte) error { return nil }

//cache:auto
func None() int { return 0 }

//cache:auto
func Comparable(a int, p Plain, addr netip.Addr, id UUID) Plain { return p }

//cache:auto
func Float(f float32) Plain { return Plain{} }

//cache:auto
func Time(t time.Time) time.Time { return t }

//cache:auto
func InStruct(p struct{ A Plain; F [1]float64 }) *time.Location { return nil }

//cache:auto ignore=f
func Ignored(a int, f []float64) ([]int, netip.Prefix) { return nil, netip.Prefix{} }

//cache:auto vary=who
func Vary(ctx context.Context, a int) map[string]*int { return nil }

func who(ctx context.Context) string { return "" }

//cache:auto max-age=age
func Age(a int) Mutable { return Mutable{} }

func age(Mutable) time.Duration { return 0 }

//cache:auto
func Recursive(n *Node) *Node { return n }

//cache:auto share
func SharedNode(a int) *Node { return nil }

//cache:auto
func Marshal(m Marshaled) (Marshaled, error) { return m, nil }

//cache:auto share
func MarshalShared(a int) (Marshaled, error) { return Marshaled{}, nil }

//cache:auto share
func Anything(a int) (any, error) { return nil, nil }

//cache:auto
func Generic[T any](a int) T { panic(0) }

//cache:auto
func GenericKey[T comparable](a T) []string { panic(0) }

//cache:auto
func GenericPart[T any](a int) Pair[T] { panic(0) }

type Pair[T any] struct{ A, B T; C []int }

//cache:auto
func URLs(u *url.URL) ([]url.URL, *big.Int, UUID) { return nil, nil, UUID{} }

//cache:auto
func Fib(n int) int { return help(n) }

func help(n int) int { return CachedFib(n - 1) + len(table) }

var table = []int{1}

//cache:auto
func Ping(n int) int { return CachedPong(n) }

//cache:auto
func Pong(n int) int { return CachedPing(n) }

//cache:auto
func Uses(n int) int { return CachedFib(n) }

//cache:auto batch=ids
func Batch(ctx context.Context, ids []int) (map[int]string, error) { return nil, nil }

//cache:auto batch=ids
func BatchText(ctx context.Context, ids []string) (map[string][]int, error) { return nil, nil }
`

func TestPlans(t *testing.T) {
	_, all, diags := plans(t, planned)
	for _, d := range diags {
		t.Error(d)
	}
	// c: == identifies; m: in memory only; r: round trip is checked; d: the codec copies; n:
	// recursive; g: generated code copies; k: called with its arguments; l: from init.
	for name, want := range map[string]string{
		"None":          "ck",
		"Lock":          "crdk",
		"Count":         "crdk",
		"Comparable":    "ck",
		"Float":         "k",
		"Time":          "k",
		"InStruct":      "k",
		"Ignored":       "cg",
		"Vary":          "gk",
		"Age":           "gk",
		"Recursive":     "ngk",
		"SharedNode":    "ck",
		"Marshal":       "rgk",
		"MarshalShared": "crk",
		"Anything":      "ck",
		"Generic":       "crdk",
		"GenericKey":    "gk",
		"GenericPart":   "crdk",
		"URLs":          "gk",
		"Fib":           "ckl",
		"Ping":          "ckl",
		"Pong":          "ckl",
		"Uses":          "ck",
		"Batch":         "c",
		"BatchText":     "g",
	} {
		p := all["m."+name]
		if p == nil {
			p = all["example.com/m."+name]
		}
		if p == nil {
			t.Errorf("no plan for %s in %v", name, all)
			return
		}
		if got := flags(p); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

func flags(p *check.Plan) string {
	copies := false
	for _, r := range p.Results {
		copies = copies || r.Copy != nil
	}
	var s strings.Builder
	for _, f := range []struct {
		letter string
		is     bool
	}{
		{"c", p.Comparable},
		{"m", p.MemoryOnly},
		{"r", p.CheckRoundTrip},
		{"d", p.CloneByCodec},
		{"n", p.Recursive},
		{"g", copies},
		{"k", p.AllKeyed},
		{"l", p.LateCall},
	} {
		if f.is {
			s.WriteString(f.letter)
		}
	}
	return s.String()
}

// shapes are signatures that have one shape, and others that have another one each.
const shapes = `
-- p.go --
package p

import (
	"context"

	cache "github.com/cachegen/cachegen/runtime"
)

type (
	A     = B
	B     struct{ X int; y []string }
	C     struct{ X int; y []string }
	Named int
	Alias = int
	Node  struct{ Next *Node }
	List  struct{ Next *List }
	Pair[K comparable, V any] struct { K K; V V }
)

//cache:auto
func Base(a int, b B) (string, error) { return "", nil }

//cache:auto
func Renamed(first Alias, second A) (text string, err error) { return "", nil }

//cache:override version=1 ignore=c
func Ignoring(a int, c func(), b B) string { return "" }

//cache:auto ignore=a
func IgnoringFirst(a, b string) string { return "" }

//cache:auto ignore=b
func IgnoringSecond(a, b string) string { return "" }

//cache:override version=1 ignore=b
func IgnoringOverridden(a, b string) string { return "" }

//cache:auto key=first
func ByFirst(a, b string) string { return "" }

//cache:auto key=second
func BySecond(a, b string) string { return "" }

func first(a, b string) string { return a }

func second(a, b string) string { return b }

//cache:auto vary=tenant,language
func Varies(ctx context.Context) string { return "" }

//cache:auto vary=language,tenant
func VariesOtherwise(ctx context.Context) string { return "" }

func tenant(context.Context) string { return "" }

func language(context.Context) string { return "" }

//cache:auto policy=body,image
func ByImage(ctx context.Context) string { return "" }

//cache:auto policy=body,schema
func BySchema(ctx context.Context) string { return "" }

func image(context.Context, cache.VersionParams) (string, error) { return "", nil }

func schema(context.Context, cache.VersionParams) (string, error) { return "", nil }

//cache:auto
func Order(b B, a int) string { return "" }

//cache:auto
func OtherStruct(a int, b C) string { return "" }

//cache:auto
func NamedInt(a Named, b B) string { return "" }

//cache:auto
func PointerTo(a int, b *B) string { return "" }

//cache:auto
func ListOf(a int, b []B) string { return "" }

//cache:auto
func Result(a int, b B) (int, error) { return 0, nil }

//cache:auto
func TwoResults(a int, b B) (string, string) { return "", "" }

//cache:auto
func Fewer(a int) string { return "" }

//cache:auto
func Byte(a byte) string { return "" }

//cache:auto
func Uint8(a uint8) string { return "" }

//cache:auto
func OfNode(a Node) string { return "" }

//cache:auto
func OfList(a List) string { return "" }

//cache:auto
func OfPair(a Pair[string, int]) string { return "" }

//cache:auto
func OfOtherPair(a Pair[string, B]) string { return "" }

//cache:auto
func Generic[T any](a T) string { return "" }

//cache:auto
func GenericToo[U any](b U) string { return "" }

//cache:auto
func GenericTwo[U, T any](b T) string { return "" }
-- other/other.go --
package other

type B struct{ X int; y []string }

//cache:auto
func Path(a int, b B) string { return "" }
`

func TestShapes(t *testing.T) {
	_, all, diags := plans(t, shapes)
	for _, d := range diags {
		t.Error(d)
	}
	alike := map[string]string{"Renamed": "Base", "Ignoring": "Base", "Uint8": "Byte", "GenericToo": "Generic"}
	groups := map[string]string{}
	for _, p := range all {
		name := p.Function.Obj.Name()
		group := name
		if other := alike[name]; other != "" {
			group = other
		}
		if other, ok := groups[p.Shape]; ok && other != group {
			t.Errorf("%s and %s have the shape %s", other, group, p.Shape)
		}
		groups[p.Shape] = group
	}
	if want := len(all) - len(alike); len(groups) != want {
		t.Errorf("%d shapes, want %d: %v", len(groups), want, groups)
	}
	// A shape is part of keys: it stays as it is for ever.
	for _, p := range all {
		if p.Function.Obj.Name() == "Base" && p.Shape != golden {
			t.Errorf("the shape of Base is %s, was %s", p.Shape, golden)
		}
	}
}

const golden = "30aa002ae9e59e32"
