package load

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"

	"github.com/cachegen/cachegen/generator/internal/stub"
)

// parseLocal parses one of the user's packages, without function bodies if it is not wanted, and
// makes its stubs.
func (c *checker) parseLocal(p *Package) []stub.Stub {
	p.Syntax = c.parseFiles(c.prog.Fset, p, parser.ParseComments)
	stubs := stubsOf(c.prog.Fset, p, p.Syntax)
	if !c.wanted[p] {
		dropBodies(p.Syntax)
	}
	return stubs
}

// parseFiles parses the files of a package. Files that can't be parsed at all are left out.
func (c *checker) parseFiles(fset *token.FileSet, p *Package, mode parser.Mode) []*ast.File {
	files := make([]*ast.File, 0, len(p.GoFiles))
	for _, name := range p.GoFiles {
		src, ok := p.contents[name]
		if !ok {
			var err error
			if src, err = c.listing.read(name); err != nil {
				p.Errors = append(p.Errors, Error{Msg: err.Error()})
				continue
			}
		}
		file, err := parser.ParseFile(fset, name, src, mode|parser.SkipObjectResolution)
		addParseErrors(p, err)
		if file != nil {
			files = append(files, file)
		}
	}
	return files
}

func addParseErrors(p *Package, err error) {
	if err == nil {
		return
	}
	list, ok := errors.AsType[scanner.ErrorList](err)
	if !ok {
		p.Errors = append(p.Errors, Error{Msg: err.Error()})
		return
	}
	for _, e := range list {
		p.Errors = append(p.Errors, Error{Pos: e.Pos, Msg: e.Msg})
	}
}

// dropBodies forgets the bodies of functions.
func dropBodies(files []*ast.File) {
	for _, file := range files {
		for _, decl := range file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Body != nil {
				f.Body = &ast.BlockStmt{}
			}
		}
	}
}
