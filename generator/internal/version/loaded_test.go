package version

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cachegen/cachegen/generator/internal/fixture"
	"github.com/cachegen/cachegen/generator/internal/load"
	"github.com/cachegen/cachegen/generator/internal/version/extract"
)

// versionIn loads the module or workspace in dir and returns the version of a function, "path.Name", without options.
func versionIn(t *testing.T, dir, fn string, patterns ...string) *Version {
	t.Helper()
	v, err := tryVersionIn(t, dir, fn, patterns...)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func tryVersionIn(t *testing.T, dir, fn string, patterns ...string) (*Version, error) {
	t.Helper()
	if len(patterns) == 0 {
		patterns = []string{"./..."}
	}
	prog, err := load.Load(t.Context(), load.Config{Dir: dir, Patterns: patterns})
	if err != nil {
		t.Fatal(err)
	}
	i := strings.LastIndexByte(fn, '.')
	return wholeOf(prog).of(extract.Root{Func: function(t, prog, fn[:i], fn[i+1:])})
}

// rewrite replaces text in a file below dir.
func rewrite(t *testing.T, dir, name, before, after string) {
	t.Helper()
	file := filepath.Join(dir, filepath.FromSlash(name))
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(content), before) {
		t.Fatalf("%s is not in %s", before, name)
	}
	if err := os.WriteFile(file, []byte(strings.ReplaceAll(string(content), before, after)), 0o644); err != nil {
		t.Fatal(err)
	}
}

// written writes an archive without adding anything to it.
func written(t *testing.T, archive string) string {
	t.Helper()
	dir := t.TempDir()
	fixture.Write(t, dir, archive)
	return dir
}

// versionsOf are the versions of the cached functions in a module by name.
func versionsOf(t *testing.T, dir string) map[string]string {
	t.Helper()
	g, functions := cachedProgram(t, dir)
	found := map[string]string{}
	for _, f := range functions {
		v, err := g.of(extract.RootOf(f))
		if err != nil {
			t.Fatal(err)
		}
		found[f.Name] = v.Hash
	}
	return found
}

func TestWrapperStandsForItsFunction(t *testing.T) {
	dir := fixture.Module(t, `
-- m.go --
package m

import "example.com/m/b"

func add(a, b int) int { return a + b }

//cache:auto
func Fib(n int) int {
	if n < 2 {
		return n
	}
	return add(CachedFib(n-1), CachedFib(n-2))
}

//cache:auto
func Uses(n int) int { return CachedFib(n) }

//cache:auto
func UsesControls(n int) int { FibCache.Stats(); return n }

//cache:auto
func UsesOverride(n int) int { return b.CachedFixed(n) }

//cache:auto
func Neither(n int) int { return n }
-- b/b.go --
package b

//cache:override version=1
func Fixed(n int) int { return n + 1 }
`)
	before := versionsOf(t, dir)
	expect := func(what string, changed ...string) {
		t.Helper()
		after := versionsOf(t, dir)
		var got []string
		for name := range before {
			if after[name] != before[name] {
				got = append(got, strings.TrimPrefix(name, "example.com/m."))
			}
		}
		slices.Sort(got)
		slices.Sort(changed)
		if !slices.Equal(got, changed) {
			t.Errorf("%s: changed %v, want %v", what, got, changed)
		}
		before = after
	}
	rewrite(t, dir, "m.go", "return a + b", "return b + a")
	expect("helper", "Fib", "Uses", "UsesControls")
	rewrite(t, dir, "b/b.go", "version=1", "version=2")
	expect("version of an override", "UsesOverride", "example.com/m/b.Fixed")
	rewrite(t, dir, "b/b.go", "n + 1", "n + 2")
	expect("body of an override", "UsesOverride", "example.com/m/b.Fixed")
	rewrite(t, dir, "m.go", "//cache:auto\nfunc Fib", "//cache:auto name=Fibonacci max-age=1h\nfunc Fib")
	rewrite(t, dir, "m.go", "CachedFib(", "Fibonacci(")
	expect("name of a wrapper and directive")
}

func TestOwnNameIsNoPart(t *testing.T) {
	dir := fixture.Module(t, `
-- m.go --
package m

func Even(n int) bool { return n == 0 || odd(n-1) }

func odd(n int) bool { return n != 0 && Even(n-1) }
`)
	before := versionIn(t, dir, "example.com/m.Even")
	rewrite(t, dir, "m.go", "Even", "IsEven")
	if after := versionIn(t, dir, "example.com/m.IsEven"); after.Hash != before.Hash {
		t.Errorf("%s became %s by another name", before.Hash, after.Hash)
	}
}

