package extract

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"go/ast"
	"go/token"
	"go/types"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// encoder writes the canonical form of one declaration and finds what it leads to. Every text has its length in front and every
// list its count: two different declarations never have one form.
type encoder struct {
	*summarizer
	node   *facts.Node
	buf    []byte
	locals map[types.Object]int
	next   int // number of the next local
	names  map[facts.ID]int
	edges  map[facts.ID]bool
	writes map[facts.ID]bool
	parts  map[string]bool
	// pos is where the encoder is.
	pos token.Pos
	// perIteration says that loop variables are new in each iteration, as since Go 1.22.
	perIteration bool
	// quiet encoders lead nowhere: they only find a form.
	quiet bool
	// results are those of the functions around, the innermost last.
	results []*types.Tuple
	// typeParameters are the function's own or its receiver's.
	typeParameters []*types.TypeParam
	// instant is a call of which only the instant counts that it returns.
	instant *ast.CallExpr
	// parameters are those of the functions around.
	parameters map[*types.Var]bool
	// literals are the function literals so far.
	literals []*ast.FuncLit
}

// encode starts a node for a declaration.
func (s *summarizer) encode(kind facts.Kind, id facts.ID, decl ast.Node) *encoder {
	e := &encoder{
		summarizer: s,
		node:       &facts.Node{ID: id, Kind: kind},
		locals:     map[types.Object]int{},
		names:      map[facts.ID]int{},
		edges:      map[facts.ID]bool{},
		writes:     map[facts.ID]bool{},
		parts:      map[string]bool{},
		parameters: map[*types.Var]bool{},
	}
	if decl != nil {
		e.pos = decl.Pos()
		from, to := s.position(decl.Pos()), s.position(decl.End())
		e.node.File, e.node.Line, e.node.Column = from.Filename, from.Line, from.Column
		e.node.Lines = to.Line - from.Line + 1
	}
	e.op(kind.String())
	return e
}

// done hashes what was written and returns the node.
func (e *encoder) done() *facts.Node {
	e.node.Skeleton = sha256.Sum256(e.buf)
	return e.node
}

// op says which construct follows.
func (e *encoder) op(name string) { e.text(name) }

func (e *encoder) text(s string) {
	e.count(len(s))
	e.buf = append(e.buf, s...)
}

func (e *encoder) count(n int) { e.buf = binary.AppendUvarint(e.buf, uint64(n)) }

func (e *encoder) flag(b bool) {
	if b {
		e.buf = append(e.buf, 1)
	} else {
		e.buf = append(e.buf, 0)
	}
}

// local writes a local object, a label or a type parameter: its number by first occurrence.
func (e *encoder) local(o types.Object) {
	e.op("local")
	e.count(e.number(o))
}

func (e *encoder) number(o types.Object) int {
	n, ok := e.locals[o]
	if !ok {
		n = e.next
		e.next++
		e.locals[o] = n
	}
	return n
}

// name writes the name of a package-level object by number, so that it can be replaced.
func (e *encoder) name(id facts.ID) {
	n, ok := e.names[id]
	if !ok {
		n = len(e.node.Names)
		e.names[id] = n
		e.node.Names = append(e.node.Names, id)
	}
	e.op("name")
	e.count(n)
}

// ref writes a reference to an object that is not local, and leads there.
func (e *encoder) ref(o types.Object) {
	if o.Pkg() == nil {
		e.op("universe")
		e.text(o.Name())
		return
	}
	if fn := e.wrapped(o); fn != nil {
		e.op("generated")
		e.op(generatedRole(o))
		id := IDOf(fn).Prefixed(facts.WrapperPrefix)
		e.name(id)
		e.edge(id, facts.Wraps)
		return
	}
	id := IDOf(o)
	e.name(id)
	e.edge(id, facts.Uses)
}

// generatedRole tells the objects apart that are generated for one function, without their names: those can be chosen.
func generatedRole(o types.Object) string {
	switch o := o.(type) {
	case *types.Func:
		if o.Signature().Recv() != nil {
			return "method"
		}
		return "function"
	case *types.TypeName:
		return "type"
	default:
		return "controls"
	}
}

// edge leads from the node to another at the current position.
func (e *encoder) edge(to facts.ID, reason facts.Reason) { e.edgeAt(to, reason, e.pos) }

func (e *encoder) edgeAt(to facts.ID, reason facts.Reason, pos token.Pos) {
	if e.quiet || to == e.node.ID || e.edges[to] {
		return
	}
	e.edges[to] = true
	p := e.position(pos)
	e.node.Edges = append(e.node.Edges, facts.Edge{To: to, Reason: reason, Line: p.Line, Column: p.Column})
}

// part records a readable part once.
func (e *encoder) part(name, value string) {
	if !e.parts[name] {
		e.parts[name] = true
		e.node.Parts = append(e.node.Parts, facts.Part{Name: name, Value: value})
	}
}

// partHash records a part that is too long to read.
func (e *encoder) partHash(name string, content []byte) {
	h := sha256.Sum256(content)
	e.part(name, hex.EncodeToString(h[:8]))
}

// typeOf is the type of an expression, nil if it has none.
func (e *encoder) typeOf(x ast.Expr) types.Type {
	if tv, ok := e.info.Types[x]; ok {
		return tv.Type
	}
	if id, ok := ast.Unparen(x).(*ast.Ident); ok {
		if o := e.info.ObjectOf(id); o != nil {
			return o.Type()
		}
	}
	return nil
}
