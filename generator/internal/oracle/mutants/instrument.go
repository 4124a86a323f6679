package mutants

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"os"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/cachegen/cachegen/generator/internal/oracle/mutants/schema"
)

// Place is where code can be mutated.
type Place struct {
	// First is the number of its first mutant, Mutants is how many it has.
	First, Mutants int
	At             token.Position
	// Kind is the name of schema's function.
	Kind string
}

// schemaName is what a file calls the package of its places.
const schemaName = "zzschema"

// instrumenter makes places in the files of a package.
type instrumenter struct {
	p    *packages.Package
	next int
	// tables are composite literals with more elements than this; they are left alone, or binaries would get too big.
	tables int

	file   *token.File
	edits  []edit
	places []Place
}

// edit puts text at an offset, in place of so many bytes.
type edit struct {
	at, drop int
	text     string
	// rank orders edits at one offset: ends of what is inside come before ends of what is outside, beginnings the other way round.
	rank int
}

// instrument returns the text of a file with places, and adds them to those of the package.
func (in *instrumenter) instrument(f *ast.File) ([]byte, error) {
	in.file, in.edits = in.p.Fset.File(f.Pos()), nil
	src, err := os.ReadFile(in.file.Name())
	if err != nil {
		return nil, err
	}
	if len(f.Decls) == 0 || importsC(f) {
		return src, nil
	}
	for _, d := range f.Decls {
		in.declaration(d)
	}
	if len(in.edits) == 0 {
		return src, nil
	}
	slices.SortStableFunc(in.edits, func(a, b edit) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.rank, b.rank)) })
	var out strings.Builder
	last := 0
	name := in.file.Offset(f.Name.End())
	fmt.Fprintf(&out, "%s; import %s %q", src[:name], schemaName, schemaPath(in.p.Module.Path))
	last = name
	for _, e := range in.edits {
		out.Write(src[last:e.at])
		out.WriteString(e.text)
		last = e.at + e.drop
	}
	out.Write(src[last:])
	return []byte(out.String()), nil
}

func schemaPath(module string) string { return module + "/" + schemaName }

func importsC(f *ast.File) bool {
	return slices.ContainsFunc(f.Imports, func(s *ast.ImportSpec) bool { return s.Path.Value == `"C"` })
}

// wrap calls a function of schema instead of n: with n, and with what comes after.
func (in *instrumenter) wrap(n ast.Node, kind, typ, after string, mutants int) {
	if typ != "" {
		typ = "[" + typ + "]"
	}
	seq := len(in.edits) + 1
	in.edits = append(
		in.edits,
		edit{at: in.file.Offset(n.Pos()), text: schemaName + "." + kind + typ + "(", rank: seq},
		edit{at: in.file.Offset(n.End()), text: fmt.Sprintf("%s, %d)", after, in.next), rank: -seq},
	)
	in.place(n, kind, mutants)
}

func (in *instrumenter) place(n ast.Node, kind string, mutants int) {
	in.places = append(in.places, Place{First: in.next, Mutants: mutants, At: in.p.Fset.PositionFor(n.Pos(), false), Kind: kind})
	in.next += mutants
}

func (in *instrumenter) declaration(d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Body != nil && !directed(d.Doc) {
			in.step(d.Body)
			in.walk(d.Body)
		}
	case *ast.GenDecl:
		if d.Tok == token.VAR && !directed(d.Doc) {
			for _, s := range d.Specs {
				for _, v := range s.(*ast.ValueSpec).Values {
					in.walk(v)
				}
			}
		}
	}
}

// directed reports whether the compiler has been told something about a declaration.
func directed(doc *ast.CommentGroup) bool {
	return doc != nil && slices.ContainsFunc(doc.List, func(c *ast.Comment) bool { return strings.HasPrefix(c.Text, "//go:") })
}

// step counts steps at the beginning of a body.
func (in *instrumenter) step(b *ast.BlockStmt) {
	in.edits = append(in.edits, edit{at: in.file.Offset(b.Lbrace) + 1, text: schemaName + ".Step(); ", rank: -1})
}

