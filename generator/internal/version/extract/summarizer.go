package extract

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/cachegen/cachegen/generator/internal/load"
	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// errorsOf are the errors of a loaded package.
func errorsOf(p *load.Package) []facts.Error {
	var errs []facts.Error
	for _, e := range p.Errors {
		errs = append(errs, facts.Error{Pos: e.Pos, Msg: e.Msg})
	}
	return errs
}

// summarizer makes the summary of one package.
type summarizer struct {
	prog    *load.Program
	pkg     *load.Package
	info    *types.Info
	summary *facts.Summary
	// targetConstants are those of all packages.
	targetConstants targetConstants
	// dynamics keeps what dynamicTypes returned.
	dynamics map[types.Type][]*types.TypeName
	// shapes, interfaces and carriers keep what types are like.
	shapes     map[types.Type]facts.Shape
	interfaces map[types.Type]*facts.Interface
	carriers   map[types.Type]bool
	references map[types.Type]bool
	// anonymous are the types without a name whose methods are known.
	anonymous map[types.Type]bool
	// dispatchers are the nodes of interfaces' method expressions that there are.
	dispatchers map[facts.ID]bool
	// literals are the nodes of function literals.
	literals map[facts.ID]*facts.Node
	// initialisers collects nodes that run when the package is initialised, by the position of what runs.
	initialisers map[token.Pos]facts.ID
	// places are those of the code of nodes.
	places places
}

// newSummarizer is ready to look at a package.
func newSummarizer(prog *load.Program, pkg *load.Package, constants targetConstants) *summarizer {
	return &summarizer{
		prog: prog, pkg: pkg, info: pkg.Info,
		summary:         &facts.Summary{Path: pkg.Path, Errors: errorsOf(pkg)},
		targetConstants: constants,
		dynamics:        map[types.Type][]*types.TypeName{},
		shapes:          map[types.Type]facts.Shape{},
		interfaces:      map[types.Type]*facts.Interface{},
		carriers:        map[types.Type]bool{},
		references:      map[types.Type]bool{},
		anonymous:       map[types.Type]bool{},
		dispatchers:     map[facts.ID]bool{},
		initialisers:    map[token.Pos]facts.ID{},
		literals:        map[facts.ID]*facts.Node{},
	}
}

// summarize describes a package of the user's.
func summarize(prog *load.Program, pkg *load.Package, constants targetConstants) *facts.Summary {
	s := newSummarizer(prog, pkg, constants)
	if len(pkg.Errors) == 0 && pkg.Info != nil {
		for _, file := range pkg.Syntax {
			s.file(file)
		}
		s.methodSets()
		s.links()
		s.order()
		s.effects()
	}
	s.surroundings()
	slices.SortFunc(s.summary.Nodes, func(a, b *facts.Node) int { return a.ID.Compare(b.ID) })
	return s.summary
}

func (s *summarizer) add(n *facts.Node) { s.summary.Nodes = append(s.summary.Nodes, n) }

// position is the place of pos in the file itself, whatever //line says.
func (s *summarizer) position(pos token.Pos) token.Position {
	return s.prog.Fset.PositionFor(pos, false)
}

// isLocal reports whether the package with a path counts by definition.
func (s *summarizer) isLocal(path string) bool {
	p := s.prog.Packages[path]
	return p != nil && p.Local()
}

// wrapped returns the function that an object is generated for, or nil.
func (s *summarizer) wrapped(o types.Object) *types.Func {
	if o == nil {
		return nil
	}
	p := s.prog.Packages[pathOf(o)]
	if p == nil || len(p.Wrappers) == 0 {
		return nil
	}
	if f, ok := o.(*types.Func); ok {
		o = f.Origin()
	}
	return p.Wrappers[o]
}

func (s *summarizer) file(file *ast.File) {
	d := declarer{summarizer: s, file: file, perIteration: newLoopVariables(s.info.FileVersions[file])}
	for _, decl := range file.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			d.function(decl)
		case *ast.GenDecl:
			d.general(decl)
		}
	}
}

func (s *summarizer) methodSets() {
	scope := s.pkg.Types.Scope()
	for _, name := range scope.Names() {
		if o, ok := scope.Lookup(name).(*types.TypeName); ok && !o.IsAlias() && s.wrapped(o) == nil {
			s.methods(o)
		}
	}
}
