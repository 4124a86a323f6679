package generator_test

import (
	"bytes"
	"debug/buildinfo"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cachegen/cachegen/generator"
	"github.com/cachegen/cachegen/generator/internal/fixture"
)

// What caching may add to a program.
const (
	maxEach     = 10_000    // bytes, for each function but the first
	maxFirst    = 8_000_000 // bytes, with the first
	maxModules  = 4         // this one, fxamacker/cbor, x448/float16 and golang.org/x/sync
	maxPackages = 120       // with those of the standard library
)

// TestWeight builds a program that caches nothing, and the same with one function and with 101.
func TestWeight(t *testing.T) {
	none, one, many := weigh(t, 0), weigh(t, 1), weigh(t, 101)
	each := (many.bytes - one.bytes) / 100
	t.Logf("each function %d bytes; the first %d bytes, %d modules and %d packages",
		each, one.bytes-none.bytes, one.modules-none.modules, one.packages-none.packages)
	if each > maxEach {
		t.Errorf("each function adds %d bytes, more than %d", each, maxEach)
	}
	if added := one.bytes - none.bytes; added > maxFirst {
		t.Errorf("the first function adds %d bytes, more than %d", added, maxFirst)
	}
	if one.modules > maxModules || one.packages-none.packages > maxPackages {
		t.Errorf("the first function adds %d modules and %d packages, more than %d and %d",
			one.modules, one.packages-none.packages, maxModules, maxPackages)
	}
}

type weight struct {
	bytes             int64 // with symbols
	modules, packages int
}

// weigh builds a program with so many cached functions, whose results are types of their own.
func weigh(t *testing.T, functions int) weight {
	dir := fixture.Module(t, program(functions))
	if functions > 0 {
		result, err := generator.Run(t.Context(), generator.Config{Dir: dir, Patterns: []string{"."}})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range result.Files {
			if err := os.WriteFile(f.Path, f.New, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	binary := filepath.Join(dir, "program")
	goCommand(t, dir, "build", "-o", binary, ".")
	f, err := os.Stat(binary)
	if err != nil {
		t.Fatal(err)
	}
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		t.Fatal(err)
	}
	return weight{f.Size(), len(info.Deps), len(strings.Fields(goCommand(t, dir, "list", "-deps", ".")))}
}

// program is a module whose functions' results differ in type, and are otherwise alike.
func program(functions int) string {
	var b strings.Builder
	b.WriteString("-- main.go --\npackage main\n\nimport (\n\t\"context\"\n\t\"fmt\"\n)\n\nfunc main() {\n\tctx := context.Background()\n\tfmt.Println(ctx)\n")
	for i := range functions {
		fmt.Fprintf(&b, "\tfmt.Println(CachedF%d(ctx, \"Berlin\", %d))\n", i, i)
	}
	b.WriteString("}\n")
	for i := range functions {
		fmt.Fprintf(&b, `
// R%[1]d is what F%[1]d returns.
type R%[1]d struct {
	City string
	Days int
}

// F%[1]d is expensive.
//
//cache:auto
func F%[1]d(ctx context.Context, city string, days int) (R%[1]d, error) {
	return R%[1]d{city, days + %[1]d}, nil
}
`, i)
	}
	return b.String()
}

// goCommand runs the go command and returns what it printed.
func goCommand(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
	var failed bytes.Buffer
	cmd.Stderr = &failed
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go %q: %v\n%s", args, err, &failed)
	}
	return string(out)
}
