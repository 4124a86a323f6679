package extract

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// What an init function or main does is done once, one statement after the other. A statement counts with those that what it does can depend
// on: then those who reach what one writes to don't reach the others.

// initParts cuts the body of an init function into parts that could be init functions of their own, in order: statements without local
// variables in common, if nothing but its end ends the function.
func (s *summarizer) initParts(body *ast.BlockStmt) []*ast.BlockStmt {
	if jumps(body, token.RETURN, token.DEFER, token.GOTO) {
		return []*ast.BlockStmt{body}
	}
	return s.parts(body, inFunction)
}

// mainParts cuts the body of main into parts of which each depends on those before alone: what comes later can't change what they
// wrote, because no variable that could lead there is known to both.
func (s *summarizer) mainParts(body *ast.BlockStmt) []*ast.BlockStmt {
	if jumps(body, token.GOTO) {
		return []*ast.BlockStmt{body}
	}
	shared := s.sharedLocals(body)
	return s.parts(body, func(o types.Object) bool { return inFunction(o) && shared[o] })
}

// parts cuts a body where no object that ties statements together is mentioned on both sides.
func (s *summarizer) parts(body *ast.BlockStmt, ties func(types.Object) bool) []*ast.BlockStmt {
	first := map[types.Object]int{} // the statement that mentions it first
	var parts []*ast.BlockStmt
	var begins []int // where each part begins
	for i, stmt := range body.List {
		begin := i
		for _, o := range s.objects(stmt) {
			if _, ok := first[o]; !ok {
				first[o] = i
			}
			if ties(o) {
				begin = min(begin, first[o])
			}
		}
		for n := len(parts); n > 0 && begins[n-1]+len(parts[n-1].List) > begin; n-- {
			begin = min(begin, begins[n-1])
			begins, parts = begins[:n-1], parts[:n-1]
		}
		list := body.List[begin : i+1]
		begins = append(begins, begin)
		parts = append(parts, &ast.BlockStmt{Lbrace: list[0].Pos(), List: list, Rbrace: stmt.End()})
	}
	return parts
}

// objects are those that are named in a statement.
func (s *summarizer) objects(stmt ast.Stmt) []types.Object {
	var all []types.Object
	ast.Inspect(stmt, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if o := s.info.ObjectOf(id); o != nil {
				all = append(all, o)
			}
		}
		return true
	})
	return all
}

// sharedLocals are the local objects by which later statements can change what earlier ones left: those that hold references, are
// captured, or have an address that is known. Types are too, because they have methods of what they embed.
func (s *summarizer) sharedLocals(body *ast.BlockStmt) map[types.Object]bool {
	shared := map[types.Object]bool{}
	var literals []*ast.FuncLit
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			literals = append(literals, n)
		case *ast.Ident:
			o := s.info.ObjectOf(n)
			v, isVar := o.(*types.Var)
			_, isType := o.(*types.TypeName)
			if isType || isVar && (s.refers(v.Type()) || s.carriesBehaviour(v.Type())) {
				shared[o] = true
			}
			for _, l := range literals {
				if o != nil && l.Pos() <= n.Pos() && n.Pos() < l.End() && (o.Pos() < l.Pos() || l.End() <= o.Pos()) {
					shared[o] = true
				}
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				s.share(n.X, shared)
			}
		case *ast.SliceExpr:
			s.share(n.X, shared)
		case *ast.SelectorExpr:
			if sel := s.info.Selections[n]; sel != nil && sel.Kind() == types.MethodVal {
				s.share(n.X, shared)
			}
		}
		return true
	})
	return shared
}

// share marks the variable whose address is taken by taking that of x.
func (s *summarizer) share(x ast.Expr, shared map[types.Object]bool) {
	for _, o := range s.objects(&ast.ExprStmt{X: x}) {
		shared[o] = true
	}
}

// inFunction reports whether o is declared in a function.
func inFunction(o types.Object) bool {
	_, isImport := o.(*types.PkgName)
	return o.Pkg() != nil && !isImport && !isPackageLevel(o) && !isField(o) && !isMethod(o)
}

// jumps reports whether a body has one of the statements, outside of function literals.
func jumps(body *ast.BlockStmt, statements ...token.Token) (found bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			found = found || slices.Contains(statements, token.RETURN)
		case *ast.DeferStmt:
			found = found || slices.Contains(statements, token.DEFER)
		case *ast.BranchStmt:
			found = found || slices.Contains(statements, n.Tok)
		}
		return !found
	})
	return found
}

// init makes nodes of the parts of an init function.
func (d *declarer) init(f *ast.FuncDecl, fn *types.Func) {
	if f.Body == nil {
		return
	}
	for _, part := range d.initParts(f.Body) {
		e := d.encode(facts.Init, facts.ID{}, part)
		d.body(e, part, fn)
		d.addInitialiser(e, facts.InitPrefix, part.Pos(), f.Doc)
		d.place(part.Pos(), part.End(), e)
	}
}

// main makes nodes of the parts of a program's main function, each of which leads to the one before. They are what writes; the
// function itself, which nobody calls, is not.
func (d *declarer) main(e *encoder, f *ast.FuncDecl, fn *types.Func) {
	e.node.Writes = nil
	for i, body := range d.mainParts(f.Body) {
		part := d.encode(facts.Function, d.mainPart(i), body)
		part.block(body)
		part.node.Flow = d.flow(fn.Signature(), body)
		if i > 0 {
			part.edge(d.mainPart(i-1), facts.RunsAfter)
		}
		d.place(body.Pos(), body.End(), part)
		d.finish(part, f.Doc)
	}
}

func (d *declarer) mainPart(i int) facts.ID {
	return facts.ID{Package: d.pkg.Path, Name: fmt.Sprintf("%s%d)main", facts.PartPrefix, i)}
}
