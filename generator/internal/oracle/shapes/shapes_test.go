package shapes_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/imports"
	"golang.org/x/tools/txtar"

	"github.com/cachegen/cachegen/generator"
	"github.com/cachegen/cachegen/generator/internal/fixture"
)

// forgetful are the packages whose results stay in the process that made them.
var forgetful = map[string]bool{"memory": true, "ownbatch": true}

// TestShapes generates all packages, without a warning; compares wrappers and functions; and sees that everything is found again, in the same process
// and in another one.
func TestShapes(t *testing.T) {
	dir, names := corpus(t)
	for _, d := range generate(t, dir).Diagnostics {
		t.Error(d)
	}
	if t.Failed() {
		return
	}
	fixture.Write(t, dir, "-- main.go --\n"+program(names))
	store := filepath.Join(t.TempDir(), "store")
	for process := range 2 {
		got := run(t, dir, store)
		for _, name := range names {
			want := "equal, executed, found"
			if process > 0 && !forgetful[name] {
				want = "equal, found, found"
			}
			if got[name] != want {
				t.Errorf("process %d: %s is %q; want %q", process, name, got[name], want)
			}
		}
	}
}

// TestInvalidation edits each package's helper, which changes the version of its function and of no other, and what no function reaches, which changes
// none.
func TestInvalidation(t *testing.T) {
	dir, names := corpus(t)
	versions := func() map[string]string {
		found := map[string]string{}
		for _, f := range generate(t, dir).Functions {
			found[strings.Split(f.Package, "/")[2]] = f.Version + f.Code
		}
		return found
	}
	before := versions()
	edit := func(name, old, with string) {
		file := filepath.Join(dir, name, name+".go")
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(strings.Replace(string(src), old, with, 1)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for i, name := range names {
		if i%2 == 0 {
			edit(name, `s + "-1"`, `s + "-2"`)
		} else {
			edit(name, "unrelated-1", "unrelated-2")
		}
	}
	after := versions()
	for i, name := range names {
		if changed := after[name] != before[name]; changed != (i%2 == 0) && !forgetful[name] {
			t.Errorf("%s: its version changed is %t after an edit of what it reaches is %t", name, changed, i%2 == 0)
		}
	}
}

// corpus writes the packages into a module.
func corpus(t *testing.T) (dir string, names []string) {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/shapes.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range archive.Files {
		src, err := imports.Process(f.Name, f.Data, nil)
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		archive.Files[i].Data = src
		names = append(names, filepath.Base(filepath.Dir(f.Name)))
	}
	return fixture.Module(t, string(txtar.Format(archive))), names
}

// generate writes the generated files.
func generate(t *testing.T, dir string) *generator.Result {
	t.Helper()
	result, err := generator.Run(t.Context(), generator.Config{Dir: dir, Patterns: []string{"./..."}})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range result.Files {
		if f.Changed() {
			if err := os.WriteFile(f.Path, f.New, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	return result
}

// program says of each package whether wrapper and function agree, and whether the wrapper's first and second calls executed it.
func program(names []string) string {
	var imported, calls strings.Builder
	for _, name := range names {
		fmt.Fprintf(&imported, "\t\"example.com/m/%s\"\n", name)
		fmt.Fprintf(&calls, "\tlook(%q, %s.Executions, %[2]s.Cached, %[2]s.Plain)\n", name, name)
	}
	return `package main

import (
	"context"
	"fmt"
	"reflect"

` + imported.String() + `
	cache "github.com/cachegen/cachegen/runtime"
)

func look(name string, executions func() int, cached, plain func() []any) {
	how := func() string {
		before := executions()
		cached()
		if executions() == before {
			return "found"
		}
		return "executed"
	}
	first, second := how(), how()
	equal := "equal"
	if got, want := cached(), plain(); !reflect.DeepEqual(got, want) {
		equal = fmt.Sprintf("not equal: %v, %v", got, want)
	}
	fmt.Printf("%s: %s, %s, %s\n", name, equal, first, second)
}

func main() {
` + calls.String() + `	cache.Close(context.Background())
}
`
}

// run runs the program with a store and returns what it says of each package.
func run(t *testing.T, dir, store string) map[string]string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "run", ".")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off", "CACHEGEN_DIR="+store)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	said := map[string]string{}
	for line := range strings.Lines(string(out)) {
		name, what, _ := strings.Cut(strings.TrimSpace(line), ": ")
		said[name] = what
	}
	return said
}
