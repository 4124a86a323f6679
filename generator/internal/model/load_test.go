package model_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/cachegen/cachegen/generator/internal/diag"
	"github.com/cachegen/cachegen/generator/internal/fixture"
	"github.com/cachegen/cachegen/generator/internal/load"
	"github.com/cachegen/cachegen/generator/internal/model"
)

// TestLoaded builds models of a module as the command loads it: with stubs for what is not
// generated yet.
func TestLoaded(t *testing.T) {
	dir := fixture.Module(t, `
-- a/a.go --
package a

import (
	"context"

	cache "github.com/cachegen/cachegen/runtime"

	"example.com/m/b"
)

//cache:auto
func schema(ctx context.Context, p cache.VersionParams) (string, error) { return b.CachedRev() }

// A policy can be cached, before its wrapper exists.
//
//cache:auto policy=cachedSchema
func Load(id string) (int, error) { return CachedLoad(id) }

//cache:auto name=Open validate=fresh
func open(f cache.File) (int, error) { return 0, nil }

func fresh(ctx context.Context, e cache.Entry, n int) bool { return true }
-- b/b.go --
package b

//cache:auto namespace=shared
func Rev() (string, error) { return "", nil }

//cache:auto namespace=shared
func Other() (string, error) { return "", nil }
-- clash/c.go --
package clash

//cache:auto
func F() int { return 1 }

func CachedF() int { return 1 }
-- broken/b.go --
package broken

//cache:auto nonsense
func F() int { return undefined }
`)
	prog, err := load.Load(t.Context(), load.Config{Dir: dir, Patterns: []string{"./a", "./clash", "./broken"}})
	if err != nil {
		t.Fatal(err)
	}
	var diags diag.List
	roots := model.Build(prog, &diags)
	var said []string
	for _, d := range diags.Sorted() {
		said = append(said, d.Message)
	}
	wanted := []string{`unknown option "nonsense"`, "CachedF, which would be generated for F, exists already at c.go:6"}
	if !slices.EqualFunc(said, wanted, strings.HasPrefix) {
		t.Errorf("said %q, want %q", said, wanted)
	}
	if len(roots) != 2 || roots[0].Path != "example.com/m/a" || len(roots[0].Functions) != 3 || roots[1].Path != "example.com/m/clash" {
		t.Fatalf("built %v", roots)
	}
	functions := map[string]*model.Function{}
	for _, f := range roots[0].Functions {
		functions[f.Obj.Name()] = f
	}
	if p := functions["Load"].Options.Policies; len(p) != 1 || p[0].Obj.Name() != "cachedSchema" {
		t.Errorf("policies %v", p)
	}
	if functions["open"].Options.Validate == nil {
		t.Error("validate is not there")
	}

	reached := model.BuildReached(prog, &diags)
	if len(reached) != 1 || reached[0].Path != "example.com/m/b" {
		t.Fatalf("reached %v", reached)
	}
}
