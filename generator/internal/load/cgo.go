package load

import (
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
)

// cgoFiles parses the files of a package that has none without cgo, which the target is without. What they declare is what importers see; what they do
// counts by their syntax.
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
	dropBodies(files)
	return files
}
