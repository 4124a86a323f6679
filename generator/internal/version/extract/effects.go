package extract

import (
	"go/token"
	"slices"

	"github.com/cachegen/cachegen/generator/internal/version/extract/memory"
	"github.com/cachegen/cachegen/generator/internal/version/stdmodel"
)

// effects describes what the package's code does to memory.
func (s *summarizer) effects() {
	s.summary.Effects = memory.Extract(memory.Package{
		Fset:    s.prog.Fset,
		Types:   s.pkg.Types,
		Info:    s.info,
		Files:   slices.Concat(s.pkg.Syntax, s.pkg.Stubs),
		Wrapped: s.wrapped,
		Unsound: s.pkg.Unsound,
		IsLocal: s.isLocal,
		Hidden:  s.hiddenBy,
		Units:   s.places.at,
		IDOf:    IDOf,
	})
}

// hiddenBy names what keeps the state of a package outside: a package if it is in the standard library, and its module else.
func (s *summarizer) hiddenBy(path string) string {
	if p := s.prog.Packages[path]; p != nil && p.Module != nil {
		return p.Module.Path
	}
	return stdmodel.StateOf(path)
}

// place notes the code of a declaration.
func (s *summarizer) place(from, to token.Pos, e *encoder) { s.places.add(from, to, e.node.ID) }
