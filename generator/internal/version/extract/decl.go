package extract

import (
	"encoding/hex"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	goversion "go/version"
	"slices"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
	"github.com/cachegen/cachegen/generator/internal/version/stdmodel"
)

// declarer makes the nodes of one file.
type declarer struct {
	*summarizer
	file         *ast.File
	perIteration bool
}

// newLoopVariables reports whether loops have new variables in each iteration in a version of the language.
func newLoopVariables(version string) bool {
	return !goversion.IsValid(version) || goversion.Compare(version, "go1.22") >= 0
}

func (d *declarer) encode(kind facts.Kind, id facts.ID, decl ast.Node) *encoder {
	e := d.summarizer.encode(kind, id, decl)
	e.perIteration = d.perIteration
	return e
}

// finish adds the node with what belongs to any declaration.
func (d *declarer) finish(e *encoder, docs ...*ast.CommentGroup) {
	for _, doc := range docs {
		e.node.Reviewed = e.node.Reviewed || isReviewed(doc)
	}
	d.add(e.done())
}

func (d *declarer) function(f *ast.FuncDecl) {
	fn, _ := d.info.Defs[f.Name].(*types.Func)
	switch {
	case fn == nil:
	case f.Recv == nil && f.Name.Name == "init":
		d.init(f, fn)
	case f.Name.Name == "_": // nobody calls it
	default:
		e := d.encode(facts.Function, IDOf(fn), f)
		d.signature(e, f, fn)
		d.body(e, f.Body, fn)
		if f.Recv == nil && f.Name.Name == "main" && d.pkg.Name == "main" && f.Body != nil {
			d.main(e, f, fn)
		} else {
			d.place(f.Pos(), f.End(), e)
		}
		d.finish(e, f.Doc)
	}
}

func (d *declarer) signature(e *encoder, f *ast.FuncDecl, fn *types.Func) {
	sig := fn.Signature()
	e.typeParameters = slices.AppendSeq(e.typeParameters, sig.RecvTypeParams().TypeParams())
	e.typeParameters = slices.AppendSeq(e.typeParameters, sig.TypeParams().TypeParams())
	if sig.RecvTypeParams().Len() > 0 {
		e.node.Receiver = facts.ID{Package: d.pkg.Path, Name: receiverName(sig.Recv().Type())}
	}
	e.flag(f.Recv != nil)
	if f.Recv != nil {
		e.count(sig.RecvTypeParams().Len())
		for p := range sig.RecvTypeParams().TypeParams() {
			e.number(p.Obj())
		}
		if o := definedAt(e.info, f.Recv.List[0].Names, 0); o != nil {
			e.number(o)
			e.parameter(o)
		} else {
			e.next++
		}
		e.typ(sig.Recv().Type())
	}
	e.typeParams(sig.TypeParams())
	e.fields(f.Type.Params)
	e.fields(f.Type.Results)
	e.part("signature", types.TypeString(sig, nil))
}

func (d *declarer) body(e *encoder, body *ast.BlockStmt, fn *types.Func) {
	if body == nil { // assembly, or linked from elsewhere
		e.op("no body")
		e.edge(facts.ID{Package: d.pkg.Path, Name: facts.AssemblyName}, facts.BuiltWith)
		return
	}
	e.results = append(e.results, fn.Signature().Results())
	from := len(e.buf)
	e.block(body)
	e.partHash("body", e.buf[from:])
	d.addLiterals(e)
	e.node.Flow = d.flow(fn.Signature(), body)
}

// addInitialiser names a node by its content: what initialises a package has no name, and must not change with its place.
func (d *declarer) addInitialiser(e *encoder, prefix string, pos token.Pos, doc *ast.CommentGroup) {
	n := e.done()
	h := facts.LocalHash(n, nil)
	name := prefix + hex.EncodeToString(h[:8])
	n.ID = facts.ID{Package: d.pkg.Path, Name: name}
	for i := 2; d.isTaken(n.ID); i++ {
		n.ID.Name = fmt.Sprint(name, "#", i)
	}
	n.Reviewed = isReviewed(doc)
	d.add(n)
	d.initialisers[pos] = n.ID
}

func (d *declarer) isTaken(id facts.ID) bool {
	for _, taken := range d.initialisers {
		if taken == id {
			return true
		}
	}
	return false
}

func (d *declarer) general(g *ast.GenDecl) {
	for i, spec := range g.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			d.typeSpec(g, spec)
		case *ast.ValueSpec:
			if g.Tok == token.VAR {
				d.variables(g, spec)
			} else {
				d.constants(g, i)
			}
		}
	}
}

func (d *declarer) typeSpec(g *ast.GenDecl, spec *ast.TypeSpec) {
	o, _ := d.info.Defs[spec.Name].(*types.TypeName)
	if o == nil || spec.Name.Name == "_" || o.IsAlias() {
		return
	}
	e := d.encode(facts.Type, IDOf(o), spec)
	n, ok := o.Type().(*types.Named)
	if !ok {
		return
	}
	e.text(d.pkg.Name) // which a program can print with the type's (rule 6)
	e.typeParams(n.TypeParams())
	e.expr(spec.Type)
	describeType(e, n)
	d.finish(e, g.Doc, spec.Doc)
}

