package version

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cachegen/cachegen/generator/internal/load"
	"github.com/cachegen/cachegen/generator/internal/version/extract"
	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// mutator changes the syntax of declarations in memory, one small change of meaning at a time, and asks whether their hash follows. What
// has the old hash afterwards would have the old version everywhere. Equivalent mutants are left out by rule: what is folded to a
// value or canonical type is mutated in the text instead.
type mutator struct {
	t       *testing.T
	prog    *load.Program
	p       *load.Package
	hash    func(*ast.File, *ast.FuncDecl) [32]byte
	random  *rand.Rand
	counts  map[string]int
	missed  int
	perDecl int
}

// mutation is a change that can be undone.
type mutation struct {
	kind     string
	do, undo func()
}

func (m *mutator) function(file *ast.File, f *ast.FuncDecl) {
	before := m.hash(file, f)
	mutations := m.mutations(f)
	m.random.Shuffle(len(mutations), func(i, j int) { mutations[i], mutations[j] = mutations[j], mutations[i] })
	for _, mutation := range mutations[:min(m.perDecl, len(mutations))] {
		mutation.do()
		after, ok := m.tryHash(file, f)
		mutation.undo()
		if !ok {
			continue // no such code could be type-checked
		}
		m.counts[mutation.kind]++
		if after == before {
			m.missed++
			m.t.Errorf("%s: %s is missed", m.prog.Fset.Position(f.Pos()), mutation.kind)
		}
	}
	if again := m.hash(file, f); again != before {
		m.t.Fatalf("%s: a mutation was not undone", m.prog.Fset.Position(f.Pos()))
	}
}

func (m *mutator) tryHash(file *ast.File, f *ast.FuncDecl) (hash [32]byte, ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	return m.hash(file, f), true
}

// mutations lists what can be changed in a function.
func (m *mutator) mutations(f *ast.FuncDecl) []mutation {
	var all []mutation
	add := func(kind string, do, undo func()) { all = append(all, mutation{kind, do, undo}) }
	m.signature(f, add)
	ast.Inspect(f.Body, func(n ast.Node) bool {
		if x, ok := n.(ast.Expr); ok {
			if tv, ok := m.p.Info.Types[x]; ok && (tv.Value != nil || tv.IsType()) {
				return false
			}
		}
		if s, ok := n.(ast.Stmt); ok {
			m.statement(s, add)
		}
		if x, ok := n.(ast.Expr); ok {
			m.expression(x, add)
		}
		return true
	})
	return all
}

// signature drops a result or swaps parameters of different types.
func (m *mutator) signature(f *ast.FuncDecl, add func(string, func(), func())) {
	if r := f.Type.Results; r != nil && len(r.List) > 0 {
		old := r.List
		add("result dropped", func() { r.List = old[1:] }, func() { r.List = old })
	}
	list := f.Type.Params.List
	if len(list) > 1 && m.differs(list[0].Type, list[1].Type) {
		swap := func() { list[0], list[1] = list[1], list[0] }
		add("parameters swapped", swap, swap)
	}
}

func (m *mutator) differs(a, b ast.Expr) bool { return types.ExprString(a) != types.ExprString(b) }

func (m *mutator) statement(s ast.Stmt, add func(string, func(), func())) {
	switch s := s.(type) {
	case *ast.AssignStmt:
		if assert, ok := s.Rhs[0].(*ast.TypeAssertExpr); ok && assert.Type == nil {
			return // of a type switch
		}
		old, other := s.Tok, token.AND_NOT_ASSIGN
		if old == other {
			other = token.ADD_ASSIGN
		}
		add("assignment", func() { s.Tok = other }, func() { s.Tok = old })
	case *ast.IncDecStmt:
		flip := func() { s.Tok = token.INC + token.DEC - s.Tok }
		add("increment", flip, flip)
	case *ast.BranchStmt:
		old := s.Tok
		if old != token.FALLTHROUGH {
			add("branch", func() { s.Tok = token.FALLTHROUGH }, func() { s.Tok = old })
		}
	case *ast.BlockStmt:
		m.block(s, add)
	case *ast.IfStmt:
		if s.Else != nil {
			old := s.Else
			add("else dropped", func() { s.Else = nil }, func() { s.Else = old })
		}
		old := s.Cond
		add("condition negated", func() { s.Cond = &ast.UnaryExpr{Op: token.NOT, X: old} }, func() { s.Cond = old })
	case *ast.ReturnStmt:
		if len(s.Results) > 1 && m.differs(s.Results[0], s.Results[1]) {
			swap := func() { s.Results[0], s.Results[1] = s.Results[1], s.Results[0] }
			add("results swapped", swap, swap)
		}
	case *ast.ForStmt:
		if s.Post != nil {
			old := s.Post
			add("loop's step dropped", func() { s.Post = nil }, func() { s.Post = old })
		}
	}
}

