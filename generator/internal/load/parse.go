package load

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/scanner"
	"runtime"

	"golang.org/x/sync/errgroup"
)

// parse parses the user's packages, those that are not wanted without function bodies, and makes their stubs.
func (c *checker) parse() {
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	stubs := make([][]*stub, len(c.prog.Order))
	for i, p := range c.prog.Order {
		if !p.Local() || !c.fromSource(p) {
			continue
		}
		group.Go(func() error {
			p.Syntax = c.parseFiles(p, parser.ParseComments)
			stubs[i] = stubsOf(c.prog.Fset, p, p.Syntax)
			if !c.wanted[p] {
				dropBodies(p.Syntax)
			}
			return nil
		})
	}
	_ = group.Wait() // errors are the packages'
	for i, p := range c.prog.Order {
		if stubs[i] != nil {
			c.stubs[p] = stubs[i]
		}
	}
}

// parseFiles parses the files of a package. Files that can't be parsed at all are left out.
func (c *checker) parseFiles(p *Package, mode parser.Mode) []*ast.File {
	files := make([]*ast.File, 0, len(p.GoFiles))
	for _, name := range p.GoFiles {
		src, ok := p.sources[name]
		if !ok {
			var err error
			if src, err = c.listing.read(name); err != nil {
				p.Errors = append(p.Errors, Error{Msg: err.Error()})
				continue
			}
		}
		file, err := parser.ParseFile(c.prog.Fset, name, src, mode|parser.SkipObjectResolution)
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
