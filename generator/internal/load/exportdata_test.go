package load

import (
	"go/types"
	"slices"
	"strings"
	"testing"

	"github.com/cachegen/cachegen/generator/internal/filecache"
	"github.com/cachegen/cachegen/generator/internal/fixture"
)

const exportModule = `
-- a/a.go --
package a

import (
	"strings"

	"example.com/m/b"
	"example.com/m/floats"
)

type A struct{ b.B[string] }

func Use(x b.Alias) (string, error) {
	var a A
	s, err := a.Get(strings.Repeat("x", floats.Whole+x.N))
	return s + b.CachedF(1), err
}

const Third = floats.Third
-- b/b.go --
package b

import "example.com/m/c"

type B[T any] struct{ c.C; value T }

func (b *B[T]) Get(T) (t T, err error) { return b.value, nil }

type Alias = *c.C

//cache:auto
func F(n int) string { return "" }
-- c/c.go --
package c

type C struct{ N int }
-- floats/floats.go --
package floats

import "math"

const (
	Third = 1.0 / 3
	Whole = 2
	Pi    = math.Pi
)
`

// checkA checks package a of the module alone, and returns it with the packages that were parsed
// for it.
func checkA(t *testing.T, dir string, cache *filecache.Cache) (a *Package, parsed []string) {
	t.Helper()
	l, err := List(t.Context(), Config{Dir: dir, Patterns: []string{"./..."}}, cache)
	if err != nil {
		t.Fatal(err)
	}
	a = l.Packages["example.com/m/a"]
	prog, err := l.Check(t.Context(), []*Package{a}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Errors) > 0 {
		t.Fatal(a.Errors)
	}
	for _, p := range prog.Order {
		if name, ok := strings.CutPrefix(p.Path, "example.com/m/"); ok && len(p.Syntax) > 0 {
			parsed = append(parsed, name)
		}
	}
	if n := len(l.Packages["example.com/m/b"].Wrappers); n == 0 {
		t.Error("the wrapper that a calls stands for nothing")
	}
	return a, parsed
}

// TestImportsAreReadFromExportData checks a package again without the sources of what it imports,
// but where constants would be rounded and where stubs are declared.
func TestImportsAreReadFromExportData(t *testing.T) {
	dir := fixture.Module(t, exportModule)
	cache := filecache.Open(t.TempDir())
	first, parsed := checkA(t, dir, cache)
	if want := []string{"c", "b", "floats", "a"}; !slices.Equal(parsed, want) {
		t.Errorf("first run parsed %v, want %v", parsed, want)
	}
	second, parsed := checkA(t, dir, cache)
	if want := []string{"b", "floats", "a"}; !slices.Equal(parsed, want) {
		t.Errorf("second run parsed %v, want %v", parsed, want)
	}
	for _, name := range first.Types.Scope().Names() {
		want, got := first.Types.Scope().Lookup(name), second.Types.Scope().Lookup(name)
		if types.ObjectString(want, nil) != types.ObjectString(got, nil) {
			t.Errorf("from source %v, with export data %v", want, got)
		}
		if c, ok := want.(*types.Const); ok && c.Val().ExactString() != got.(*types.Const).Val().ExactString() {
			t.Errorf("%s: from source %v, with export data %v", name, c.Val().ExactString(), got.(*types.Const).Val().ExactString())
		}
	}
	want, got := types.NewMethodSet(types.NewPointer(first.Types.Scope().Lookup("A").Type())), types.NewMethodSet(types.NewPointer(second.Types.Scope().Lookup("A").Type()))
	if want.String() != got.String() {
		t.Errorf("methods from source:\n%v\nwith export data:\n%v", want, got)
	}
}

// TestDamagedExportData checks from source where what was kept makes no sense, and where a part of
// it is missing.
func TestDamagedExportData(t *testing.T) {
	for _, test := range []struct{ name, damaged string }{
		{"a direct import", "example.com/m/b"},
		{"the standard library", "strings"},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := fixture.Module(t, exportModule)
			cache := filecache.Open(t.TempDir())
			checkA(t, dir, cache)
			l, err := List(t.Context(), Config{Dir: dir, Patterns: []string{"./..."}}, cache)
			if err != nil {
				t.Fatal(err)
			}
			cache.Put(l.exportKey(l.Packages[test.damaged]), []byte("i this is no export data"))
			if _, parsed := checkA(t, dir, cache); !slices.Contains(parsed, "c") {
				t.Errorf("parsed %v, want c too", parsed)
			}
		})
	}
}