// declaresNothing reports whether a statement only names what is written at its uses: constants and aliases.
func declaresNothing(s ast.Stmt) bool {
	decl, ok := s.(*ast.DeclStmt)
	if !ok {
		_, empty := s.(*ast.EmptyStmt)
		return empty
	}
	g := decl.Decl.(*ast.GenDecl)
	return g.Tok == token.CONST || g.Tok == token.TYPE && !slices.ContainsFunc(g.Specs, func(s ast.Spec) bool { return !s.(*ast.TypeSpec).Assign.IsValid() })
}

// block drops or swaps statements that do something.
func (m *mutator) block(b *ast.BlockStmt, add func(string, func(), func())) {
	for i, s := range b.List {
		if declaresNothing(s) {
			continue
		}
		old := b.List
		add("statement dropped", func() { b.List = slices.Delete(slices.Clone(old), i, i+1) }, func() { b.List = old })
		if i > 0 && !declaresNothing(b.List[i-1]) && fmt.Sprintf("%T", s) != fmt.Sprintf("%T", b.List[i-1]) {
			swap := func() { b.List[i], b.List[i-1] = b.List[i-1], b.List[i] }
			add("statements swapped", swap, swap)
		}
	}
}

func (m *mutator) expression(x ast.Expr, add func(string, func(), func())) {
	switch x := x.(type) {
	case *ast.BinaryExpr:
		old, other := x.Op, token.SHR
		if old == other {
			other = token.ADD
		}
		add("operator", func() { x.Op = other }, func() { x.Op = old })
		if m.differs(x.X, x.Y) && !m.isConstant(x.X) && !m.isConstant(x.Y) {
			swap := func() { x.X, x.Y = x.Y, x.X }
			add("operands swapped", swap, swap)
		}
	case *ast.UnaryExpr:
		old := x.Op
		add("unary operator", func() { x.Op = token.TILDE }, func() { x.Op = old })
	case *ast.CallExpr:
		old := x.Args
		if len(old) > 1 {
			add("argument dropped", func() { x.Args = old[1:] }, func() { x.Args = old })
		}
		ellipsis := x.Ellipsis
		flip := token.NoPos
		if !ellipsis.IsValid() {
			flip = 1
		}
		add("spread", func() { x.Ellipsis = flip }, func() { x.Ellipsis = ellipsis })
	case *ast.SliceExpr:
		if x.Low == nil != (x.High == nil) || x.Low != nil && m.differs(x.Low, x.High) {
			swap := func() { x.Low, x.High = x.High, x.Low }
			add("bounds swapped", swap, swap)
		}
	case *ast.CompositeLit:
		if old := x.Elts; len(old) > 0 {
			add("element dropped", func() { x.Elts = old[1:] }, func() { x.Elts = old })
		}
	case *ast.Ident:
		m.identifier(x, add)
	}
}

func (m *mutator) isConstant(x ast.Expr) bool { return m.p.Info.Types[x].Value != nil }

// identifier lets a name mean something else: another local variable, another package object.
func (m *mutator) identifier(x *ast.Ident, add func(string, func(), func())) {
	switch o := m.p.Info.Uses[x].(type) {
	case *types.Var:
		if !o.IsField() {
			other := types.NewVar(token.NoPos, m.p.Types, "other", o.Type())
			add("other variable", func() { m.p.Info.Uses[x] = other }, func() { m.p.Info.Uses[x] = o })
		}
	case *types.Func:
		if o.Signature().Recv() == nil && o.Pkg() != nil {
			other := types.NewFunc(token.NoPos, o.Pkg(), o.Name()+"Other", o.Signature())
			add("other function", func() { m.p.Info.Uses[x] = other }, func() { m.p.Info.Uses[x] = o })
		}
	}
}

// TestMutation mutates the bodies and signatures of whole modules in memory. Every mutant must have another hash.
func TestMutation(t *testing.T) {
	for _, dir := range experimentModules(t) {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			prog := loadModule(t, dir, nil)
			collector := extract.NewCollector(nil)
			for _, p := range prog.Roots {
				collector.Learn(p)
			}
			m := &mutator{
				t: t, prog: prog, random: rand.New(rand.NewPCG(1, 1)), counts: map[string]int{}, perDecl: 12,
			}
			for _, p := range prog.Roots {
				if p.Info == nil || len(p.Errors) > 0 {
					continue
				}
				m.p, m.hash = p, collector.FuncHash(prog, p)
				for _, file := range p.Syntax {
					for _, d := range file.Decls {
						if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil && f.Name.Name != "_" && f.Name.Name != "init" {
							m.function(file, f)
						}
					}
				}
			}
			total := 0
			for _, n := range m.counts {
				total += n
			}
			if total < 1000 {
				t.Errorf("only %d mutants", total)
			}
			t.Logf("%d mutants, %d missed: %s", total, m.missed, counted(m.counts))
		})
	}
}

