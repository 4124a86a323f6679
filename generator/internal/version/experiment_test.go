package version

import (
	"cmp"
	"context"
	"fmt"
	"go/types"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cachegen/cachegen/generator/internal/fixture"
	"github.com/cachegen/cachegen/generator/internal/load"
	"github.com/cachegen/cachegen/generator/internal/version/extract"
)

// The experiments run on real modules: by default on a small one that this module requires, so that tests stay short, and on those that
// CACHEGEN_EXPERIMENT names: directories separated by the list separator, or "all" for this module and the biggest in
// the module cache that it requires. The whole is
//
//	CACHEGEN_EXPERIMENT=all go test -run 'TestInvariance|TestMutation|TestValueMutation|TestShares' -v -timeout 1h ./generator/internal/version
func experimentModules(t *testing.T) []string {
	t.Helper()
	switch named := os.Getenv("CACHEGEN_EXPERIMENT"); named {
	case "":
		return []string{moduleCopy(t, moduleDir(t, "golang.org/x/mod"))}
	case "all":
		dirs := []string{moduleCopy(t, fixture.Root(t))}
		for _, path := range []string{"golang.org/x/mod", "golang.org/x/tools", "github.com/fxamacker/cbor/v2", "pgregory.net/rapid", "github.com/rogpeppe/go-internal"} {
			dirs = append(dirs, moduleCopy(t, moduleDir(t, path)))
		}
		return dirs
	default:
		var dirs []string
		for _, dir := range filepath.SplitList(named) {
			dirs = append(dirs, moduleCopy(t, dir))
		}
		return dirs
	}
}

func moduleDir(t *testing.T, path string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", path)
	cmd.Dir = fixture.Root(t)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// moduleCopy copies a module: in the module cache nothing may be replaced.
func moduleCopy(t *testing.T, dir string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), filepath.Base(dir))
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(dir, path)
		switch {
		case d.IsDir() && (d.Name() == ".git" || d.Name() == "testdata" && strings.Contains(dir, "mod")):
			return filepath.SkipDir
		case d.IsDir():
			return os.MkdirAll(filepath.Join(to, rel), 0o755)
		case !d.Type().IsRegular() || d.Name() == "go.work":
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), content, 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
	return to
}

// hashes are the versions of the exported functions of the root packages.
func hashes(t *testing.T, prog *load.Program) map[string]string {
	t.Helper()
	g := wholeOf(prog)
	found := map[string]string{}
	for _, p := range prog.Roots {
		if p.Types == nil || len(p.Errors) > 0 {
			continue
		}
		for _, name := range p.Types.Scope().Names() {
			f, ok := p.Types.Scope().Lookup(name).(*types.Func)
			if !ok || !f.Exported() {
				continue
			}
			if v, err := g.of(extract.Root{Func: f}); err == nil {
				found[extract.IDOf(f).String()] = v.Hash
			}
		}
	}
	return found
}

func loadModule(t *testing.T, dir string, overlay map[string][]byte) *load.Program {
	t.Helper()
	t.Setenv("GOWORK", "off")
	prog, err := load.Load(context.Background(), load.Config{Dir: dir, Patterns: []string{"./..."}, Overlay: overlay})
	if err != nil {
		t.Fatal(err)
	}
	return prog
}

// TestInvariance rewrites whole modules without changing what they mean. No version may change.
func TestInvariance(t *testing.T) {
	for _, dir := range experimentModules(t) {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			prog := loadModule(t, dir, nil)
			before := hashes(t, prog)
			w := newRewriter(prog, 1)
			overlay, err := w.overlay()
			if err != nil {
				t.Fatal(err)
			}
			rewritten := loadModule(t, dir, overlay)
			broken := 0
			for _, p := range rewritten.Roots {
				if len(p.Errors) > 0 && len(prog.Packages[p.Path].Errors) == 0 {
					broken++
					t.Logf("%s: %v", p.Path, p.Errors[0])
				}
			}
			if broken > len(prog.Roots)/20 {
				t.Errorf("rewriting broke %d of %d packages", broken, len(prog.Roots))
			}
			after := hashes(t, rewritten)
			compared, changed := 0, 0
			for _, name := range slices.Sorted(maps.Keys(before)) {
				if after[name] == "" {
					continue // in a package that the rewriting broke
				}
				compared++
				if after[name] != before[name] {
					changed++
					t.Errorf("%s changed", name)
				}
			}
			if compared < 10 {
				t.Fatalf("only %d functions were compared", compared)
			}
			t.Logf("%d functions, %d changed; rewritten: %s", compared, changed, counted(w.counts))
		})
	}
}

func counted(counts map[string]int) string {
	var parts []string
	for _, kind := range slices.SortedFunc(maps.Keys(counts), func(a, b string) int { return cmp.Compare(a, b) }) {
		parts = append(parts, fmt.Sprintf("%d × %s", counts[kind], kind))
	}
	return strings.Join(parts, ", ")
}
