package load

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/cachegen/cachegen/generator/internal/fixture"
)

// TestSurface tells which edits of a package others can see.
func TestSurface(t *testing.T) {
	const header = "package a\n\nimport (\n\tb \"strings\"\n\tc \"bytes\"\n)\n\n"
	for _, test := range []struct {
		name, old, new string
		seen           bool
	}{
		{"value of a variable", "var A = 1", "var A = 2", false},
		{"value of another type", "var A = 1", "var A = 1.0", true},
		{"sign", "var A = 1", "var A = -(2)", true},
		{"value of a variable with a type", "var A int = 1", "var A int = len(c.MinRead)", false},
		{"type of a variable", "var A int = 1", "var A int8 = 1", true},
		{"elements", "var A = []int{1}", "var A = []int{1, 2}", false},
		{"elements that are counted", "var A = [...]int{1}", "var A = [...]int{1, 2}", true},
		{"pointer to elements", "var A = &map[string]int{}", "var A = &map[string]int{\"a\": 1}", false},
		{"body of a literal", "var A = func() int { return 1 }", "var A = func() int { return 2 }", false},
		{"signature of a literal", "var A = func() int { return 1 }", "var A = func() int8 { return 1 }", true},
		{"what a variable is made of", "var A = f()\n\nfunc f() int { return 1 }", "var A = f()\n\nfunc f() int8 { return 1 }", true},
		{"body of what a variable is made of", "var A = f()\n\nfunc f() int { return 1 }", "var A = f()\n\nfunc f() int { return 2 }", false},
		{"variable behind a variable", "var A = v\n\nvar v = 1", "var A = v\n\nvar v = \"\"", true},
		{"constant", "const A = 1", "const A = 2", true},
		{"constant behind a constant", "const A = k\n\nconst k = 1", "const A = k\n\nconst k = 2", true},
		{"constant of the same group", "const (\n\tk = iota\n\tA\n)", "const (\n\tk = iota + 1\n\tA\n)", true},
		{"length of an array", "var A [k]int\n\nconst k = 1", "var A [k]int\n\nconst k = 2", true},
		{"constant that nobody sees", "const k = 1", "const k = 2", false},
		{"type that nobody sees", "type t int", "type t int8", false},
		{"type of a field", "type A struct{ f t }\n\ntype t int", "type A struct{ f t }\n\ntype t int8", true},
		{"tag", "type A struct{ F int }", "type A struct{ F int `json:\"f\"` }", true},
		{"method of a type that nobody sees", "type t int\n\nfunc (t) M() {}", "type t int\n\nfunc (t) M(int) {}", false},
		{"promoted method", "type A struct{ t }\n\ntype t int\n\nfunc (*t) M() {}", "type A struct{ t }\n\ntype t int\n\nfunc (*t) M(int) {}", true},
		{"new method", "type A[T any] struct{}", "type A[T any] struct{}\n\nfunc (*A[T]) m() {}", true},
		{"method behind a variable", "var A = v.m()\n\nvar v t\n\ntype t int\n\nfunc (t) m() int { return 1 }", "var A = v.m()\n\nvar v t\n\ntype t int\n\nfunc (t) m() int8 { return 1 }", true},
		{"constraint", "func A[T c1](T) {}\n\ntype c1 interface{ ~int }", "func A[T c1](T) {}\n\ntype c1 interface{ ~int8 }", true},
		{"blank variable", "var _ = 1", "var _ = \"\"", false},
		{"package of a type", "func A(b.Builder) {}", "func A(c.Buffer) {}", true},
		{"what code imports", "func A() { _ = b.ToUpper }", "func A() { _ = c.MinRead }", false},
		{"new initialiser", "func A() {}", "func A() {}\n\nfunc init() {}", false},
		{"name that was universal", "func A() error { return nil }", "func A() error { return nil }\n\ntype error interface{ Error() int }", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := fixture.Module(t, "-- a.go --\n"+header+test.old+"\n")
			before := surfaceOf(t, dir)
			if err := os.WriteFile(filepath.Join(dir, "a.go"), []byte(header+test.new+"\n"), 0o644); err != nil {
				t.Fatal(err)
			}
			if seen := before != surfaceOf(t, dir); seen != test.seen {
				t.Errorf("seen: %v, want %v", seen, test.seen)
			}
		})
	}
}

// TestSurfaceFollowsImportNames swaps what two names stand for.
func TestSurfaceFollowsImportNames(t *testing.T) {
	dir := fixture.Module(t, "-- a.go --\npackage a\n\nimport b \"text/template\"\n\nfunc A(b.Template) {}\n")
	before := surfaceOf(t, dir)
	fixture.Write(t, dir, "-- a.go --\npackage a\n\nimport b \"html/template\"\n\nfunc A(b.Template) {}\n")
	if before == surfaceOf(t, dir) {
		t.Error("another package's type has the same surface")
	}
}

func surfaceOf(t *testing.T, dir string) [32]byte {
	t.Helper()
	l, err := List(t.Context(), Config{Dir: dir}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return l.Roots[0].surface.Declarations
}
