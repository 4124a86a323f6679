package mutants

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cachegen/cachegen/generator/internal/fixture"
	"github.com/cachegen/cachegen/generator/internal/oracle/subject"
)

// modules are those of the whole.
var modules = []string{
	"golang.org/x/tools@v0.49.0", "golang.org/x/mod@v0.39.0", "golang.org/x/text@v0.41.0", "golang.org/x/net@v0.58.0",
	"golang.org/x/crypto@v0.55.0", "github.com/klauspost/compress@v1.19.2", "mvdan.cc/sh/v3@v3.12.0", "github.com/fxamacker/cbor/v2@v2.9.6",
	"github.com/rogpeppe/go-internal@v1.16.0", "github.com/google/go-cmp@v0.7.0", "github.com/dave/jennifer@v1.7.1",
}

// TestMutants executes mutants: a few hundred of a small module in ordinary tests. The whole, all that can be executed in this module
// and those in the list, is
//
//	CACHEGEN_MUTANTS=all go test -run TestMutants -v -timeout 12h ./generator/internal/oracle/mutants
//
// where CACHEGEN_MUTANTS may also be a list of modules with versions, or of directories.
func TestMutants(t *testing.T) {
	if testing.Short() {
		t.Skip("builds programs")
	}
	named, atMost := strings.Fields(strings.ReplaceAll(os.Getenv("CACHEGEN_MUTANTS"), ",", " ")), 1<<30
	switch {
	case len(named) == 0:
		named, atMost = []string{"golang.org/x/mod@v0.39.0"}, 400
	case named[0] == "all":
		named = append([]string{fixture.Root(t)}, modules...)
	}
	executed := 0
	for _, name := range named {
		t.Run(filepath.Base(name), func(t *testing.T) {
			module, err := subject.Load(t.Context(), subject.Fetch(t, name))
			if err != nil {
				t.Fatal(err)
			}
			counts, missing, err := Execute(t.Context(), module, atMost)
			if err != nil {
				t.Fatal(err)
			}
			t.Log(counts)
			executed += counts.Executed
			for i, m := range missing {
				if i == 50 {
					t.Fatalf("and %d more", len(missing)-i)
				}
				t.Error(m)
			}
			if counts.Killed < counts.Executed/10 || counts.Killed == 0 {
				t.Error("hardly any mutant changes a result")
			}
		})
	}
	t.Logf("%d mutants executed", executed)
}
