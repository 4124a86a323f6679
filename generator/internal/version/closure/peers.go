package closure

import (
	"fmt"
	"go/parser"
	"go/token"
	"strconv"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/version/effects"
	"github.com/cachegen/cachegen/generator/internal/version/facts"
	"github.com/cachegen/cachegen/generator/internal/version/stdmodel"
)

// Code of a main package runs in that program and its tests alone. What it writes or implements is nothing to functions that the program
// doesn't have in it. Between packages that can be imported nothing is known: any program may have both.

// peers are the packages whose code can run in one program with that of some packages, and what follows from that.
type peers struct {
	g    *Graph
	root string
	// together is what is known of packages, choices are those among these packages.
	together map[string]bool
	choices  map[*choice]*facts.Node
	// stages are when declarations may run, by the numbers of units; writers are those that write
	// to memory that others know.
	stages  []effects.Stage
	writers []*vertex
	// registrations are the packages outside that can have put code where others find it.
	registrations []registration
}

// peersOf are the packages whose code can run in one program with that of a package. Packages that are in the same programs have the same.
func (g *Graph) peersOf(root string) *peers {
	key := root
	if g.linked[root] == nil {
		var in strings.Builder
		for _, program := range g.programs {
			fmt.Fprint(&in, g.inProgram(program, root), " ")
		}
		key = in.String()
	}
	p := g.peers[key]
	if p == nil {
		p = &peers{g: g, root: root, together: map[string]bool{}, choices: map[*choice]*facts.Node{}}
		g.peers[key] = p
		p.findStages()
		p.findWriters()
		p.findRegistrations()
	}
	return p
}

// have reports whether code of a package can run in one program with the function.
func (p *peers) have(path string) bool {
	known, ok := p.together[path]
	if !ok {
		known = p.g.together(path, p.root)
		p.together[path] = known
	}
	return known
}

// together reports whether one program can have code of both packages.
func (g *Graph) together(path, other string) bool {
	return path == other || g.inProgram(path, other) && g.inProgram(other, path)
}

// inProgram reports whether the program that a package is, if it is one, has code of another.
func (g *Graph) inProgram(program, path string) bool {
	linked := g.linked[program]
	return linked == nil || linked()[path] || linked()[anyPackage]
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
