package load

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"

	"github.com/cachegen/cachegen/internal/regular"
	"github.com/cachegen/cachegen/internal/sources"
)

// DeclaresElsewhere reports whether files of the package for other builds, which the platform or the
// tags leave out, declare a type of that name: then it can be another one in a program. Safe for
// concurrent use.
func (p *Package) DeclaresElsewhere(name string) bool {
	p.elsewhereOnce.Do(func() {
		p.elsewhere = map[string]bool{}
		for _, file := range p.IgnoredFiles {
			if strings.HasSuffix(file, ".go") && !strings.HasSuffix(file, "_test.go") {
				p.findElsewhere(file)
			}
		}
	})
	return p.elsewhere[name]
}

func (p *Package) findElsewhere(name string) {
	src, err := regular.ReadFile(name)
	if err != nil {
		return
	}
	file, _ := parser.ParseFile(token.NewFileSet(), name, src, parser.SkipObjectResolution)
	if file == nil || file.Name == nil || file.Name.Name != p.Name {
		return
	}
	for _, decl := range file.Decls {
		g, ok := decl.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range g.Specs {
			if t, ok := spec.(*ast.TypeSpec); ok {
				p.elsewhere[t.Name.Name] = true
			}
		}
	}
}

// included returns the files that the package's assembly and C take in and that are not its own,
// sorted.
func included(p *Package) []string {
	own := map[string]bool{}
	files := slices.Concat(p.OtherFiles, p.IgnoredFiles, p.GoFiles)
	for _, name := range files {
		own[name] = true
	}
	var all []string
	for _, name := range files {
		if strings.HasSuffix(name, ".go") && !sources.ImportsC(p.contents[name]) {
			continue
		}
		for _, path := range sources.Included(p.Dir, name) {
			if !own[path] {
				own[path] = true
				all = append(all, path)
			}
		}
	}
	slices.Sort(all)
	return all
}
