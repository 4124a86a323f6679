package extract

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// The linker can set a package variable of type string (-ldflags "-X main.region=eu"), whatever initialises it.

// linked returns the name by which the linker can set a variable. That of a main package keeps its import path here.
func linked(v *types.Var) []string {
	if !types.Identical(v.Type(), types.Typ[types.String]) {
		return nil
	}
	return []string{facts.ID{Package: v.Pkg().Path(), Name: v.Name()}.String()}
}

// maybeLinked returns the variables of a file that nothing type-checks, but for those that are declared with another type than string.
func maybeLinked(pkg string, file *ast.File) []string {
	var names []string
	for _, decl := range file.Decls {
		g, ok := decl.(*ast.GenDecl)
		if !ok || g.Tok != token.VAR {
			continue
		}
		for _, spec := range g.Specs {
			spec := spec.(*ast.ValueSpec)
			if t, ok := spec.Type.(*ast.Ident); spec.Type != nil && !ok || ok && t.Name != "string" && types.Universe.Lookup(t.Name) != nil {
				continue
			}
			for _, name := range spec.Names {
				names = append(names, facts.ID{Package: pkg, Name: name.Name}.String())
			}
		}
	}
	return names
}
