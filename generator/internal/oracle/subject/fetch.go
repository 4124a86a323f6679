package subject

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/cachegen/cachegen/generator/internal/fixture"
)

// Fetch copies a module for a test: a directory, or a path with a version, which is downloaded unless it was before.
func Fetch(tb testing.TB, module string) (dir string) {
	tb.Helper()
	from := module
	if !filepath.IsAbs(module) {
		cmd := exec.CommandContext(tb.Context(), "go", "mod", "download", "-json", module)
		cmd.Dir = fixture.Root(tb)
		out, err := cmd.Output()
		if err != nil {
			tb.Fatalf("%s: %v: %s", module, err, out)
		}
		var downloaded struct{ Dir string }
		if err := json.Unmarshal(out, &downloaded); err != nil {
			tb.Fatal(err)
		}
		from = downloaded.Dir
	}
	dir = filepath.Join(tb.TempDir(), "subject")
	if err := Copy(from, dir); err != nil {
		tb.Fatal(err)
	}
	return dir
}
