package load

import (
	"errors"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"
)

// withC gives a package that is nothing without cgo, which the platform is without, its files that
// need it. What they declare is what the package's other files and importers see; what they do
// counts by their syntax.
func (c *checker) withC(fset *token.FileSet, p *Package) {
	if p.Cgo = c.cgoFiles(fset, p); p.Cgo == nil {
		return
	}
	p.Name, p.Unsound = p.Cgo[0].Name.Name, true
	p.Errors = slices.DeleteFunc(p.Errors, func(e Error) bool { return strings.HasPrefix(e.Msg, "build constraints exclude all Go files") })
}

// isAboutC reports whether an error is in a file that needs cgo: what is C's is made up there.
func (p *Package) isAboutC(err error) bool {
	e, ok := errors.AsType[types.Error](err)
	return ok && slices.ContainsFunc(p.Cgo, func(f *ast.File) bool { return f.FileStart <= e.Pos && e.Pos < f.FileEnd })
}

// cgoFiles parses the files that a package has with cgo alone, nil if none of them needs it.
func (c *checker) cgoFiles(fset *token.FileSet, p *Package) []*ast.File {
	with := build.Default
	with.GOOS, with.GOARCH, with.CgoEnabled, with.BuildTags = "linux", "amd64", true, c.listing.cfg.Tags
	var files []*ast.File
	for _, name := range p.IgnoredFiles {
		if filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			continue
		}
		if ok, err := with.MatchFile(filepath.Split(name)); !ok || err != nil {
			continue
		}
		src, err := c.listing.read(name)
		if err != nil {
			continue
		}
		if file, err := parser.ParseFile(fset, name, src, parser.SkipObjectResolution); err == nil {
			files = append(files, file)
		}
	}
	usesC := func(f *ast.File) bool {
		return slices.ContainsFunc(f.Imports, func(i *ast.ImportSpec) bool { return i.Path.Value == `"C"` })
	}
	if !slices.ContainsFunc(files, usesC) {
		return nil
	}
	return files
}