func TestPatternsDoNotMatter(t *testing.T) {
	dir := fixture.Module(t, `
-- a/a.go --
package a

var Limit = 1

func F(n int) int { return n + Limit }
-- cmd/main.go --
package main

import "example.com/m/a"

func main() { a.Limit = 2 }
`)
	one, all := versionIn(t, dir, "example.com/m/a.F", "./a"), versionIn(t, dir, "example.com/m/a.F", "./...")
	if one.Hash != all.Hash {
		t.Errorf("%s for one package, %s for all", one.Hash, all.Hash)
	}
	rewrite(t, dir, "cmd/main.go", "a.Limit = 2", "a.Limit = 3")
	if edited := versionIn(t, dir, "example.com/m/a.F", "./a"); edited.Hash == one.Hash {
		t.Error("a writer that was not asked for does not count")
	}
}

func TestModulesOutside(t *testing.T) {
	dir := fixture.Module(t, `
-- m.go --
package m

import (
	"strings"

	"github.com/fxamacker/cbor/v2"
	"golang.org/x/mod/semver"
)

func Encoded(n int) []byte { b, _ := cbor.Marshal(n); return b }

func Compared(a, b string) int { return semver.Compare(a, b) }

func Upper(s string) string { return strings.ToUpper(s) }
`)
	for fn, want := range map[string][]string{
		"Encoded":  {"github.com/fxamacker/cbor/v2", "github.com/x448/float16"},
		"Compared": {"golang.org/x/mod"},
		"Upper":    nil,
	} {
		if v := versionIn(t, dir, "example.com/m."+fn); !slices.Equal(v.Modules, want) {
			t.Errorf("%s: modules %v, want %v", fn, v.Modules, want)
		}
	}
}

// TestModulesThatRegister has modules that put code where others find it. They count for those who look there, in programs that have both.
func TestModulesThatRegister(t *testing.T) {
	dir := written(t, `
-- go.mod --
module example.com/m

go 1.26

require (
	example.com/codec v1.0.0
	example.com/driver v1.0.0
	example.com/settings v1.0.0
)
-- vendor/modules.txt --
# example.com/codec v1.0.0
## explicit; go 1.26
example.com/codec
# example.com/driver v1.0.0
## explicit; go 1.26
example.com/driver
example.com/driver/inner
# example.com/settings v1.0.0
## explicit; go 1.26
example.com/settings
-- vendor/example.com/driver/driver.go --
package driver

import "example.com/driver/inner"

func init() { inner.Register() }
-- vendor/example.com/driver/inner/inner.go --
package inner

import (
	"database/sql"
	"fmt"
)

func Register() { sql.Register("d", nil); fmt.Sprint() }
-- vendor/example.com/codec/codec.go --
package codec

import "image"

var Name = "codec"

func init() { image.RegisterFormat(Name, "", nil, nil) }
-- vendor/example.com/settings/settings.go --
package settings

import "os"

func init() { os.Setenv("A", "b") }
-- m.go --
package m

import (
	"database/sql"
	"fmt"
	"image"
	"os"
	"strings"

	_ "example.com/driver"
	_ "example.com/settings"
)

func Sum(a, b int) int { return a + b }

func Upper(s string) string { return strings.ToUpper(fmt.Sprint(s)) }

func Open(s string) (int, error) { db, err := sql.Open("d", s); return db.Stats().Idle, err }

func Decode(s string) (string, error) { _, name, err := image.Decode(strings.NewReader(s)); return name, err }

func Env(s string) string { return os.Getenv(s) }
-- cmd/main.go --
package main

import (
	"example.com/codec"
	"example.com/m"
)

func main() { println(codec.Name, m.Sum(1, 2)) }
`)
	for fn, want := range map[string][]string{
		"Sum": nil, "Upper": nil,
		"Open":   {"example.com/driver => vendor"},
		"Decode": {"example.com/codec => vendor"},
		"Env":    {"example.com/settings => vendor"},
	} {
		if v := versionIn(t, dir, "example.com/m."+fn); !slices.Equal(v.Modules, want) {
			t.Errorf("%s: modules %v, want %v", fn, v.Modules, want)
		}
	}
}

func TestVendoredPackagesCountByContent(t *testing.T) {
	dir := written(t, `
-- go.mod --
module example.com/m

go 1.26

require example.com/v v1.0.0
-- vendor/modules.txt --
# example.com/v v1.0.0
## explicit; go 1.26
example.com/v
example.com/v/w
-- vendor/example.com/v/v.go --
package v

import "example.com/v/w"

func V() int { return w.W() }
-- vendor/example.com/v/w/w.go --
package w

func W() int { return 1 }
-- m.go --
package m

import "example.com/v"

func F(n int) int { return n + v.V() }

func G(n int) int { return n }
`)
	f, g := versionIn(t, dir, "example.com/m.F"), versionIn(t, dir, "example.com/m.G")
	if !slices.Equal(f.Modules, []string{"example.com/v => vendor"}) {
		t.Errorf("modules %v", f.Modules)
	}
	rewrite(t, dir, "vendor/example.com/v/w/w.go", "return 1", "return 2")
	if after := versionIn(t, dir, "example.com/m.F"); after.Hash == f.Hash {
		t.Error("an edit in a vendored package changes nothing")
	}
	if after := versionIn(t, dir, "example.com/m.G"); after.Hash != g.Hash {
		t.Error("an edit in a vendored package changes what does not reach it")
	}
}

