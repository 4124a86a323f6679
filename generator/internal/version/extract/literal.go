package extract

import (
	"encoding/hex"
	"fmt"
	"go/ast"
	"go/types"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// addLiterals makes nodes of the function literals in a declaration, named by their content. The declaration has them in its own form
// already; apart they are for those who may call one without reaching the function that made it.
func (d *declarer) addLiterals(e *encoder) {
	for _, x := range e.literals {
		sig, ok := d.info.TypeOf(x).(*types.Signature)
		if !ok {
			continue
		}
		l := d.encode(facts.Function, facts.ID{}, x)
		l.funcLit(x)
		n := l.done()
		h := facts.LocalHash(n, nil)
		n.ID = facts.ID{Package: d.pkg.Path, Name: facts.LiteralPrefix + hex.EncodeToString(h[:8])}
		for i := 2; d.literals[n.ID] != nil; i++ {
			n.ID.Name = fmt.Sprint(facts.LiteralPrefix, hex.EncodeToString(h[:8]), "#", i)
		}
		d.literals[n.ID] = n
		d.place(x.Pos(), x.End(), l)
		n.Flow = d.flowOfLiteral(sig, x)
		shape := d.signatureShape(sig)
		n.Literal = &shape
		d.add(n)
	}
}

// flowOfLiteral describes a literal on its own. What it captures comes in like parameters: whoever injected the function injected that.
func (s *summarizer) flowOfLiteral(sig *types.Signature, x *ast.FuncLit) *facts.Flow {
	c := s.classifier()
	for v := range sig.Params().Variables() {
		c.flow.Params = append(c.flow.Params, c.object(v))
	}
	ast.Inspect(x.Body, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return true
		}
		if v, ok := s.info.Uses[id].(*types.Var); ok && !v.IsField() && !isPackageLevel(v) && !(x.Pos() <= v.Pos() && v.Pos() < x.End()) {
			c.flow.Params = append(c.flow.Params, c.object(v))
		}
		return true
	})
	if s.carriesBehaviour(sig.Results()) {
		c.flow.Returns = c.fresh()
	}
	c.walk(x.Body)
	return c.resolve()
}
