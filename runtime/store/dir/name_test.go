package dir

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	_ "github.com/cachegen/cachegen/internal/repeatable"
	"github.com/cachegen/cachegen/runtime/store"
)

// anyKey generates keys, awkward ones more often than chance would.
var anyKey = rapid.Custom(func(t *rapid.T) string {
	segment := rapid.OneOf(
		rapid.StringMatching(`[a-z0-9._-]{1,20}`),
		rapid.SampledFrom([]string{"con", "nul.x", "com1", "lpt0.a.b", "a.", "...", ".a", strings.Repeat("x", 128)}),
	)
	return strings.Join(rapid.SliceOfN(segment, 1, 6).Draw(t, "segments"), "/")
}).Filter(func(key string) bool { return store.CheckKey(key) == nil })

func TestNames(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := anyKey.Draw(t, "key")
		name := nameOf(key)
		switch {
		case len(name) > 204:
			t.Errorf("the name of %q has %d bytes: marks before it must fit into 255", key, len(name))
		case strings.HasPrefix(name, internal), strings.HasSuffix(name, "."), isDevice(name), strings.Contains(name, "/"):
			t.Errorf("the name of %q is special: %q", key, name)
		case !isItem(shardOf(key), name):
			t.Errorf("the name of %q is no item's: %q", key, name)
		}
		got, ok := keyOf(name)
		if long := len(key) >= longName; ok == long || ok && got != key {
			t.Errorf("keyOf(%q) = %q, %v, want %q unless it is long", name, got, ok, key)
		}
		other := anyKey.Draw(t, "other")
		if other != key && nameOf(other) == name {
			t.Errorf("%q and %q have the name %q", key, other, name)
		}
	})
}

func TestGarbageNames(t *testing.T) {
	for _, name := range []string{
		"", "~state", "~tabc", "~le+x", "A", "a b", "+", "a+", "+a", "a++b", ".", "..", "a+..+b", "!", "!!", "!a", "a!", "con", "#", "#12",
		"a.", "é", ".DS_Store", "a\n", "~", strings.Repeat("a", 129), strings.Repeat("a", 300),
	} {
		if key, ok := keyOf(name); ok {
			t.Errorf("keyOf(%q) = %q, want none", name, key)
		}
		for shard := range shards {
			if isItem(shard, name) {
				t.Errorf("isItem(%d, %q), want not", shard, name)
			}
		}
	}
}

// TestNamesStay pins names and shards: items that are on disk must be found by later versions.
func TestNamesStay(t *testing.T) {
	hash := strings.Repeat("0f", 32)
	for key, want := range map[string]string{
		"e/example.com_weather.forecast-1a2b3c4d/" + hash: "b1/e+example.com_weather.forecast-1a2b3c4d+" + hash,
		"m/tag.":                          "b4/m+tag.!",
		"con.a/b":                         "60/!con.a+b",
		strings.Repeat("long/", 50) + "x": "cf/#2ed7002a58f50ebb5c5a3f79f114a6c1b597ea7807165954ff74d9d4f0d85074",
	} {
		if got := shardName(shardOf(key)) + "/" + nameOf(key); got != want {
			t.Errorf("the file of %.40q is %s, want %s", key, got, want)
		}
	}
}
