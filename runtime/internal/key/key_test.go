package key_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	_ "github.com/cachegen/cachegen/internal/repeatable"
	"github.com/cachegen/cachegen/runtime/internal/key"
	"github.com/cachegen/cachegen/runtime/store"
)

var forecast = key.Identity{
	Project: "acme", Domain: "test", Namespace: "example.com/weather.Forecast", Version: "v1:00112233445566778899aabbccddeeff",
	Modules: []string{"golang.org/x/text@v0.30.0 h1:abc="}, Salt: "s", Build: []string{"linux", "amd64"}, Shape: "struct{City string}",
}

// TestGolden must never be changed: every result in every store is found by these bytes.
func TestGolden(t *testing.T) {
	for _, test := range []struct {
		identity key.Identity
		run      string
		policies []string
		inputs   string
		want     string
	}{
		{key.Identity{}, "", nil, "", "b0ad6dbeacedda9e06dcb8dad5f29e36f2f941633794e453862840a2b531c429"},
		{forecast, "", nil, "\x66Berlin\x03", "0f17c55f9ae620a166d82d3cb23324ffc257a4fd8ccacc0773288c661a1a55b0"},
		{forecast, "run-1", []string{"p", ""}, "\x66Berlin\x03", "c0516bb64b1e40bfcae1709e90a92589d9ff75d443c2c5b484e0e9767bf8bf6b"},
	} {
		if got := test.identity.Prefix().Key(test.run, test.policies, []byte(test.inputs)).String(); got != test.want {
			t.Errorf("%+v %q %q %q: %s, want %s", test.identity, test.run, test.policies, test.inputs, got, test.want)
		}
	}
}

// parts are everything that a key is made of.
type parts struct {
	key.Identity
	run      string
	policies []string
	inputs   string
}

func (p *parts) key() key.Key { return p.Prefix().Key(p.run, p.policies, []byte(p.inputs)) }

// TestBoundaries moves text across the boundary between neighbouring parts, which must change the
// key each time.
func TestBoundaries(t *testing.T) {
	seen := map[key.Key]string{}
	for _, p := range []parts{
		{},
		{Identity: key.Identity{Project: "ab"}},
		{Identity: key.Identity{Project: "a", Domain: "b"}},
		{Identity: key.Identity{Domain: "ab"}},
		{Identity: key.Identity{Domain: "a", Namespace: "b"}},
		{Identity: key.Identity{Namespace: "ab"}},
		{Identity: key.Identity{Namespace: "a", Version: "b"}},
		{Identity: key.Identity{Version: "ab"}},
		{Identity: key.Identity{Modules: []string{"ab"}}},
		{Identity: key.Identity{Modules: []string{"a", "b"}}},
		{Identity: key.Identity{Modules: []string{"", "ab"}}},
		{Identity: key.Identity{Modules: []string{"a"}, Salt: "b"}},
		{Identity: key.Identity{Salt: "ab"}},
		{Identity: key.Identity{Salt: "a", Build: []string{"b"}}},
		{Identity: key.Identity{Build: []string{"ab"}}},
		{Identity: key.Identity{Build: []string{"a"}, Shape: "b"}},
		{Identity: key.Identity{Shape: "ab"}},
		{run: "ab"},
		{run: "a", policies: []string{"b"}},
		{policies: []string{"ab"}},
		{policies: []string{"a", "b"}},
		{policies: []string{"a"}, inputs: "b"},
		{inputs: "ab"},
		{inputs: "\x40"},
	} {
		text := fmt.Sprintf("%+v", p)
		if other, ok := seen[p.key()]; ok {
			t.Errorf("%s and %s have one key", text, other)
		}
		seen[p.key()] = text
	}
}

