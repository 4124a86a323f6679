package load

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/cachegen/cachegen/generator/internal/stub"
)

// check finds all packages, each after those it imports, as many at a time as there are processors.
func (c *checker) check(ctx context.Context) {
	done := make(map[*Package]chan struct{}, len(c.prog.Order))
	for _, p := range c.prog.Order {
		done[p] = make(chan struct{})
	}
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	var all sync.WaitGroup
	for _, p := range c.prog.Order {
		all.Go(func() {
			defer close(done[p])
			for _, imported := range p.Imports {
				<-done[imported]
			}
			slots <- struct{}{}
			defer func() { <-slots }()
			if ctx.Err() == nil {
				c.find(p)
			}
		})
	}
	all.Wait()
}

// find makes the types of a package known: from what was kept of it, or from source.
func (c *checker) find(p *Package) {
	if !c.fromSource(p) {
		c.read(p)
		return
	}
	c.reading.RLock()
	c.checkPackage(p)
	if c.wanted[p] && len(c.listing.others(p)) == 0 { // the others may not be known yet
		c.show(p)
	}
	c.reading.RUnlock()
	if c.exports != nil {
		c.reading.Lock()
		c.exports.packages[p.Path] = p.Types
		c.reading.Unlock()
	}
}

// fromSource reports whether a package is to be checked from source.
func (c *checker) fromSource(p *Package) bool {
	return c.exports == nil || c.wanted[p] || c.exports.incomplete(p)
}

// read finds a package in what was kept of it, if anyone needs it.
func (c *checker) read(p *Package) {
	c.reading.Lock()
	defer c.reading.Unlock()
	if p.Path == "unsafe" {
		p.Types = types.Unsafe
		return
	}
	if err := c.exports.read(p); err != nil {
		c.unreadable = true
	}
}

// checkPackage type-checks one package. Of packages that are not wanted it keeps the declarations
// alone.
func (c *checker) checkPackage(p *Package) {
	if p.Path == "unsafe" {
		p.Types = types.Unsafe
		return
	}
	var files []*ast.File
	var stubs []stub.Stub
	fset := c.prog.Fset
	if p.Local() {
		stubs = c.parseLocal(p)
		declared := c.stubSyntax(stubs)
		files = slices.Concat(p.Syntax, declared)
		if c.wanted[p] {
			p.Stubs = declared
		}
	} else {
		fset = token.NewFileSet() // nobody asks for positions in there
		files = c.parseFiles(fset, p, 0)
		dropBodies(files)
	}
	if len(p.GoFiles) == 0 {
		c.withC(fset, p)
	}
	listed := len(p.Errors)
	c.typeCheck(fset, p, files)
	if p.Cgo == nil && len(p.Errors) > listed { // what is missing may be in files that need cgo
		if c.withC(fset, p); p.Cgo != nil {
			without := p.Errors
			p.Errors = slices.Clone(without[:listed])
			c.typeCheck(fset, p, files)
			if len(p.Errors) >= len(without) { // they are not what was missing
				p.Errors = without
			}
		}
	}
	if p.Local() {
		c.findWrappers(p, stubs)
	}
}

// typeCheck type-checks files of a package, with those of it that need cgo.
func (c *checker) typeCheck(fset *token.FileSet, p *Package, files []*ast.File) {
	if c.wanted[p] {
		p.Info = newInfo()
	}
	unsaid := false
	conf := types.Config{
		GoVersion:        goVersion(p.Module),
		IgnoreFuncBodies: !c.wanted[p],
		FakeImportC:      true,
		Importer:         importer{c.prog, p},
		Sizes:            types.SizesFor("gc", "amd64"),
		Error: func(err error) {
			if !p.isAboutC(err) {
				unsaid = c.addTypeError(p, err, unsaid)
			}
		},
	}
	// The error is the first of those that Error was told.
	p.Types, _ = conf.Check(p.Path, fset, slices.Concat(files, p.Cgo), p.Info)
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

// addTypeError keeps an error unless it is in a stub: those repeat what is wrong in the function
// they stand for. It reports whether it left the error out, as it does with what follows on one
// that it left out, says unsaid.
func (c *checker) addTypeError(p *Package, err error, unsaid bool) bool {
	e, ok := errors.AsType[types.Error](err)
	if !ok {
		p.Errors = append(p.Errors, Error{Msg: err.Error()})
		return false
	}
	pos := e.Fset.PositionFor(e.Pos, false)
	if stub.IsFile(pos.Filename) || unsaid && strings.HasPrefix(e.Msg, "\t") {
		p.Unsound = p.Unsound || !e.Soft // an import that a stub does not use changes no type
		return true
	}
	msg := importMessage(e.Msg)
	if strings.HasSuffix(msg, notListed) && len(p.Errors) > 0 { // what is wrong keeps the go command from listing imports
		return true
	}
	p.Errors = append(p.Errors, Error{Pos: pos, Msg: msg, Type: true})
	return false
}

// notListed ends what is said of an import that the go command did not list.
const notListed = " is not in the module graph"

// importMessage leaves of the type checker's word that an import failed why it did, which is what
// the go command says.
func importMessage(msg string) string {
	if said, ok := strings.CutPrefix(msg, "could not import "); ok {
		if _, why, ok := strings.Cut(strings.TrimSuffix(said, ")"), " ("); ok {
			return why
		}
	}
	return msg
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
		return nil, errors.New("package " + path + notListed)
	}
	if imported.Name == "" && len(imported.Errors) > 0 && (imported.Types == nil || imported.Types.Name() == "") {
		return nil, errors.New(imported.Errors[0].Msg)
	}
	if imported.Types == nil {
		return nil, fmt.Errorf("package %s could not be loaded", path)
	}
	return imported.Types, nil
}
