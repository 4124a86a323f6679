package directive

import (
	"go/ast"
	"go/token"
)

// place is where a comment group is.
type place struct {
	// node is what the group is the doc comment of: *ast.File, *ast.FuncDecl, or nil.
	node ast.Node
	// variable says that it is the doc comment of package variables.
	variable bool
	// what words the place for messages; loose says that it is next to nothing.
	what  string
	loose bool
	// body says that it is inside a function.
	body bool
}

// behind is the place of a comment that has code before it on its line.
var behind = place{what: "behind code on its line", loose: true}

// places finds the place of a comment group.
type places struct {
	fset   *token.FileSet
	file   *ast.File
	owners map[*ast.CommentGroup]place
}

func placesOf(fset *token.FileSet, f *ast.File) places {
	p := places{fset, f, map[*ast.CommentGroup]place{}}
	p.set(f.Doc, place{node: f, what: "on the package"})
	for _, decl := range f.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			p.set(decl.Doc, place{node: decl, what: "on a function"})
			p.parts(decl.Type)
		case *ast.GenDecl:
			p.declaration(decl)
		}
	}
	return p
}

func (p places) set(group *ast.CommentGroup, at place) {
	if group != nil {
		p.owners[group] = at
	}
}

// declaration finds the comments on a declaration of imports, constants, types or variables.
func (p places) declaration(decl *ast.GenDecl) {
	what := map[token.Token]string{
		token.IMPORT: "on an import", token.CONST: "on a constant", token.TYPE: "on a type", token.VAR: "on a variable",
	}[decl.Tok]
	own := place{what: what, variable: decl.Tok == token.VAR}
	p.set(decl.Doc, own)
	for _, spec := range decl.Specs {
		switch spec := spec.(type) {
		case *ast.ImportSpec:
			p.set(spec.Doc, own)
			p.set(spec.Comment, behind)
		case *ast.ValueSpec:
			p.set(spec.Doc, own)
			p.set(spec.Comment, behind)
		case *ast.TypeSpec:
			p.set(spec.Doc, own)
			p.set(spec.Comment, behind)
		}
		p.parts(spec)
	}
}

// parts finds the comments on fields, methods of interfaces and parameters.
func (p places) parts(node ast.Node) {
	ast.Inspect(node, func(n ast.Node) bool {
		iface, ok := n.(*ast.InterfaceType)
		if ok {
			for _, m := range iface.Methods.List {
				p.set(m.Doc, place{what: "on a method of an interface; it has no body"})
			}
		}
		if field, ok := n.(*ast.Field); ok {
			if _, known := p.owners[field.Doc]; !known {
				p.set(field.Doc, place{what: "on a field"})
			}
			p.set(field.Comment, behind)
		}
		return true
	})
}

// of returns the place of a group.
func (p places) of(group *ast.CommentGroup) place {
	if at, ok := p.owners[group]; ok {
		return at
	}
	if group.Pos() < p.file.Package {
		return place{what: "detached from the package clause", loose: true}
	}
	for _, decl := range p.file.Decls {
		if fn, ok := decl.(*ast.FuncDecl); ok && fn.Body != nil && fn.Body.Pos() < group.Pos() && group.End() <= fn.Body.End() {
			return place{what: "inside function " + fn.Name.Name, body: true}
		}
		if decl.Pos() <= group.Pos() && group.Pos() < decl.End() {
			return place{what: "inside a declaration"}
		}
	}
	return p.detached(group)
}

// detached is the place of a group between declarations.
func (p places) detached(group *ast.CommentGroup) place {
	for _, decl := range p.file.Decls {
		if Position(p.fset, decl.End()).Line == Position(p.fset, group.Pos()).Line {
			return behind
		}
		if decl.Pos() < group.End() {
			continue
		}
		if fn, ok := decl.(*ast.FuncDecl); ok {
			return place{what: "detached from function " + fn.Name.Name + " by a blank line or other comment", loose: true}
		}
		break
	}
	return place{what: "next to no function", loose: true}
}
