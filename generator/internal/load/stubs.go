package load

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/stub"
)

// stubsOf returns the stubs for a package of which these are the files.
func stubsOf(fset *token.FileSet, p *Package, files []*ast.File) []stub.Stub {
	return stub.Of(stub.Package{Fset: fset, Files: files, Contents: p.contents, Called: p.called})
}

// called is the name of an imported package, "" if nobody knows.
func (p *Package) called(path string) string {
	if imported := p.Imports[path]; imported != nil {
		return imported.Name
	}
	return ""
}

// stubSyntax parses stubs.
func (c *checker) stubSyntax(stubs []stub.Stub) []*ast.File {
	var files []*ast.File
	for _, s := range stubs {
		if file, _ := parser.ParseFile(c.prog.Fset, s.Name, s.Source, parser.SkipObjectResolution); file != nil {
			files = append(files, file)
		}
	}
	return files
}

// findWrappers maps the objects that stubs declare to the functions that they stand for. A name
// that the package declares too is the package's.
func (c *checker) findWrappers(p *Package, stubs []stub.Stub) {
	p.Wrappers = map[types.Object]*types.Func{}
	for _, s := range stubs {
		for function, names := range s.Declared {
			found := lookup(p.Types, function)
			if len(found) == 0 {
				continue
			}
			fn, ok := found[0].(*types.Func)
			if !ok {
				continue
			}
			for _, name := range names {
				for _, o := range lookup(p.Types, name) {
					if stub.IsFile(c.prog.Fset.PositionFor(o.Pos(), false).Filename) {
						p.Wrappers[o] = fn
					}
				}
			}
		}
	}
}

// lookup finds "Name" with its methods, or the method "Type.Name".
func lookup(pkg *types.Package, name string) []types.Object {
	typeName, method, isMethod := strings.Cut(name, ".")
	o := pkg.Scope().Lookup(typeName)
	if o == nil {
		return nil
	}
	named, _ := types.Unalias(o.Type()).(*types.Named)
	if !isMethod {
		found := []types.Object{o}
		if _, ok := o.(*types.TypeName); ok && named != nil {
			for m := range named.Methods() {
				found = append(found, m)
			}
		}
		return found
	}
	if named == nil {
		return nil
	}
	for m := range named.Methods() {
		if m.Name() == method {
			return []types.Object{m}
		}
	}
	return nil
}
