package generator

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cachegen/cachegen/generator/internal/fixture"
)

// edited is a module with for each file the contents that it can have; "" is no file. Its go.mod
// can have another language version.
var edited = map[string][]string{
	"m.go": {
		"package m\n\nimport \"example.com/m/mid\"\n\n//cache:auto\nfunc F(n int) int { return mid.Twice(n) }\n",
		"package m\n\nimport \"example.com/m/mid\"\n\n//cache:auto\nfunc F(n int) int { return mid.Twice(n) + 1 }\n",
		"package m\n\nimport \"example.com/m/mid\"\n\n//cache:auto salt=s\nfunc F(n int8) int { return mid.Twice(int(n)) }\n",
		"package m\n\nimport \"example.com/m/mid\"\n\n//cache:auto max-aeg=1m\nfunc F(n int) int { return mid.Twice(n) }\n",
	},
	"other.go": {
		"package m\n\n//cache:auto\nfunc G(s string) (string, error) { return CachedG(s) }\n",
		"package m\n\n// nothing to cache\n",
		"",
	},
	"mid/mid.go": {
		"package mid\n\nimport \"example.com/m/low\"\n\nfunc Twice(n int) int { return low.Scale * n + low.Do(low.One{}) }\n",
		"package mid\n\nimport \"example.com/m/low\"\n\n// Twice is.\nfunc Twice(n int) int { return low.Scale * n + low.Do(low.One{}) }\n",
		"package mid\n\nimport \"example.com/m/low\"\n\nfunc Twice(n int) int { return low.Do(low.Two{}) + n }\n",
		"package mid\n\nfunc Twice(n int) int { return n + n }\n",
		"package mid\n\nfunc Twice(n int) int { return n + \"\" }\n",
	},
	"low/low.go": {
		"package low\n\nconst Scale = 2\n",
		"package low\n\nconst Scale = 1 + 1\n",
		"package low\n\nconst Scale = 3\n",
		"package low\n\nconst Scale = 32 << (^uint(0) >> 63)\n",
		"package low\n\nconst Scale = 5.0 / 2 * 2\n",
		"package low\n\nimport \"strings\"\n\nconst Scale = 2\n\nvar unseen = strings.ToUpper(\"a\")\n",
		"package low\n\nvar Scale = 2\n\nfunc init() { Scale = 4 }\n",
	},
	"low/do.go": {
		"package low\n\ntype Doer interface{ Do() int }\n\ntype One struct{}\n\nfunc (One) Do() int { return 1 }\n\ntype Two struct{}\n\nfunc (*Two) Do() int { return 2 }\n\nfunc (Two) do() {}\n\nfunc Do(v any) int {\n\tif d, ok := v.(Doer); ok {\n\t\treturn d.Do()\n\t}\n\treturn 0\n}\n",
		"package low\n\ntype Doer interface{ Do() int }\n\ntype One struct{}\n\nfunc (One) Do() int { return 11 }\n\ntype Two struct{}\n\nfunc (Two) Do() int { return 2 }\n\nfunc Do(d Doer) int { return d.Do() }\n",
	},
	"low/kind.go": {
		"package low\n\nvar Kind = kind()\n\nfunc kind() shape { return 1 }\n\ntype shape int\n\nfunc (shape) Size() int { return 1 }\n",
		"package low\n\nvar Kind = kind()\n\nfunc kind() shape { return 2 }\n\ntype shape int8\n\nfunc (shape) Size() int { return 1 }\n",
		"package low\n\nvar Kind = kind()\n\nfunc kind() shape { return shape{} }\n\ntype shape struct{ n []int }\n\nfunc (s shape) Size() int { return len(s.n) + unseen }\n",
		"package low\n\nvar Kind = 3\n",
	},
	"low/tagged.go": {
		"//go:build !linux\n\npackage low\n\nfunc init() { println(1) }\n",
		"//go:build linux\n\npackage low\n\nfunc init() { println(1) }\n",
		"package low\n\nfunc init() {}\n",
	},
	"mid/third.go": {
		"package mid\n\nconst Third = 1.0 / 3\n",
		"package mid\n\nconst Third = 2.0 / 3\n",
		"package mid\n\nimport \"math\"\n\nconst Third = math.Pi / 3\n",
		"package mid\n\nvar Third = 0.5\n",
	},
	"third.go": {
		"package m\n\nimport \"example.com/m/mid\"\n\n//cache:auto\nfunc Third(f float64) float64 { return f * mid.Third }\n",
		"package m\n\nimport \"example.com/m/low\"\n\n//cache:auto\nfunc Size(n int) int { return n + low.Kind.Size() }\n",
		"package m\n\nimport \"example.com/m/mid\"\n\n//cache:auto\nfunc third(v []float64) float64 { return max(mid.Third, v[0]) }\n\nfunc User() float64 { return cachedThird(nil) }\n",
		"",
	},
	"mid/mid_windows.go": {
		"",
		"package mid\n\nimport \"example.com/m/writer\"\n\nvar W any = writer.Writer{}\n",
		"package mid\n\nimport \"example.com/m/low\"\n\nfunc W() int { return low.Scale }\n",
	},
	"low/other_windows.go": {"package low\n\nconst name = \"w\"\n", "", "package low\n\nconst name = \"windows\"\n"},
	"writer/writer.go": {
		"package writer\n",
		"package writer\n\nimport \"example.com/m/low\"\n\nfunc Write() { println(low.Scale) }\n",
		"package writer\n\ntype Writer struct{}\n\nfunc (Writer) Do() int { return 1 }\n",
		"package writer\n\ntype Writer struct{ inner }\n\ntype inner struct{}\n\nfunc (inner) Do() int { return 2 }\n",
		"",
	},
	"low/tagged_pro.go": {
		"",
		"//go:build pro\n\npackage low\n\nfunc init() { println(2) }\n",
		"//go:build pro\n\npackage low\n\ntype shape struct{}\n",
	},
	"low/embed.go": {
		"package low\n\nimport \"embed\"\n\n//go:embed data*\nvar files embed.FS\n\nfunc Files() int { d, _ := files.ReadDir(\".\"); return len(d) }\n",
		"package low\n\nimport \"embed\"\n\n//go:embed data0/*.tmpl data0/a*\nvar files embed.FS\n\nfunc Files() int { d, _ := files.ReadDir(\".\"); return len(d) }\n",
		"package low\n\nfunc Files() int { return 1 }\n",
	},
	// What is embedded moves between folders, with the same content.
	"low/data0/a.tmpl":  {"a", "b"},
	"low/data0/b.tmpl":  {"", "b"},
	"low/data1/x/a.txt": {"a", ""},
	"low/data1/y/a.txt": {"", "a"},
	"low/data2/a.txt":   {"", "a"},
	"low/asm.go":        {"package low\n\nfunc Asm() int\n", "package low\n\nfunc Asm() int { return 1 }\n"},
	"low/asm_amd64.s":   {"#include \"../inc/a.h\"\n\n// N\n", "//go:build ignore\n\n#include \"../inc/a.h\"\n\n// N\n", "//go:build !pro\n\n#include \"own.h\"\n", ""},
	"low/own.h":         {"#define N 1\n", "#define N 2\n", "#include \"../inc/deep/b.h\"\n"},
	"inc/a.h":           {"#define N 1\n", "#include \"deep/b.h\"\n", ""},
	"inc/deep/b.h":      {"#define M 1\n", "#define M 2\n"},
	"uses.go": {
		"package m\n\nimport \"example.com/m/low\"\n\n//cache:auto\nfunc Uses(n int) int { return n + low.Files() + low.Asm() }\n",
		"package m\n\nimport \"example.com/m/low\"\n\n//cache:auto\nfunc Uses(n int) int { return n + low.Asm() }\n",
	},
	"cmd/main.go": {
		"package main\n\nimport \"example.com/m\"\n\nfunc main() { println(m.CachedF(1)) }\n",
		"package main\n\nfunc main() {}\n",
		"",
	},
}

