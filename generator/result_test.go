package generator_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/cachegen/cachegen/generator"
)

// TestPackages wants those without cached functions too, also where nothing has to be looked at
// again.
func TestPackages(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	dir := t.TempDir()
	for name, content := range map[string]string{
		"go.mod": "module example.com/m\n\ngo 1.26\n", "m.go": "package m\n", "b/b.go": "package b\n", "a/c/c.go": "package c\n",
	} {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		result, err := generator.Run(t.Context(), generator.Config{Dir: dir, Patterns: []string{"./..."}})
		if err != nil {
			t.Fatal(err)
		}
		if want := []string{"example.com/m", "example.com/m/a/c", "example.com/m/b"}; !slices.Equal(result.Packages, want) {
			t.Errorf("%q, want %q", result.Packages, want)
		}
	}
}
