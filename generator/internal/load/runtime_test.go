package load

import (
	"slices"
	"testing"

	"github.com/cachegen/cachegen/generator/internal/fixture"
	"github.com/cachegen/cachegen/generator/internal/naming"
)

// TestTheCacheIsNobodysCode lists a module that replaces the cache's by a directory: the cache's
// packages count no more than if they were downloaded, and those that only test it do, as any code.
func TestTheCacheIsNobodysCode(t *testing.T) {
	dir := fixture.Module(t, exportModule)
	l, err := List(t.Context(), Config{Dir: dir, Patterns: []string{"./..."}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{naming.ImplPath, naming.RuntimePath, naming.RuntimePath + "/internal/engine"} {
		if p := l.Packages[path]; p == nil || p.Local() || !p.Module.Local {
			t.Errorf("%s should be there, of a module that is local, and not be local: %+v", path, p)
		}
	}
	if !slices.ContainsFunc(l.Local, func(p *Package) bool { return p.Path == "example.com/m/a" }) {
		t.Error("the module's own package is not local")
	}

	own, err := List(t.Context(), Config{Dir: fixture.Root(t), Patterns: []string{"./runtime/internal/conformance", "./runtime/cacheimpl"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !own.Packages[naming.RuntimePath+"/internal/conformance"].Local() || own.Packages[naming.ImplPath].Local() {
		t.Error("where the cache is the main module, functions that test it should count, and the cache should not")
	}
}