func TestWorkspaceAndReplacedModulesCountByDefinition(t *testing.T) {
	dir := written(t, `
-- go.work --
go 1.26

use ./m
use ./n
-- m/go.mod --
module example.com/m

go 1.26

require example.com/r v0.0.0

replace example.com/r => ../r
-- m/m.go --
package m

import (
	"example.com/n"
	"example.com/r"
)

func Work(a int) int { return n.N(a) }

func Replaced(a int) int { return r.R(a) }
-- n/go.mod --
module example.com/n

go 1.26
-- n/n.go --
package n

func N(a int) int { return a + 1 }

func Other(a int) int { return a }
-- r/go.mod --
module example.com/r

go 1.26
-- r/r.go --
package r

func R(a int) int { return a + 2 }
`)
	root := filepath.Join(dir, "m")
	work, replaced := versionIn(t, root, "example.com/m.Work"), versionIn(t, root, "example.com/m.Replaced")
	if !slices.Equal(work.Modules, []string{"example.com/n => workspace"}) || !slices.Equal(replaced.Modules, []string{"example.com/r => ./r"}) {
		t.Errorf("modules %v %v", work.Modules, replaced.Modules)
	}
	rewrite(t, dir, "n/n.go", "return a }", "return -a }")
	if after := versionIn(t, root, "example.com/m.Work"); after.Hash != work.Hash {
		t.Error("a function that is not reached changes the version")
	}
	rewrite(t, dir, "n/n.go", "a + 1", "a + 3")
	if after := versionIn(t, root, "example.com/m.Work"); after.Hash == work.Hash {
		t.Error("an edit in another module of the workspace changes nothing")
	}
	rewrite(t, dir, "r/r.go", "a + 2", "a + 3")
	if after := versionIn(t, root, "example.com/m.Replaced"); after.Hash == replaced.Hash {
		t.Error("an edit in a replaced module changes nothing")
	}
}

func TestNestedModuleIsOutside(t *testing.T) {
	dir := written(t, `
-- go.mod --
module example.com/m

go 1.26
-- m.go --
package m

func F(n int) int { return n }
-- nested/go.mod --
module example.com/m/nested

go 1.26
-- nested/nested.go --
package nested

var _ = broken
`)
	if _, err := tryVersionIn(t, dir, "example.com/m.F"); err != nil {
		t.Error(err)
	}
}

func TestLanguageVersion(t *testing.T) {
	dir := written(t, `
-- go.mod --
module example.com/m

go 1.22
-- m.go --
package m

func Loop(n int) []func() int {
	var fs []func() int
	for i := 0; i < n; i++ {
		fs = append(fs, func() int { return i })
	}
	return fs
}

func Ranged(s []int) []*int {
	var ps []*int
	for _, x := range s {
		ps = append(ps, &x)
	}
	return ps
}

func NoLoop(n int) int { return n }
`)
	before := map[string]string{}
	for _, fn := range []string{"Loop", "Ranged", "NoLoop"} {
		before[fn] = versionIn(t, dir, "example.com/m."+fn).Hash
	}
	rewrite(t, dir, "go.mod", "go 1.22", "go 1.21")
	for fn, changed := range map[string]bool{"Loop": true, "Ranged": true, "NoLoop": false} {
		if after := versionIn(t, dir, "example.com/m."+fn).Hash; (after != before[fn]) != changed {
			t.Errorf("%s: %s became %s", fn, before[fn], after)
		}
	}
}

func TestErrorsInTheClosureAreFatal(t *testing.T) {
	dir := fixture.Module(t, `
-- m.go --
package m

import "example.com/m/broken"

func Reaches(n int) int { return broken.F(n) }
-- broken/broken.go --
package broken

func F(n int) int { return missing }
-- fine/fine.go --
package fine

func F(n int) int { return n }
`)
	_, err := tryVersionIn(t, dir, "example.com/m.Reaches")
	errs, ok := errors.AsType[Errors](err)
	if !ok || len(errs) != 1 || filepath.Base(errs[0].Pos.Filename) != "broken.go" || errs[0].Pos.Line != 3 {
		t.Errorf("error is %v", err)
	}
	if _, err := tryVersionIn(t, dir, "example.com/m/fine.F"); err != nil {
		t.Error(err)
	}
}
