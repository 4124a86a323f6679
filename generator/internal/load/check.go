package load

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"runtime"
	"strings"
	"sync"
)

// check type-checks all packages, each after those it imports, as many at a time as there are processors.
func (l *loader) check(ctx context.Context) {
	done := make(map[*Package]chan struct{}, len(l.prog.Order))
	for _, p := range l.prog.Order {
		done[p] = make(chan struct{})
	}
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	var all sync.WaitGroup
	for _, p := range l.prog.Order {
		all.Go(func() {
			defer close(done[p])
			for _, imported := range p.Imports {
				<-done[imported]
			}
			slots <- struct{}{}
			defer func() { <-slots }()
			if ctx.Err() == nil {
				l.checkPackage(p)
			}
		})
	}
	all.Wait()
}

// checkPackage type-checks one package. Of packages that are not the user's own it keeps the declarations alone.
func (l *loader) checkPackage(p *Package) {
	if p.Path == "unsafe" {
		p.Types = types.Unsafe
		return
	}
	files := p.Syntax
	if p.Local() {
		p.Info = newInfo()
		files = append(files[:len(files):len(files)], l.stubSyntax(p)...)
	} else {
		files = l.parseDeclarations(p)
	}
	conf := types.Config{
		GoVersion:        goVersion(p.Module),
		IgnoreFuncBodies: !p.Local(),
		FakeImportC:      true,
		Importer:         importer{l.prog, p},
		Sizes:            types.SizesFor("gc", "amd64"),
		Error:            func(err error) { l.addTypeError(p, err) },
	}
	// The error is the first of those that Error was told.
	p.Types, _ = conf.Check(p.Path, l.prog.Fset, files, p.Info)
	if p.Local() {
		l.findWrappers(p)
	}
}

func newInfo() *types.Info {
	return &types.Info{
		Types:        map[ast.Expr]types.TypeAndValue{},
		Instances:    map[*ast.Ident]types.Instance{},
		Defs:         map[*ast.Ident]types.Object{},
		Uses:         map[*ast.Ident]types.Object{},
		Implicits:    map[ast.Node]types.Object{},
		Selections:   map[*ast.SelectorExpr]*types.Selection{},
		Scopes:       map[ast.Node]*types.Scope{},
		FileVersions: map[*ast.File]string{},
	}
}

// addTypeError keeps an error unless it is in a stub: those repeat what is wrong in the function they stand for.
func (l *loader) addTypeError(p *Package, err error) {
	e, ok := errors.AsType[types.Error](err)
	if !ok {
		p.Errors = append(p.Errors, Error{Msg: err.Error()})
		return
	}
	pos := l.prog.Fset.PositionFor(e.Pos, false)
	if isStubFile(pos.Filename) {
		return
	}
	p.Errors = append(p.Errors, Error{Pos: pos, Msg: e.Msg})
}

// goVersion is the language version of a module's packages; "" is the newest.
func goVersion(m *Module) string {
	if m == nil || m.GoVersion == "" {
		return ""
	}
	return "go" + strings.TrimPrefix(m.GoVersion, "go")
}

// importer finds imports among the packages of the program.
type importer struct {
	prog *Program
	p    *Package
}

func (i importer) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	imported := i.p.Imports[path]
	if imported == nil {
		return nil, fmt.Errorf("package %s is not in the module graph", path)
	}
	if imported.Types == nil {
		return nil, fmt.Errorf("package %s could not be loaded", path)
	}
	return imported.Types, nil
}

// position is the place of pos as it is in the file, whatever //line says.
func (l *loader) position(pos token.Pos) token.Position { return l.prog.Fset.PositionFor(pos, false) }
