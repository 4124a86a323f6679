package extract

import (
	"go/ast"
	"go/token"
	"slices"
)

// order lists what runs when the package is initialised, as far as it calls something: variables as the type-checker orders them, then
// init functions in the order of their files.
func (s *summarizer) order() {
	for _, init := range s.info.InitOrder {
		for _, v := range init.Lhs {
			if v.Name() != "_" {
				s.summary.Order = append(s.summary.Order, IDOf(v))
			} else if id, ok := s.initialisers[v.Pos()]; ok {
				s.summary.Order = append(s.summary.Order, id)
			}
			s.appendInitialiser(v.Pos())
		}
	}
	for _, file := range s.pkg.Syntax {
		for _, decl := range file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" && f.Body != nil {
				for _, part := range s.initParts(f.Body) {
					s.summary.Order = append(s.summary.Order, s.initialisers[part.Pos()])
					s.appendInitialiser(part.Pos())
				}
			}
		}
	}
}

func (s *summarizer) appendInitialiser(pos token.Pos) {
	if id, ok := s.initialisers[pos]; ok && !slices.Contains(s.summary.Initialisers, id) {
		s.summary.Initialisers = append(s.summary.Initialisers, id)
	}
}
