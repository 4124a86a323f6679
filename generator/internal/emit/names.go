package emit

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/load"
	"github.com/cachegen/cachegen/generator/internal/model"
	"github.com/cachegen/cachegen/generator/internal/stub"
	"github.com/cachegen/cachegen/internal/regular"
)

// names is a set of identifiers.
type names map[string]bool

// inside are the names inside of a function of a package.
type inside struct {
	names
	declared names
}

// unique returns the first of the candidates that is free here and in the package, or the last one
// with a number, and takes it.
func (in inside) unique(candidates ...string) string {
	name := free(candidates, in.names, in.declared)
	in.names[name] = true
	return name
}

func (n names) free(name string) bool {
	return !n[name] && !token.IsKeyword(name) && types.Universe.Lookup(name) == nil
}

// locals are the names of local variables in generated code, which no import and no type parameter
// may have.
var locals = func() names {
	n := names{}
	for _, name := range []string{
		"a", "args", "b", "buf", "buffer", "c", "caches", "ctx", "depth", "e", "ends", "err", "fail", "field", "found", "i", "id", "identity", "k",
		"key", "m", "name", "p", "r", "start", "v", "value",
	} {
		n[name] = true
		for i := range 9 { // in loops in loops
			n[name+strconv.Itoa(i)] = true
		}
	}
	return n
}()

// scope is what names a package has.
type scope struct {
	// declared are its declarations. An import must not have the name of one, whatever file it is
	// in.
	declared names
	// imports are what its files call their imports.
	imports names
	// inner are the parameters and type parameters of generated functions. They have the user's
	// names where they can: generated declarations and imports give way to them.
	inner names
}

// declare returns a free name for a new declaration, the first that is free of the candidates or a
// numbered one.
func (s *scope) declare(candidates ...string) string {
	name := free(candidates, s.declared, s.imports, s.inner)
	s.declared[name] = true
	return name
}

// free returns the first of the candidates that is in none of the sets, or the last one with a
// number.
func free(candidates []string, sets ...names) string {
	isFree := func(name string) bool {
		return !slices.ContainsFunc(sets, func(n names) bool { return !n.free(name) })
	}
	for _, c := range candidates {
		if isFree(c) {
			return c
		}
	}
	last := candidates[len(candidates)-1]
	for i := 2; ; i++ {
		if c := last + strconv.Itoa(i); isFree(c) {
			return c
		}
	}
}

// scopeOf returns the names that a package has, and those that its generated code must have. Files
// that this platform leaves out and test files count too: some day they are compiled together.
func scopeOf(pkg *model.Package) (*scope, error) {
	s := &scope{names{"init": true, "main": true, "_": true}, names{}, names{}}
	for _, name := range pkg.Types.Scope().Names() {
		s.declared[name] = true
	}
	for _, f := range pkg.Functions {
		for _, name := range []string{f.Controls, f.Args, f.Results} {
			s.declared[name] = true
		}
		if f.Receiver == nil {
			s.declared[f.Wrapper] = true
		}
		s.addInner(f)
	}
	for _, file := range pkg.Syntax {
		s.addImports(pkg, file)
	}
	for _, name := range slices.Concat(pkg.TestGoFiles, pkg.IgnoredFiles) {
		if filepath.Ext(name) != ".go" {
			continue
		}
		src, err := regular.ReadFile(name)
		if err != nil {
			return nil, err
		}
		// What does not parse is not compiled.
		fset := token.NewFileSet()
		file, _ := parser.ParseFile(fset, name, src, parser.ParseComments|parser.SkipObjectResolution)
		if file != nil && !load.IsGenerated(src) && file.Name.Name == pkg.Name {
			s.addDecls(file)
			s.addImports(pkg, file)
			s.addGenerated(stub.Package{Fset: fset, Files: []*ast.File{file}, Contents: map[string][]byte{name: src}})
		}
	}
	return s, nil
}

// addGenerated adds the names that will be generated for a file when it is compiled.
func (s *scope) addGenerated(p stub.Package) {
	for _, file := range stub.Of(p) {
		for _, names := range file.Declared {
			for _, name := range names {
				if !strings.Contains(name, ".") { // of no method
					s.declared[name] = true
				}
			}
		}
	}
}

// addInner adds the names inside of what is generated for a function, but for its type parameters.
func (s *scope) addInner(f *model.Function) {
	for _, p := range f.Params {
		s.inner[p.Name] = true
	}
	if f.Receiver != nil {
		s.inner[f.Receiver.Name] = true
	}
	for _, v := range f.Values {
		s.inner[v.Name] = true
	}
}

func (s *scope) addImports(pkg *model.Package, file *ast.File) {
	for _, spec := range file.Imports {
		if spec.Name != nil {
			s.imports[spec.Name.Name] = true
			continue
		}
		if p, err := strconv.Unquote(spec.Path.Value); err == nil {
			s.imports[path.Base(p)] = true
			if imported := pkg.Imports[p]; imported != nil {
				s.imports[imported.Name] = true
			}
		}
	}
}

func (s *scope) addDecls(file *ast.File) {
	for _, decl := range file.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			if decl.Recv == nil {
				s.declared[decl.Name.Name] = true
			}
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					s.declared[spec.Name.Name] = true
				case *ast.ValueSpec:
					for _, name := range spec.Names {
						s.declared[name.Name] = true
					}
				}
			}
		}
	}
}
