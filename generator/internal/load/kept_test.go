package load

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cachegen/cachegen/generator/internal/filecache"
	"github.com/cachegen/cachegen/generator/internal/fixture"
)

// describe is a listing as text.
func describe(l *Listing) string {
	var b strings.Builder
	for _, p := range sortedPackages(l.Packages) {
		if p.Standard {
			continue
		}
		fmt.Fprintln(&b, p.Path, p.Name, p.Dir, p.Root, p.Module.Path, p.Module.Local, p.GoFiles, p.OtherFiles, p.IgnoredFiles,
			p.EmbedFiles, p.EmbedPatterns, sortedKeys(p.Imports), p.Errors)
	}
	return b.String()
}

// TestKeptAnswers makes random edits of files and directories: what is kept must never
// differ from what the go command says.
func TestKeptAnswers(t *testing.T) {
	dir := fixture.Module(t, `
-- a/a.go --
package a

import "example.com/m/b"

var A = b.B
-- b/b.go --
package b

var B = 1
-- c/c.go --
package c

import _ "embed"

//go:embed data/x.txt
var C string
-- c/data/x.txt --
x
`)
	cache := filecache.Open(t.TempDir())
	edits := []func() (name, content string){
		func() (string, string) { return "b/b.go", "package b\n\nvar B = 2 // edited\n" },
		func() (string, string) {
			return "b/b.go", "package b\n\nimport \"strings\"\n\nvar B = strings.ToUpper(\"b\")\n"
		},
		func() (string, string) { return "b/b.go", "//go:build linux\n\npackage b\n\nvar B = 3\n" },
		func() (string, string) { return "b/b.go", "//go:build windows\n\npackage b\n\nvar B = 3\n" },
		func() (string, string) { return "b/more.go", "package b\n\nvar More = 1\n" },
		func() (string, string) { return "b/more.go", "" },
		func() (string, string) { return "d/deep/d.go", "package deep\n" },
		func() (string, string) { return "d/deep/d.go", "" },
		func() (string, string) { return "d/go.mod", "module example.com/m/d\n" },
		func() (string, string) { return "d/go.mod", "" },
		func() (string, string) { return "c/data/y.txt", "y" },
		func() (string, string) { return "c/data/y.txt", "" },
		func() (string, string) {
			return "c/c.go", "package c\n\nimport \"embed\"\n\n//go:embed data/*\nvar C embed.FS\n"
		},
		func() (string, string) {
			return "c/c.go", "package c\n\nimport _ \"embed\"\n\n//go:embed data/x.txt\nvar C string\n"
		},
		func() (string, string) {
			return "c/c.go", "package c\n\nimport \"embed\"\n\n//go:embed all:data\nvar C embed.FS\n"
		},
		func() (string, string) {
			return "c/c.go", "package c\n\nimport \"embed\"\n\n//go:embed */x.txt testdata\nvar C embed.FS\n"
		},
		func() (string, string) { return "c/_more/x.txt", "x" },
		func() (string, string) { return "c/_more/x.txt", "" },
		func() (string, string) { return "c/testdata/deep/z", "z" },
		func() (string, string) { return "c/testdata/deep/z", "" },
		func() (string, string) { return "c/testdata/z", "z" },
		func() (string, string) { return "c/testdata/z", "" },
		func() (string, string) { return "c/data/.hidden/z", "z" },
		func() (string, string) { return "c/data/.hidden/z", "" },
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for step := range 30 {
		if step > 0 {
			name, content := edits[rng.IntN(len(edits))]()
			name = filepath.Join(dir, name)
			if content == "" {
				os.Remove(name)
			} else if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
				t.Fatal(err)
			} else if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		cfg := Config{Dir: dir, Patterns: []string{"./..."}}
		want, err := List(t.Context(), cfg, nil)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			got, err := List(t.Context(), cfg, cache)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(describe(want), describe(got)); diff != "" {
				t.Fatalf("step %d: what was kept (+) is not what the go command says (-):\n%s", step, diff)
			}
		}
	}
}

// TestKeysFollowWhatCanBeSeen tells which keys an edit changes.
func TestKeysFollowWhatCanBeSeen(t *testing.T) {
	dir := fixture.Module(t, `
-- a/a.go --
package a

import "example.com/m/b"

var A = b.B()
-- b/b.go --
package b

import "example.com/m/c"

func B() int { return c.C() }
-- c/c.go --
package c

func C() int { return 1 }
-- d/d.go --
package d
`)
	keys := func() map[string]filecache.Key {
		l, err := List(t.Context(), Config{Dir: dir, Patterns: []string{"./..."}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		all := map[string]filecache.Key{}
		for _, p := range l.Local {
			if name, ok := strings.CutPrefix(p.Path, "example.com/m/"); ok {
				all[name] = l.Key(p)
			}
		}
		return all
	}
	for _, test := range []struct{ name, content, want string }{
		{"body", "package c\n\nfunc C() int { return 2 }\n", "c"},
		{"comment", "package c\n\n// C is a number.\nfunc C() int { return 1 }\n", "c"},
		{"import", "package c\n\nimport \"strings\"\n\nfunc C() int { return len(strings.ToUpper(\"c\")) }\n", "c"},
		{"signature", "package c\n\nfunc C() int8 { return 1 }\n", "b c"},
		{"alias in a signature", "package c\n\ntype number = int\n\nfunc C() number { return 1 }\n", "b c"},
		{"new declaration", "package c\n\nfunc C() int { return 1 }\n\nconst K = 1\n", "b c"},
		{"new declaration that nobody sees", "package c\n\nfunc C() int { return 1 }\n\ntype k struct{}\n", "c"},
		{"new declaration that hides another", "package c\n\nfunc C() int { return 1 }\n\ntype int = int8\n", "b c"},
		{"directive", "package c\n\n//cache:auto\nfunc C() int { return 1 }\n", "b c"},
		{"nothing", "package c\n\nfunc C() int { return 1 }\n", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			original := "package c\n\nfunc C() int { return 1 }\n"
			name := filepath.Join(dir, "c", "c.go")
			if err := os.WriteFile(name, []byte(original), 0o644); err != nil {
				t.Fatal(err)
			}
			before := keys()
			if err := os.WriteFile(name, []byte(test.content), 0o644); err != nil {
				t.Fatal(err)
			}
			after := keys()
			var changed []string
			for _, p := range sortedKeys(before) {
				if before[p] != after[p] {
					changed = append(changed, p)
				}
			}
			if got := strings.Join(changed, " "); got != test.want {
				t.Errorf("changed keys: %q, want %q", got, test.want)
			}
		})
	}
}
