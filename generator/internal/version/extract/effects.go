package extract

import (
	"go/ast"
	"go/token"
	"slices"

	"github.com/cachegen/cachegen/generator/internal/version/extract/memory"
)

// effects describes what the package's code does to memory.
func (s *summarizer) effects() {
	s.summary.Effects = memory.Extract(memory.Package{
		Fset:    s.prog.Fset,
		Types:   s.pkg.Types,
		Info:    s.info,
		Files:   s.checked(slices.Concat(s.pkg.Syntax, s.pkg.Stubs)),
		Stubs:   s.pkg.Wrappers,
		IsLocal: s.isLocal,
		Hidden:  s.hiddenBy,
		Units:   s.places.at,
		IDOf:    IDOf,
	})
}

// checked leaves out of files the functions that were not type-checked: a method that is declared twice is once. The generator
// reports what took its name; SSA can't be made of it.
func (s *summarizer) checked(files []*ast.File) []*ast.File {
	for i, file := range files {
		if !slices.ContainsFunc(file.Decls, s.unchecked) {
			continue
		}
		rest := *file
		rest.Decls = slices.DeleteFunc(slices.Clone(file.Decls), s.unchecked)
		files[i] = &rest
	}
	return files
}

// unchecked reports whether a declaration is a function whose parameters have no objects.
func (s *summarizer) unchecked(decl ast.Decl) bool {
	f, ok := decl.(*ast.FuncDecl)
	if !ok {
		return false
	}
	if f.Name.Name != "_" && s.info.Defs[f.Name] == nil {
		return true
	}
	lists := []*ast.FieldList{f.Recv, f.Type.Params, f.Type.Results}
	return slices.ContainsFunc(lists, func(l *ast.FieldList) bool {
		return l != nil && slices.ContainsFunc(l.List, func(field *ast.Field) bool {
			return slices.ContainsFunc(field.Names, func(n *ast.Ident) bool { return s.info.Defs[n] == nil })
		})
	})
}

// hiddenBy names what keeps the state of a package outside: the package itself if it is in the standard library, and its module else.
func (s *summarizer) hiddenBy(path string) string {
	if p := s.prog.Packages[path]; p != nil && p.Module != nil {
		return p.Module.Path
	}
	return path
}

// place notes the code of a declaration.
func (s *summarizer) place(from, to token.Pos, e *encoder) { s.places.add(from, to, e.node.ID) }