// TestValueMutation changes the values of constants, initialisers and tags of whole modules in their text, all at once, and
// looks at the hash of each declaration that has or mentions one.
func TestValueMutation(t *testing.T) {
	all := 0
	defer func() {
		if all < 10 {
			t.Errorf("only %d declarations were checked", all)
		}
	}()
	for _, dir := range experimentModules(t) {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			prog := loadModule(t, dir, nil)
			w := newRewriter(prog, 1)
			wanted := map[facts.ID]string{}
			for _, p := range prog.Roots {
				if p.Info != nil && len(p.Errors) == 0 {
					for _, file := range p.Syntax {
						w.mutateValues(p, file, wanted)
					}
				}
			}
			overlay := map[string][]byte{}
			for name := range w.changes {
				src, err := w.apply(name)
				if err != nil {
					t.Fatal(err)
				}
				overlay[name] = src
			}
			before, after := wholeOf(prog), wholeOf(loadModule(t, dir, overlay))
			checked, missed := 0, 0
			for id, kind := range wanted {
				b, a := before.graph.Node(id), after.graph.Node(id)
				if b == nil || a == nil {
					continue // in a package that does not compile any more: an array got another length
				}
				checked++
				if facts.LocalHash(a, nil) == facts.LocalHash(b, nil) {
					missed++
					t.Errorf("%s: %s is missed", id, kind)
				}
			}
			all += checked // none, if nothing of a module compiles any more
			t.Logf("%d declarations, %d missed; mutated: %s", checked, missed, counted(w.counts))
		})
	}
}

// mutateValues makes strings longer in the initialisers of constants and variables and in tags, and notes the declarations that must
// have another hash.
func (w *rewriter) mutateValues(p *load.Package, file *ast.File, wanted map[facts.ID]string) {
	mutated := map[types.Object]bool{}
	for _, d := range file.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range g.Specs {
			switch spec := spec.(type) {
			case *ast.ValueSpec:
				w.mutateValue(p, g, spec, mutated, wanted)
			case *ast.TypeSpec:
				w.mutateTags(p, spec, wanted)
			}
		}
	}
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Body == nil || f.Name.Name == "init" || f.Name.Name == "_" {
			continue
		}
		ast.Inspect(f.Body, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && mutated[p.Info.Uses[id]] {
				wanted[extract.IDOf(p.Info.Defs[f.Name])] = "constant"
			}
			return true
		})
	}
}

// mutateValue changes the first literal of each value.
func (w *rewriter) mutateValue(p *load.Package, g *ast.GenDecl, spec *ast.ValueSpec, mutated map[types.Object]bool, wanted map[facts.ID]string) {
	if len(spec.Values) != len(spec.Names) {
		return
	}
	for i, value := range spec.Values {
		lit := firstLiteral(value)
		o := p.Info.Defs[spec.Names[i]]
		if lit == nil || o == nil || spec.Names[i].Name == "_" {
			continue
		}
		kind := "initialiser"
		if g.Tok == token.CONST {
			kind = "constant"
			mutated[o] = true
		} else {
			wanted[extract.IDOf(o)] = kind
		}
		if lit.Kind == token.STRING {
			w.replace(lit.End(), lit.End(), kind, ` + "!"`)
		} else {
			w.replace(lit.Pos(), lit.End(), kind, "("+lit.Value+" + 1)")
		}
	}
}

// firstLiteral is the first string or number in x whose value matters: not a key, nor the length of an array.
func firstLiteral(x ast.Expr) *ast.BasicLit {
	var found *ast.BasicLit
	ast.Inspect(x, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ArrayType, *ast.FuncLit, *ast.BinaryExpr:
			return false
		case *ast.KeyValueExpr:
			if found == nil {
				found = firstLiteral(n.Value)
			}
			return false
		case *ast.BasicLit:
			if found == nil && (n.Kind == token.STRING || n.Kind == token.INT) {
				found = n
			}
		}
		return found == nil
	})
	return found
}

func (w *rewriter) mutateTags(p *load.Package, spec *ast.TypeSpec, wanted map[facts.ID]string) {
	s, ok := spec.Type.(*ast.StructType)
	if !ok || spec.Assign.IsValid() {
		return
	}
	for _, f := range s.Fields.List {
		if f.Tag != nil && strings.HasPrefix(f.Tag.Value, "`") {
			wanted[extract.IDOf(p.Info.Defs[spec.Name])] = "tag"
			w.replace(f.Tag.End()-1, f.Tag.End(), "tag", " more:\"1\"`")
		}
	}
}