// TestDistinct draws pairs of parts over a small alphabet: they have one key exactly if they are
// the same.
func TestDistinct(t *testing.T) {
	text := rapid.StringOfN(rapid.SampledFrom([]rune("ab\x00`\x80")), 0, 2, -1)
	list := rapid.SliceOfN(text, 0, 2)
	draw := rapid.Custom(func(t *rapid.T) parts {
		return parts{
			Identity: key.Identity{
				Project: text.Draw(t, "project"), Domain: text.Draw(t, "domain"), Namespace: text.Draw(t, "namespace"),
				Version: text.Draw(t, "version"), Modules: list.Draw(t, "modules"), Salt: text.Draw(t, "salt"),
				Build: list.Draw(t, "build"), Shape: text.Draw(t, "shape"),
			},
			run: text.Draw(t, "run"), policies: list.Draw(t, "policies"), inputs: text.Draw(t, "inputs"),
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := draw.Draw(t, "a"), draw.Draw(t, "b")
		if same := fmt.Sprintf("%q", a) == fmt.Sprintf("%q", b); (a.key() == b.key()) != same {
			t.Fatalf("%+v and %+v", a, b)
		}
	})
}

func TestParse(t *testing.T) {
	k := forecast.Prefix().Key("", nil, nil)
	if got, err := key.Parse(k.String()); err != nil || got != k {
		t.Errorf("%v, %v", got, err)
	}
	for _, s := range []string{"", "00", k.String()[1:], k.String() + "0", k.String() + "00", strings.Repeat("x", 64)} {
		if _, err := key.Parse(s); err == nil {
			t.Errorf("%q is a key", s)
		}
	}
}

func TestNamespace(t *testing.T) {
	for namespace, want := range map[string]string{
		"":                                  "e3b0c44298fc",
		"example.com/weather.Client.Today":  "example.com-weather.client.today-",
		"../x":                              "x-",
		"Straße":                            "stra-e-",
		strings.Repeat("long/", 40) + "End": strings.Repeat("long-", 40)[200-93:] + "end-",
	} {
		got := key.Namespace(namespace)
		if !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s, want %s…", namespace, got, want)
		}
		if err := store.CheckKey(key.Name(key.Entries, got, key.Key{})); err != nil {
			t.Errorf("%s: %v", namespace, err)
		}
	}
	if key.Namespace("a/B") == key.Namespace("a/b") {
		t.Error("namespaces that differ in case have one segment")
	}
}

func TestNamespaceAlwaysValid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := key.Name(key.Failed, key.Namespace(rapid.String().Draw(t, "namespace")), key.Key{})
		if err := store.CheckKey(name); err != nil {
			t.Fatal(err)
		}
	})
}

func TestMayEnd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("aB-./ß")))
		tail := text.Draw(t, "tail")
		segment := key.Namespace(strings.Repeat(text.Draw(t, "head"), rapid.IntRange(0, 30).Draw(t, "times")) + tail)
		if !key.MayEnd(segment, tail) {
			t.Fatalf("%q can't end in %q", segment, tail)
		}
	})
	if key.MayEnd(key.Namespace("example.com/weather.Forecast"), "weather.Today") {
		t.Error("any segment may end in anything")
	}
}

func TestAllocations(t *testing.T) {
	p, inputs := forecast.Prefix(), make([]byte, 400)
	if n := testing.AllocsPerRun(100, func() { p.Key("run", nil, inputs) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkKey(b *testing.B) {
	p := forecast.Prefix()
	inputs := []byte("\x66Berlin\x03")
	b.ReportAllocs()
	for b.Loop() {
		p.Key("", nil, inputs)
	}
}

func TestEnds(t *testing.T) {
	for called, want := range map[string]bool{
		"example.com/weather.Client.Today": true, "weather.Client.Today": true, "Client.Today": true, "Today": true,
		"day": false, "eather.Client.Today": false, "Client": false, "example.com/weather": false,
	} {
		if got := key.Ends("example.com/weather.Client.Today", called); got != want {
			t.Errorf("%s: %v, want %v", called, got, want)
		}
	}
}