func (in *instrumenter) walk(root ast.Node) {
	ast.Inspect(root, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			in.step(n.Body)
		case *ast.ForStmt:
			in.step(n.Body)
		case *ast.RangeStmt:
			in.step(n.Body)
		case *ast.BlockStmt:
			in.statements(n.List)
		case *ast.CaseClause:
			in.statements(n.Body)
		case *ast.CommClause:
			for _, s := range n.Body {
				in.walk(s)
			}
			return false
		case *ast.GenDecl:
			return n.Tok == token.VAR
		case *ast.TypeSwitchStmt:
			in.walk(n.Assign)
			for _, c := range n.Body.List {
				in.statements(c.(*ast.CaseClause).Body)
				for _, s := range c.(*ast.CaseClause).Body {
					in.walk(s)
				}
			}
			return false
		case *ast.ReturnStmt:
			in.results(n)
		case *ast.CompositeLit:
			return in.literal(n)
		case ast.Expr:
			return in.expression(n)
		}
		return true
	})
}

// statements makes places where statements can be left out.
func (in *instrumenter) statements(list []ast.Stmt) {
	for _, s := range list {
		switch s := s.(type) {
		case *ast.ExprStmt:
			if call, ok := s.X.(*ast.CallExpr); ok {
				if id, ok := call.Fun.(*ast.Ident); ok && id.Name == "panic" {
					continue // a function may have to end with it
				}
			}
		case *ast.AssignStmt:
			if s.Tok == token.DEFINE {
				continue
			}
		case *ast.IncDecStmt, *ast.SendStmt, *ast.DeferStmt, *ast.GoStmt:
		default:
			continue
		}
		seq := len(in.edits) + 1
		in.edits = append(
			in.edits,
			edit{at: in.file.Offset(s.Pos()), text: fmt.Sprintf("if %s.Keep(%d) { ", schemaName, in.next), rank: seq},
			edit{at: in.file.Offset(s.End()), text: " }", rank: -seq},
		)
		in.place(s, "Keep", schema.Keeps)
	}
}

// results makes places where nothing can be returned.
func (in *instrumenter) results(r *ast.ReturnStmt) {
	for _, x := range r.Results {
		tv := in.p.TypesInfo.Types[x]
		if _, several := tv.Type.(*types.Tuple); several || tv.Value != nil || tv.IsNil() || tv.Type == nil || untyped(tv.Type) {
			continue
		}
		if basic(tv.Type) == types.Bool || !tv.IsValue() {
			continue
		}
		if _, ok := ast.Unparen(x).(*ast.FuncLit); ok {
			continue
		}
		in.wrap(x, "None", "", "", schema.Nones)
	}
}

func untyped(t types.Type) bool {
	b, ok := t.(*types.Basic)
	return ok && b.Info()&types.IsUntyped != 0
}

// basic is the kind of a basic type; named ones have none.
func basic(t types.Type) types.BasicKind {
	if b, ok := t.(*types.Basic); ok {
		return b.Kind()
	}
	return types.Invalid
}

// literal reports whether to look into a composite literal as any node; its constant keys must stay constant.
func (in *instrumenter) literal(n *ast.CompositeLit) bool {
	if len(n.Elts) > in.tables {
		return false
	}
	t := in.p.TypesInfo.TypeOf(n)
	if t == nil {
		return false
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	_, isMap := t.Underlying().(*types.Map)
	for _, e := range n.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			in.walk(e)
			continue
		}
		if isMap {
			in.walk(kv.Key)
		}
		in.walk(kv.Value)
	}
	return false
}

