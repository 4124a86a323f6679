package directive_test

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/cachegen/cachegen/generator/internal/diag"
	"github.com/cachegen/cachegen/generator/internal/directive"
	"github.com/cachegen/cachegen/generator/internal/directive/want"
)

// TestFixtures parses the files of each archive, whose comments say what is wrong with them.
func TestFixtures(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no fixtures", err)
	}
	for _, name := range archives {
		t.Run(filepath.Base(name), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			var diags diag.List
			files := map[string]string{}
			for _, f := range archive.Files {
				files[f.Name] = string(f.Data)
				parse(t, f.Name, string(f.Data), &diags)
			}
			want.Check(t, files, diags.Sorted())
		})
	}
}

func parse(t *testing.T, name, src string, diags *diag.List) *directive.File {
	t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, name, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return directive.Parse(fset, f, diags)
}