// describeType tells what can change in a type: its fields and their tags one by one.
func describeType(e *encoder, n *types.Named) {
	s, ok := n.Underlying().(*types.Struct)
	if !ok {
		e.part("definition", types.TypeString(n.Underlying(), nil))
		return
	}
	for i := range s.NumFields() {
		f := s.Field(i)
		e.part("field "+f.Name(), types.TypeString(f.Type(), nil))
		if tag := s.Tag(i); tag != "" {
			e.part("tag of "+f.Name(), tag)
		}
	}
}

func (d *declarer) variables(g *ast.GenDecl, spec *ast.ValueSpec) {
	for i, name := range spec.Names {
		if name.Name == "_" {
			d.blank(g, spec, i)
			continue
		}
		v, ok := d.info.Defs[name].(*types.Var)
		if !ok {
			continue
		}
		e := d.encode(facts.Variable, IDOf(v), spec)
		e.pos = name.Pos()
		p := d.position(name.Pos())
		e.node.Line, e.node.Column = p.Line, p.Column
		e.typ(v.Type())
		e.part("type", types.TypeString(v.Type(), nil))
		e.node.Linked = linked(v)
		e.node.Reference, e.node.Synchroniser = isReference(v.Type()), synchronises(v.Type())
		d.initialValue(e, spec, i)
		d.placeVariable(e, spec, i)
		d.embeds(e, g, spec)
		d.finish(e, g.Doc, spec.Doc)
		if i < len(spec.Values) && hasCall(d.info, spec.Values[min(i, len(spec.Values)-1)]) {
			d.initialisers[name.Pos()] = e.node.ID
		}
	}
}

// placeVariable notes the code of a variable: its name and its initial value.
func (d *declarer) placeVariable(e *encoder, spec *ast.ValueSpec, i int) {
	d.place(spec.Names[i].Pos(), spec.Names[i].End(), e)
	switch {
	case len(spec.Values) == len(spec.Names):
		d.place(spec.Values[i].Pos(), spec.Values[i].End(), e)
	case len(spec.Values) == 1:
		d.place(spec.Values[0].Pos(), spec.Values[0].End(), e)
	}
}

func isReference(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Map, *types.Slice, *types.Chan, *types.Interface:
		return true
	}
	return false
}

func (d *declarer) initialValue(e *encoder, spec *ast.ValueSpec, i int) {
	from := len(e.buf)
	switch {
	case len(spec.Values) == len(spec.Names):
		if t := e.typeOf(spec.Names[i]); t != nil {
			e.convertExpr(spec.Values[i], t)
		}
		e.op("value")
		e.expr(spec.Values[i])
	case len(spec.Values) == 1:
		e.convertValues(spec)
		e.op("value of several")
		e.count(i)
		e.expr(spec.Values[0])
	default:
		e.op("zero")
	}
	e.partHash("initialiser", e.buf[from:])
	if len(spec.Values) > 0 {
		d.addLiterals(e)
		e.node.Flow = d.flow(nil, spec)
	}
}

// blank makes a node of a blank variable if its initialiser does something.
func (d *declarer) blank(g *ast.GenDecl, spec *ast.ValueSpec, i int) {
	if len(spec.Values) == 0 || !hasCall(d.info, spec.Values[min(i, len(spec.Values)-1)]) {
		return
	}
	if len(spec.Values) < len(spec.Names) && i > 0 {
		return // one call for all
	}
	e := d.encode(facts.Init, facts.ID{}, spec)
	d.initialValue(e, spec, i)
	d.addInitialiser(e, facts.BlankPrefix, spec.Names[i].Pos(), g.Doc)
	d.placeVariable(e, spec, i)
}

// hasCall reports whether evaluating x calls something, as far as that can have an effect.
func hasCall(info *types.Info, x ast.Expr) bool {
	found := false
	ast.Inspect(x, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			tv := info.Types[n.Fun]
			found = found || !tv.IsType() && !tv.IsBuiltin()
		case *ast.UnaryExpr:
			found = found || n.Op == token.ARROW
		}
		return !found
	})
	return found
}

// synchronises reports whether a variable of type t is a lock or a pool, or is filled once: what it holds does not depend on when.
func synchronises(t types.Type) bool {
	t = deref(t)
	if n, ok := types.Unalias(t).(*types.Named); ok && stdmodel.Synchronises(typeID(n)) {
		return true
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for f := range s.Fields() {
		if n, ok := types.Unalias(f.Type()).(*types.Named); ok && typeID(n) == (facts.ID{Package: "sync", Name: "Once"}) {
			return true
		}
	}
	return false
}

func deref(t types.Type) types.Type {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}