// expression makes the places of an expression, and reports whether to look into it.
func (in *instrumenter) expression(x ast.Expr) bool {
	tv, ok := in.p.TypesInfo.Types[x]
	if !ok {
		return true
	}
	if tv.IsType() || tv.IsBuiltin() {
		return false
	}
	if tv.Value != nil {
		in.constant(x, tv)
		return false
	}
	switch n := x.(type) {
	case *ast.BinaryExpr:
		in.binary(n, tv)
	case *ast.UnaryExpr:
		if n.Op == token.NOT && basic(tv.Type) == types.Bool {
			in.wrap(n, "Condition", "", "", schema.Conditions)
		}
	case *ast.CallExpr:
		if basic(tv.Type) == types.Bool {
			in.wrap(n, "Condition", "", "", schema.Conditions)
		}
	case *ast.SelectorExpr:
		return true
	}
	return true
}

func (in *instrumenter) constant(x ast.Expr, tv types.TypeAndValue) {
	typ, ok := in.typeName(tv.Type, x.Pos())
	if !ok {
		return
	}
	info := tv.Type.Underlying().(*types.Basic).Info()
	switch {
	case info&types.IsString != 0:
		in.wrap(x, "Text", typ, "", schema.Texts)
	case info&types.IsBoolean != 0 && typ == "bool":
		in.wrap(x, "Condition", "", "", schema.Conditions)
	case info&types.IsInteger != 0 && tv.Value.Kind() == constant.Int, info&types.IsFloat != 0:
		in.wrap(x, "Number", typ, "", schema.Numbers)
	}
}

var comparisons = []token.Token{token.LSS, token.LEQ, token.GTR, token.GEQ, token.EQL, token.NEQ}

func (in *instrumenter) binary(n *ast.BinaryExpr, tv types.TypeAndValue) {
	left, right := in.p.TypesInfo.TypeOf(n.X), in.p.TypesInfo.TypeOf(n.Y)
	if left == nil || right == nil {
		return
	}
	if basic(tv.Type) == types.Bool {
		if op := slices.Index(comparisons, n.Op); op >= 0 && types.Identical(left, right) {
			if typ, ok := in.typeName(left, n.Pos()); ok && left.Underlying().(*types.Basic).Info()&types.IsOrdered != 0 {
				in.operands(n, "Compare", typ, fmt.Sprint(", ", op), schema.Compares)
				return
			}
		}
		in.wrap(n, "Condition", "", "", schema.Conditions)
		return
	}
	typ, ok := in.typeName(tv.Type, n.Pos())
	if !ok || !types.Identical(left, right) {
		return
	}
	info := tv.Type.Underlying().(*types.Basic).Info()
	switch op := n.Op; {
	case info&types.IsString != 0:
		in.operands(n, "Join", typ, "", schema.Joins)
	case info&(types.IsInteger|types.IsFloat) == 0:
	case op == token.ADD || op == token.SUB || op == token.MUL || op == token.QUO:
		in.operands(n, "Arithmetic", typ, fmt.Sprintf(", '%s'", op), schema.Arithmetics)
	case op == token.REM || op == token.AND || op == token.OR || op == token.XOR:
		in.operands(n, "Bits", typ, fmt.Sprintf(", '%s'", op), schema.Bitses)
	}
}

// operands hands the operands of an operation to a function of schema.
func (in *instrumenter) operands(n *ast.BinaryExpr, kind, typ, after string, mutants int) {
	in.wrap(n, kind, typ, after, mutants)
	in.edits = append(in.edits, edit{at: in.file.Offset(n.OpPos), drop: len(n.Op.String()), text: ","})
}

// typeName is what a basic type, or one of the package, is called at a place.
func (in *instrumenter) typeName(t types.Type, pos token.Pos) (string, bool) {
	b, ok := t.Underlying().(*types.Basic)
	if !ok || b.Info()&types.IsUntyped != 0 || b.Kind() == types.UnsafePointer || b.Info()&types.IsComplex != 0 {
		return "", false
	}
	var o types.Object
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		o = types.Universe.Lookup(t.Name())
	case *types.Named:
		o = t.Obj()
	}
	if o == nil || o.Parent() != types.Universe && o.Parent() != in.p.Types.Scope() {
		return "", false
	}
	if _, here := in.p.Types.Scope().Innermost(pos).LookupParent(o.Name(), pos); here != o {
		return "", false
	}
	return o.Name(), true
}
