package odd_test

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/cachegen/cachegen/generator"
	"github.com/cachegen/cachegen/generator/internal/fixture"
	"github.com/cachegen/cachegen/generator/internal/oracle/odd"
)

// size is how many packages are one module, sample how many are tried without being asked.
const size, sample = 50, 24

// TestPackages makes random packages, CACHEGEN_PACKAGES of them (5000 is the whole run) from the seed CACHEGEN_SEED on.
func TestPackages(t *testing.T) {
	packages, seed := number(t, "CACHEGEN_PACKAGES", sample), uint64(number(t, "CACHEGEN_SEED", 1))
	var total counts
	for first := 0; first < packages; first += size {
		total.add(batch(t, seed+uint64(first), min(size, packages-first)))
		t.Logf("%d packages, %d functions generated, %d packages refused", min(first+size, packages), total.functions, total.refused)
	}
	if total.functions < 2*packages {
		t.Errorf("only %d functions in %d packages: too much is refused", total.functions, packages)
	}
}

func number(t *testing.T, name string, otherwise int) int {
	t.Helper()
	if os.Getenv(name) == "" {
		return otherwise
	}
	n, err := strconv.Atoi(os.Getenv(name))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// counts say what became of packages.
type counts struct{ functions, refused int }

func (c *counts) add(other counts) {
	c.functions, c.refused = c.functions+other.functions, c.refused+other.refused
}

// batch makes one module of packages, generates, vets, builds and runs it.
func batch(t *testing.T, seed uint64, n int) counts {
	t.Helper()
	var archive strings.Builder
	archive.WriteString("-- lib/lib.go --\n" + odd.Lib)
	for i := range n {
		files := odd.Package("example.com/m/p"+strconv.Itoa(i), seed+uint64(i))
		for _, name := range slices.Sorted(maps.Keys(files)) {
			archive.WriteString(fmt.Sprintf("-- p%d/%s --\n%s\n", i, name, files[name]))
		}
	}
	m := &module{t, fixture.Module(t, archive.String()), seed}
	refused := m.generate()
	for _, dir := range refused {
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	}
	c := counts{m.functions(), len(refused)}
	m.write("main.go", m.main())
	m.run("vet", "-tags=extra", "./...") // which has what is there without, too
	m.run("run", ".")
	return c
}

// module is the module of a batch.
type module struct {
	*testing.T
	dir  string
	seed uint64
}

// generate generates for both sets of tags and returns the directories of the packages that are refused.
func (m *module) generate() (refused []string) {
	for _, tags := range [][]string{nil, {"extra"}} {
		result, err := generator.Run(m.Context(), generator.Config{Dir: m.dir, Patterns: []string{"./..."}, Tags: tags, NoCache: true})
		if err != nil {
			m.Fatal(err)
		}
		for _, d := range result.Diagnostics {
			dir := filepath.Dir(d.Pos.Filename)
			switch {
			case d.IsWarning():
				continue
			case d.Category == "generated", d.Category == "compile", d.Page == "E502": // no function here writes to anything
				m.Errorf("seed %d: %s", m.seedOf(dir), d)
			}
			if !slices.Contains(refused, dir) {
				refused = append(refused, dir)
			}
		}
		for _, f := range result.Files {
			if f.Changed() {
				if err := os.WriteFile(f.Path, f.New, 0o644); err != nil {
					m.Fatal(err)
				}
			}
		}
	}
	return refused
}

// seedOf is the seed that made the package in a directory.
func (m *module) seedOf(dir string) uint64 {
	i, _ := strconv.ParseUint(strings.TrimPrefix(filepath.Base(dir), "p"), 10, 64)
	return m.seed + i
}

// packages are the names of the directories of the packages that are left.
func (m *module) packages() []string {
	dirs, err := filepath.Glob(filepath.Join(m.dir, "p*", "cache_gen.go"))
	if err != nil {
		m.Fatal(err)
	}
	var names []string
	for _, dir := range dirs {
		names = append(names, filepath.Base(filepath.Dir(dir)))
	}
	return names
}

// functions counts what was generated.
func (m *module) functions() int {
	n := 0
	for _, name := range m.packages() {
		src, err := os.ReadFile(filepath.Join(m.dir, name, "cache_gen.go"))
		if err != nil {
			m.Fatal(err)
		}
		n += bytes.Count(src, []byte("Shape: "))
	}
	return n
}

// main is the program that calls everything.
func (m *module) main() string {
	var imports, calls strings.Builder
	for _, name := range m.packages() {
		fmt.Fprintf(&imports, "\t%s \"example.com/m/%s\"\n", name, name)
		fmt.Fprintf(&calls, "\tcheck(%q, %s.Check)\n", name, name)
	}
	return `package main

import (
	"fmt"
	"os"

` + imports.String() + `)

var failed bool

func check(name string, wrong func() []string) {
	defer func() {
		if x := recover(); x != nil {
			failed = true
			fmt.Println(name, "panics:", x)
		}
	}()
	for _, wrapper := range wrong() {
		failed = true
		fmt.Println(name, wrapper, "returns something else")
	}
}

func main() {
` + calls.String() + `	if failed {
		os.Exit(1)
	}
}
`
}

func (m *module) write(name, content string) {
	if err := os.WriteFile(filepath.Join(m.dir, name), []byte(content), 0o644); err != nil {
		m.Fatal(err)
	}
}

// run runs the go command.
func (m *module) run(args ...string) {
	cmd := exec.CommandContext(m.Context(), "go", args...)
	cmd.Dir = m.dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off", "CACHEGEN_STORE=memory:")
	out, err := cmd.CombinedOutput()
	if err != nil {
		m.Errorf("seeds from %d: go %s: %v\n%s", m.seed, strings.Join(args, " "), err, out)
	}
}
