package standin_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/cachegen/cachegen/generator/internal/load"
	"github.com/cachegen/cachegen/generator/internal/oracle/standin"
)

// TestPackagesAreSound loads cached functions of each kind with the stand-in. A package whose stubs do not type-check is one of which the
// code is not followed, and an oracle that is given such a package looks at nothing.
func TestPackagesAreSound(t *testing.T) {
	dir := t.TempDir()
	if err := standin.Write(filepath.Join(dir, "cachegen")); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"go.mod": "module m\n\ngo 1.26\n\nrequire " + standin.Module + " v0.0.0\n\nreplace " + standin.Module + " => ./cachegen\n",
		"a.go": `package m

type T struct{ n int }

//cache:auto
func F(n int) int { return n }

//cache:auto
func G[X comparable](x X) X { return x }

//cache:auto per=receiver
func (t *T) M(n int) int { return n + t.n }
`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	l, err := load.List(t.Context(), load.Config{Dir: dir, Patterns: []string{"./..."}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Check(t.Context(), l.Local, nil); err != nil {
		t.Fatal(err)
	}
	if p := l.Packages["m"]; p == nil || p.Unsound || len(p.Errors) > 0 || len(p.Wrappers) == 0 {
		t.Errorf("%+v", p)
	}
}
