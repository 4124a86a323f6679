package closure

import (
	"go/parser"
	"go/token"
	"strconv"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
	"github.com/cachegen/cachegen/generator/internal/version/stdmodel"
)

// Code of a main package runs in that program and its tests alone. What it writes or implements is nothing to functions that the program
// doesn't have in it. Between packages that can be imported nothing is known: any program may have both.

// together reports whether code of a package can run in one program with the function.
func (c *Closure) together(path string) bool {
	root := c.root.ID.Package
	if path == root {
		return true
	}
	in := func(program, path string) bool {
		linked := c.g.linked[program]
		return linked == nil || linked()[path] || linked()[anyPackage]
	}
	return in(path, root) && in(root, path)
}

// anyPackage stands for what is imported and unknown.
const anyPackage = "*"

// findLinked collects the packages in a program and its tests, for all targets.
func findLinked(packages map[string]*facts.PackageInfo, program string) map[string]bool {
	linked := map[string]bool{}
	var visit func(path string)
	visitFiles := func(files []string) {
		for _, name := range files {
			if strings.HasSuffix(name, ".go") {
				for _, path := range importsOf(name) {
					visit(path)
				}
			}
		}
	}
	visit = func(path string) {
		p := packages[path]
		switch {
		case linked[path] || p != nil && p.Standard:
			return
		case p == nil: // a dependency of tests or of other targets alone
			linked[anyPackage] = linked[anyPackage] || !(path != anyPackage && stdmodel.IsPath(path))
			return
		}
		linked[path] = true
		for _, imported := range p.Imports {
			visit(imported)
		}
		visitFiles(p.Ignored)
	}
	visit(program)
	visitFiles(packages[program].Tests)
	return linked
}

// importsOf are the packages that a file imports; [anyPackage] if it can't be told.
func importsOf(name string) []string {
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
	if err != nil {
		return []string{anyPackage}
	}
	var paths []string
	for _, spec := range file.Imports {
		if path, err := strconv.Unquote(spec.Path.Value); err == nil {
			paths = append(paths, path)
		}
	}
	return paths
}
