package load

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/scanner"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/sync/errgroup"
)

// parseLocal parses the files of the user's own packages, leaving out what we generated, and finds their test files.
func (l *loader) parseLocal() {
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, p := range l.prog.Packages {
		if !p.Local() {
			continue
		}
		group.Go(func() error {
			l.parsePackage(p)
			return nil
		})
	}
	_ = group.Wait() // errors are the packages'
}

func (l *loader) parsePackage(p *Package) {
	files := p.GoFiles[:0:0]
	for _, name := range p.GoFiles {
		src, err := l.read(name)
		if err != nil {
			p.Errors = append(p.Errors, Error{Msg: err.Error()})
			continue
		}
		if IsGenerated(src) {
			p.Generated = append(p.Generated, name)
			continue
		}
		file, err := parser.ParseFile(l.prog.Fset, name, src, parser.ParseComments|parser.SkipObjectResolution)
		l.addParseErrors(p, err)
		if file == nil {
			continue
		}
		files = append(files, name)
		p.Syntax = append(p.Syntax, file)
	}
	p.GoFiles = files
	l.splitIgnored(p)
	p.TestGoFiles, _ = filepath.Glob(filepath.Join(globEscape(p.Dir), "*_test.go"))
}

// splitIgnored drops generated files from the files that the target leaves out. They are for another target, which generates them.
func (l *loader) splitIgnored(p *Package) {
	kept := p.IgnoredFiles[:0:0]
	for _, name := range p.IgnoredFiles {
		if strings.HasSuffix(name, ".go") {
			if src, err := l.read(name); err == nil && IsGenerated(src) {
				continue
			}
		}
		kept = append(kept, name)
	}
	p.IgnoredFiles = kept
}

func (l *loader) addParseErrors(p *Package, err error) {
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

// parseDeclarations parses the files of somebody else's package and drops the function bodies.
func (l *loader) parseDeclarations(p *Package) []*ast.File {
	files := make([]*ast.File, 0, len(p.GoFiles))
	for _, name := range p.GoFiles {
		src, err := l.read(name)
		if err != nil {
			p.Errors = append(p.Errors, Error{Msg: err.Error()})
			continue
		}
		file, err := parser.ParseFile(l.prog.Fset, name, src, parser.SkipObjectResolution)
		l.addParseErrors(p, err)
		if file == nil {
			continue
		}
		for _, decl := range file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Body != nil {
				f.Body = &ast.BlockStmt{}
			}
		}
		files = append(files, file)
	}
	return files
}

// read returns a file's content, from the overlay first.
func (l *loader) read(name string) ([]byte, error) {
	if src, ok := l.cfg.Overlay[name]; ok {
		return src, nil
	}
	return os.ReadFile(name)
}

// globEscape makes dir match itself alone.
func globEscape(dir string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(dir)
}
