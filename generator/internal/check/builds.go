package check

import (
	"go/types"
	"path/filepath"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/load"
)

// builds knows what can be otherwise in other builds of a package.
type builds struct {
	pkg      *load.Package
	packages map[string]*load.Package // that it imports, by path; nil until somebody asks
}

// differ reports whether t is declared once more in a file for other builds, with other fields
// maybe. Generated code would not compile there if it named them.
func (b *builds) differ(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.Obj().Pkg() == nil {
		return false
	}
	p := b.find(n.Obj().Pkg().Path())
	return p != nil && p.DeclaresElsewhere(n.Obj().Name())
}

// vary reports whether a declared type can be another one: it is a struct of the standard library,
// another module's, or of a package with files for other builds.
func (b *builds) vary(t *types.Named) bool {
	p := b.find(t.Obj().Pkg().Path())
	switch {
	case p == nil:
		return true
	case p.Standard:
		_, isStruct := t.Underlying().(*types.Struct)
		return isStruct
	case p.Module == nil || b.pkg.Module == nil || p.Module.Path != b.pkg.Module.Path:
		return true
	}
	for _, name := range p.IgnoredFiles {
		if filepath.Ext(name) == ".go" && !strings.HasSuffix(name, "_test.go") {
			return true
		}
	}
	return false
}

func (b *builds) find(path string) *load.Package {
	if b.packages == nil {
		b.packages = map[string]*load.Package{}
		b.add(b.pkg)
	}
	return b.packages[path]
}

func (b *builds) add(p *load.Package) {
	if b.packages[p.Path] == nil {
		b.packages[p.Path] = p
		for _, imported := range p.Imports {
			b.add(imported)
		}
	}
}
