package explain_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/explain"
)

func TestFields(t *testing.T) {
	for preview, want := range map[string]string{
		"":                   "[] true",
		`City:"Oslo" Days:3`: `[{City "Oslo"} {Days 3}] true`,
		`Q:{Text:"a b\" c" Tags:["x y" "}"]} N:1`: `[{Q {Text:"a b\" c" Tags:["x y" "}"]}} {N 1}] true`,
		`City:"Oslo" Text:"it goes o…`:            `[{City "Oslo"}] false`,
		`T:2026-11-21T12:09:08Z`:                  `[{T 2026-11-21T12:09:08Z}] true`,
		"no fields":                               "[] false",
	} {
		fields, whole := explain.Fields(preview)
		if got := fmt.Sprint(fields, whole); got != want {
			t.Errorf("%s: %s, want %s", preview, got, want)
		}
	}
}

// base is an identity that the cases below change.
func base() explain.Identity {
	return explain.Identity{
		Version: "v1:a", Modules: []string{"golang.org/x/text golang.org/x/text@v0.30.0 h1:a"}, Build: []string{"GOARCH=amd64", "-tags=pro"},
		Digest: []byte("a"), Inputs: `City:"Oslo" Days:3`, Whole: true,
	}
}

func TestCompare(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*explain.Identity)
		want   []string
	}{
		{"input", func(i *explain.Identity) { i.Digest, i.Inputs = []byte("b"), `City:"Oslo" Days:4` }, []string{"input Days: 3 here, 4 there"}},
		{
			"hidden input", func(i *explain.Identity) { i.Digest = []byte("b") },
			[]string{"inputs, where the preview does not show it, or what the context says"},
		},
		{"version", func(i *explain.Identity) { i.Version = "v1:b" }, []string{"version: v1:a here, v1:b there"}},
		{
			"module", func(i *explain.Identity) { i.Modules = []string{"golang.org/x/text golang.org/x/text@v0.31.0 h1:b"} },
			[]string{"module golang.org/x/text: v0.30.0 here, v0.31.0 there"},
		},
		{
			"a module's sum", func(i *explain.Identity) { i.Modules = []string{"golang.org/x/text golang.org/x/text@v0.30.0 h1:b"} },
			[]string{"module golang.org/x/text: v0.30.0 h1:a here, v0.30.0 h1:b there"},
		},
		{
			"a replaced module", func(i *explain.Identity) { i.Modules = []string{"golang.org/x/text example.com/text@v0.30.0 h1:a"} },
			[]string{"module golang.org/x/text: v0.30.0 here, example.com/text@v0.30.0 there"},
		},
		{
			"module that went", func(i *explain.Identity) { i.Modules = []string{} },
			[]string{"module golang.org/x/text: v0.30.0 here, nothing there"},
		},
		{"modules not known", func(i *explain.Identity) { i.Modules, i.Version = nil, "v1:b" }, []string{"version: v1:a here, v1:b there"}},
		{
			"build", func(i *explain.Identity) { i.Build = []string{"GOARCH=arm64"} },
			[]string{"build GOARCH: amd64 here, arm64 there", "build -tags: pro here, nothing there"},
		},
		{
			"scope", func(i *explain.Identity) { i.Project, i.Domain = "p", "staging" },
			[]string{"project: nothing here, p there", "domain: nothing here, staging there"},
		},
		{"salt", func(i *explain.Identity) { i.Salt = "s" }, []string{"salt: nothing here, s there"}},
		{
			"what is not known", func(i *explain.Identity) { i.Whole = false },
			[]string{"salt, types, policies, or what the context says: the entry does not tell which"},
		},
	} {
		here, there := base(), base()
		test.change(&there)
		var got []string
		for _, d := range explain.Compare(&here, &there) {
			got = append(got, d.String())
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

func TestNearest(t *testing.T) {
	n := explain.Nearest{Most: 2}
	input := explain.Difference{What: "input Days"}
	n.Add(explain.Near{Key: "two inputs", Differences: []explain.Difference{input, input}})
	n.Add(explain.Near{Key: "old", Completed: time.Unix(1, 0), Differences: []explain.Difference{input}})
	n.Add(explain.Near{Key: "new", Completed: time.Unix(2, 0), Differences: []explain.Difference{input}})
	n.Add(explain.Near{Key: "other code", Differences: []explain.Difference{{What: "version"}}})
	n.Add(explain.Near{Key: "other code", Differences: nil})
	if l := n.List(); len(l) != 2 || l[0].Key != "other code" || l[1].Key != "new" {
		t.Errorf("%+v", l)
	}
}