// TestCachedResults makes long sequences of random edits: what is found with the help of what was
// kept must be what is found anew.
func TestCachedResults(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	dir := fixture.Module(t, "-- go.mod --\nmodule example.com/m\n\ngo 1.26\n")
	edited := maps.Clone(edited)
	gomod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	edited["go.mod"] = []string{string(gomod), strings.Replace(string(gomod), "go 1.26\n", "go 1.26.0\n", 1)}
	names := slices.Sorted(maps.Keys(edited))
	for _, name := range names {
		edit(t, filepath.Join(dir, name), edited[name][0])
	}
	steps := 20
	if n, err := strconv.Atoi(os.Getenv("CACHEGEN_EDITS")); err == nil {
		steps = n // CACHEGEN_EDITS=1000 go test -run TestCachedResults -timeout 1h ./generator
	}
	rng := rand.New(rand.NewPCG(3, 5))
	seen := map[string]bool{}
	for step := range steps {
		cfg := Config{Dir: dir, Patterns: []string{"./..."}}
		got := describeResult(t, cfg)
		if step%4 == 0 { // as another process would
			other := make(chan string)
			go func() { other <- describeResult(t, cfg) }()
			got = describeResult(t, cfg)
			if diff := cmp.Diff(got, <-other); diff != "" {
				t.Fatalf("step %d: two at a time:\n%s", step, diff)
			}
		}
		cfg.NoCache = true
		want := describeResult(t, cfg)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("step %d: with the cache (+) and without (-):\n%s", step, diff)
		}
		seen[want] = true
		for range 1 + rng.IntN(2) {
			name := names[rng.IntN(len(names))]
			edit(t, filepath.Join(dir, name), edited[name][rng.IntN(len(edited[name]))])
		}
	}
	if len(seen) < steps/4 {
		t.Errorf("%d steps had only %d different results", steps, len(seen))
	}
}

func edit(t *testing.T, name, content string) {
	t.Helper()
	if content == "" {
		os.Remove(name)
		return
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// describeResult is all that a run finds, as text.
func describeResult(t *testing.T, cfg Config) string {
	t.Helper()
	result, err := Run(t.Context(), cfg)
	if err != nil {
		return err.Error()
	}
	var b strings.Builder
	for _, fn := range result.Functions {
		fmt.Fprintf(&b, "%+v\n", fn)
		if x := result.Explain(fn.Name); x != nil {
			for _, d := range x.Parts {
				fmt.Fprintln(&b, d.Kind, d.Name, d.Hash, d.Reason)
			}
		}
	}
	for _, f := range result.Files {
		fmt.Fprintf(&b, "%s\n%s\n", f.Path, f.New)
	}
	for _, d := range result.Diagnostics {
		fmt.Fprintln(&b, d)
	}
	return b.String()
}
