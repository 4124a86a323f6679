// Package stub declares what will be generated for a package, as far as its callers can see it:
// wrappers, controls, and the types of arguments and results. Code may call all of these before the
// generator wrote any. A stub is written from syntax alone, because types are known only once what
// it declares is.
package stub

import (
	"bytes"
	"go/ast"
	"go/token"
	"path/filepath"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/directive"
	"github.com/cachegen/cachegen/generator/internal/naming"
)

// prefix begins the base names of stubs, which exist in memory alone.
const prefix = "cachegen-stub-"

// IsFile reports whether a file is a stub, by its name.
func IsFile(name string) bool { return strings.HasPrefix(filepath.Base(name), prefix) }

// Mentioned reports whether a file may have directives, right or wrong.
func Mentioned(src []byte) bool { return directive.Mentions(src) }

// Package is what stubs need of a package.
type Package struct {
	Fset *token.FileSet
	// Files are the package's, with comments, and Contents their texts by name.
	Files    []*ast.File
	Contents map[string][]byte
	// Called is the name of the package with an import path, "" if nobody knows. Without it nobody
	// does.
	Called func(path string) string
}

// Stub is what will be generated for the functions of one file.
type Stub struct {
	// Name is that of the file that the stub would be, and Source what would be in it.
	Name   string
	Source []byte
	// Declared are the names that stand for each function. Functions and names are "Name" in the
	// package's scope, or "Type.Name".
	Declared map[string][]string
}

// Of returns the stubs for what the directives of a package ask for, none if it has no directives.
func Of(p Package) []Stub {
	if !p.mentionsDirectives() {
		return nil
	}
	options := optionsOf(p.Fset, p.Files)
	stems, aliases := naming.Stems{}, naming.AliasesOf(p.Files)
	for f := range options {
		stems.Add(aliases.Receiver(f), f.Name.Name)
	}
	var stubs []Stub
	for _, file := range p.Files {
		w := &writer{
			Package: p, file: file, src: p.Contents[p.nameOf(file)],
			stems: stems, aliases: aliases, imports: map[string]bool{}, declared: map[string][]string{},
		}
		if s, ok := w.stub(options); ok {
			stubs = append(stubs, s)
		}
	}
	return stubs
}

// nameOf is the name of one of the package's files.
func (p Package) nameOf(file *ast.File) string {
	return p.Fset.PositionFor(file.Package, false).Filename
}

// mentionsDirectives is a quick look at whether a package can have any.
func (p Package) mentionsDirectives() bool {
	for _, src := range p.Contents {
		if bytes.Contains(src, []byte("//cache:")) {
			return true
		}
	}
	return false
}

// stub returns the stub for the functions with directives in the file, if it has any.
func (w *writer) stub(all map[*ast.FuncDecl]options) (Stub, bool) {
	for _, decl := range w.file.Decls {
		if f, ok := decl.(*ast.FuncDecl); ok {
			if own, ok := all[f]; ok {
				w.function(f, own)
			}
		}
	}
	if len(w.declared) == 0 {
		return Stub{}, false
	}
	name := w.nameOf(w.file)
	return Stub{
		Name:     filepath.Join(filepath.Dir(name), prefix+filepath.Base(name)),
		Source:   w.source(),
		Declared: w.declared,
	}, true
}
