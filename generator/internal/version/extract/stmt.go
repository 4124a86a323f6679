package extract

import (
	"go/ast"
	"go/token"
	"go/types"
)

func (e *encoder) block(b *ast.BlockStmt) {
	if b == nil {
		e.op("no block")
		return
	}
	e.op("block")
	e.stmts(b.List)
}

// stmts writes the statements that do something.
func (e *encoder) stmts(list []ast.Stmt) {
	n := 0
	for _, s := range list {
		if !isVoid(s) {
			n++
		}
	}
	e.count(n)
	for _, s := range list {
		if !isVoid(s) {
			e.stmt(s)
		}
	}
}

// isVoid reports whether a statement only names what is written at its uses: constants and aliases.
func isVoid(s ast.Stmt) bool {
	switch s := s.(type) {
	case *ast.EmptyStmt:
		return true
	case *ast.DeclStmt:
		decl, ok := s.Decl.(*ast.GenDecl)
		if !ok || decl.Tok == token.CONST {
			return ok
		}
		for _, spec := range decl.Specs {
			if t, ok := spec.(*ast.TypeSpec); !ok || !t.Assign.IsValid() {
				return false
			}
		}
		return true
	}
	return false
}

func (e *encoder) stmt(s ast.Stmt) {
	if s == nil {
		e.op("nothing")
		return
	}
	e.pos = s.Pos()
	switch s := s.(type) {
	case *ast.BlockStmt:
		e.block(s)
	case *ast.ExprStmt:
		e.op("expression")
		e.expr(s.X)
	case *ast.AssignStmt:
		e.assign(s)
	case *ast.IncDecStmt:
		e.write(s.X)
		e.op(s.Tok.String())
		e.expr(s.X)
	case *ast.DeclStmt:
		e.declStmt(s)
	case *ast.ReturnStmt:
		e.convertReturn(s)
		e.op("return")
		e.exprs(s.Results)
	case *ast.IfStmt:
		e.op("if")
		e.stmt(s.Init)
		e.expr(s.Cond)
		e.block(s.Body)
		e.stmt(s.Else)
	case *ast.ForStmt:
		e.op("for")
		e.loop(s.Init)
		e.stmt(s.Init)
		e.expr(s.Cond)
		e.stmt(s.Post)
		e.block(s.Body)
	case *ast.RangeStmt:
		e.rangeStmt(s)
	case *ast.SwitchStmt:
		e.convertCases(s)
		e.comparesCases(s)
		e.op("switch")
		e.stmt(s.Init)
		e.expr(s.Tag)
		e.clauses(s.Body)
	case *ast.TypeSwitchStmt:
		e.typeSwitch(s)
	case *ast.SelectStmt:
		e.op("select")
		e.clauses(s.Body)
	case *ast.GoStmt:
		e.op("go")
		e.expr(s.Call)
	case *ast.DeferStmt:
		e.op("defer")
		e.expr(s.Call)
	case *ast.SendStmt:
		e.convertSend(s)
		e.op("send")
		e.expr(s.Chan)
		e.expr(s.Value)
	case *ast.LabeledStmt:
		e.op("label")
		e.label(s.Label)
		e.stmt(s.Stmt)
	case *ast.BranchStmt:
		e.op(s.Tok.String())
		e.label(s.Label)
	case *ast.EmptyStmt:
		e.op("empty")
	default:
		e.op("other statement")
	}
}

func (e *encoder) exprs(list []ast.Expr) {
	e.count(len(list))
	for _, x := range list {
		e.expr(x)
	}
}

func (e *encoder) label(id *ast.Ident) {
	if id == nil {
		e.op("no label")
		return
	}
	if o := e.info.ObjectOf(id); o != nil {
		e.local(o)
		return
	}
	e.text(id.Name)
}

func (e *encoder) assign(s *ast.AssignStmt) {
	e.convertAssign(s)
	if s.Tok != token.DEFINE {
		for _, l := range s.Lhs {
			e.write(l)
		}
	}
	e.op("assign")
	e.text(s.Tok.String())
	e.exprs(s.Lhs)
	e.exprs(s.Rhs)
}

// loop notes loops whose variables mean something else before Go 1.22.
func (e *encoder) loop(init ast.Stmt) {
	a, ok := init.(*ast.AssignStmt)
	e.flag(ok && a.Tok == token.DEFINE && !e.perIteration)
}

func (e *encoder) rangeStmt(s *ast.RangeStmt) {
	e.convertRange(s)
	if s.Tok == token.ASSIGN {
		e.write(s.Key)
		e.write(s.Value)
	}
	e.op("range")
	e.flag(s.Tok == token.DEFINE && !e.perIteration)
	e.text(s.Tok.String())
	e.expr(s.Key)
	e.expr(s.Value)
	e.expr(s.X)
	e.block(s.Body)
}

func (e *encoder) typeSwitch(s *ast.TypeSwitchStmt) {
	e.op("type switch")
	e.stmt(s.Init)
	var x ast.Expr
	switch a := s.Assign.(type) {
	case *ast.AssignStmt: // the variable is implicit in each clause
		x = a.Rhs[0]
	case *ast.ExprStmt:
		x = a.X
	}
	e.expr(x)
	if assert, ok := ast.Unparen(x).(*ast.TypeAssertExpr); ok {
		e.switchesContext(s, assert.X)
	}
	e.clauses(s.Body)
}

// switchesContext notes the types that a switch asks for.
func (e *encoder) switchesContext(s *ast.TypeSwitchStmt, x ast.Expr) {
	for _, c := range s.Body.List {
		for _, t := range c.(*ast.CaseClause).List {
			e.assertsContext(e.typeOf(x), e.typeOf(t), t.Pos())
		}
	}
}

func (e *encoder) clauses(b *ast.BlockStmt) {
	e.count(len(b.List))
	for _, c := range b.List {
		switch c := c.(type) {
		case *ast.CaseClause:
			if o := e.info.Implicits[c]; o != nil {
				e.number(o)
			}
			e.op("case")
			e.flag(c.List == nil)
			e.exprs(c.List)
			e.stmts(c.Body)
		case *ast.CommClause:
			e.op("communication")
			e.stmt(c.Comm)
			e.stmts(c.Body)
		}
	}
}

// declStmt writes local variables and types. Constants and aliases are written where they are used.
func (e *encoder) declStmt(s *ast.DeclStmt) {
	decl := s.Decl.(*ast.GenDecl)
	e.op("declare")
	for _, spec := range decl.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			e.localType(spec)
		case *ast.ValueSpec:
			e.convertValues(spec)
			e.op("var")
			e.count(len(spec.Names))
			for _, id := range spec.Names {
				e.ident(id)
			}
			e.expr(spec.Type)
			e.exprs(spec.Values)
		}
	}
	e.op("declared")
}

func (e *encoder) localType(spec *ast.TypeSpec) {
	o := e.info.Defs[spec.Name]
	if o == nil || spec.Assign.IsValid() {
		return
	}
	e.op("local type")
	e.localTypeName(o)
	if n, ok := o.Type().(*types.Named); ok {
		e.typeParams(n.TypeParams())
	}
	e.expr(spec.Type)
}
