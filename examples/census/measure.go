package main

import (
	"cmp"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"

	"github.com/cachegen/cachegen/examples/census/complexity"
	"github.com/cachegen/cachegen/examples/census/vocabulary"
	cache "github.com/cachegen/cachegen/runtime"
)

// Measure is what a package's functions amount to.
type Measure struct {
	Files, Functions, Lines int
	// Hardest are the functions with the greatest complexity, hardest first, at most five.
	Hardest []Function
}

// Function is a function and its cyclomatic complexity.
type Function struct {
	Name       string
	Complexity int
}

// measure parses files and measures their functions.
//
//cache:auto
func measure(files []cache.File) (Measure, error) {
	var m Measure
	set := token.NewFileSet()
	for _, name := range files {
		file, err := parse(set, name)
		if err != nil {
			return Measure{}, err
		}
		m.Files++
		m.Lines += set.File(file.Pos()).LineCount()
		for _, decl := range file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Body != nil {
				m.Functions++
				m.Hardest = append(m.Hardest, Function{f.Name.Name, complexity.Of(f)})
			}
		}
	}
	m.Hardest = hardest(m.Hardest)
	return m, nil
}

// hardest returns the five hardest functions.
func hardest(all []Function) []Function {
	slices.SortFunc(all, func(a, b Function) int {
		return cmp.Or(cmp.Compare(b.Complexity, a.Complexity), cmp.Compare(a.Name, b.Name))
	})
	return slices.Clone(all[:min(5, len(all))])
}

// words counts the words that the names declared in files are made of.
//
//cache:auto
func words(files []cache.File) (map[string]int, error) {
	counts := map[string]int{}
	set := token.NewFileSet()
	for _, name := range files {
		file, err := parse(set, name)
		if err != nil {
			return nil, err
		}
		vocabulary.Count(counts, file)
	}
	return counts, nil
}

// parse parses a file.
func parse(set *token.FileSet, name cache.File) (*ast.File, error) {
	src, err := os.ReadFile(string(name))
	if err != nil {
		return nil, err
	}
	return parser.ParseFile(set, "", src, parser.ParseComments)
}
