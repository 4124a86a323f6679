package model_test

import (
	"path/filepath"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/cachegen/cachegen/generator/internal/diag"
	"github.com/cachegen/cachegen/generator/internal/directive/want"
	"github.com/cachegen/cachegen/generator/internal/model"
)

// TestErrors builds the models of archives whose comments say what is wrong with them.
func TestErrors(t *testing.T) {
	archives, err := filepath.Glob("testdata/errors/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no fixtures", err)
	}
	for _, name := range archives {
		t.Run(filepath.Base(name), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			prog, files := program(t, archive)
			var diags diag.List
			model.Build(prog, &diags)
			want.Check(t, files, diags.Sorted())
		})
	}
}
