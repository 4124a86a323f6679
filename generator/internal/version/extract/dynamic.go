package extract

import (
	"fmt"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"

	"github.com/cachegen/cachegen/generator/internal/check"
	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// dynamic leads to the methods of all types of the user's that whoever has a value of type t can call: those of t itself and, by
// reflection, of what it holds.
func (e *encoder) dynamic(t types.Type, reason facts.Reason, pos token.Pos) {
	e.dynamicAs(methodsID, t, reason, pos)
}

// dynamicAs leads to some of these methods: to the nodes of types that methods returns.
func (e *encoder) dynamicAs(methods func(*types.TypeName) facts.ID, t types.Type, reason facts.Reason, pos token.Pos) {
	for _, o := range e.dynamicTypes(t) {
		e.edgeAt(methods(o), reason, pos)
	}
}

// dynamicTypes are the nearest named types of the user's in t: their own nodes lead further.
func (s *summarizer) dynamicTypes(t types.Type) []*types.TypeName {
	if found, ok := s.dynamics[t]; ok {
		return found
	}
	found := dynamicTypes(t, s.isLocalNamed)
	s.dynamics[t] = found
	return found
}

func dynamicTypes(t types.Type, stop func(*types.Named) bool) []*types.TypeName {
	w := walker{seen: map[types.Type]bool{}, stop: stop}
	w.walk(t)
	return w.found
}

// isLocalNamed reports whether n is declared at package level in a package of the user's.
func (s *summarizer) isLocalNamed(n *types.Named) bool {
	o := n.Origin().Obj()
	return isPackageLevel(o) && s.isLocal(o.Pkg().Path())
}

// walker visits what reflection reaches from a type.
type walker struct {
	seen  map[types.Type]bool
	stop  func(*types.Named) bool
	found []*types.TypeName
	// functions are the parameters and results of function types on the way.
	functions []*types.Tuple
}

func (w *walker) walk(t types.Type) {
	t = types.Unalias(t)
	if t == nil || w.seen[t] {
		return
	}
	w.seen[t] = true
	switch t := t.(type) {
	case *types.Named:
		w.named(t)
	case *types.Pointer:
		w.walk(t.Elem())
	case *types.Slice:
		w.walk(t.Elem())
	case *types.Array:
		w.walk(t.Elem())
	case *types.Map:
		w.walk(t.Key())
		w.walk(t.Elem())
	case *types.Chan:
		w.walk(t.Elem())
	case *types.Struct:
		for f := range t.Fields() {
			w.walk(f.Type())
		}
	case *types.Tuple:
		for v := range t.Variables() {
			w.walk(v.Type())
		}
	case *types.Signature:
		w.functions = append(w.functions, t.Params(), t.Results())
	}
}

func (w *walker) named(t *types.Named) {
	for arg := range t.TypeArgs().Types() {
		w.walk(arg)
	}
	o := t.Origin().Obj()
	switch {
	case o.Pkg() == nil:
	case w.stop(t):
		if !slices.Contains(w.found, o) {
			w.found = append(w.found, o)
		}
	case !isPackageLevel(o): // a type declared in a function has no node
		w.walk(t.Underlying())
	}
}

// methods adds the node of what becomes callable when values of a type are converted to an interface.
func (s *summarizer) methods(o *types.TypeName) {
	named, ok := o.Type().(*types.Named)
	if !ok || types.IsInterface(named) {
		return
	}
	e := s.encode(facts.Methods, methodsID(o), nil)
	pos := s.position(o.Pos())
	e.node.File, e.node.Line, e.node.Column = pos.Filename, pos.Line, pos.Column
	e.pos = o.Pos()
	e.node.Generic = named.TypeParams().Len() > 0
	e.node.Data = check.IsData(named, func(p *types.Package) bool { return s.isLocal(p.Path()) })
	e.edge(IDOf(o), facts.Uses)
	set := types.NewMethodSet(types.NewPointer(named))
	for sel := range set.Methods() {
		m := sel.Obj().(*types.Func)
		if m.Pkg() == nil || types.IsInterface(m.Signature().Recv().Type()) {
			e.node.Set = append(e.node.Set, facts.Method{Name: m.Id(), Signature: s.methodShape(m.Signature()), Through: s.through(m)})
			continue
		}
		implements := IDOf(m)
		if fn := s.wrapped(m); fn != nil {
			implements = IDOf(fn)
		}
		e.node.Set = append(e.node.Set, facts.Method{Name: m.Id(), Signature: s.methodShape(m.Signature()), Func: implements})
		e.hasMethod(o, m)
	}
	e.pos = o.Pos()
	w := walker{seen: map[types.Type]bool{}, stop: s.isLocalNamed}
	w.walk(named.Underlying())
	for _, c := range w.found {
		e.edge(methodsID(c), facts.Contains)
	}
	s.offers(e, set, &w)
	s.add(e.node)
	s.asked(o, set)
}

// hasMethod leads to a method of a type, if it is the user's.
func (e *encoder) hasMethod(o *types.TypeName, m *types.Func) {
	if m.Pkg() == nil || types.IsInterface(m.Signature().Recv().Type()) {
		return
	}
	e.pos = o.Pos()
	if m.Pkg() == e.pkg.Types {
		e.pos = m.Pos()
	}
	if fn := e.wrapped(m); fn != nil {
		e.edge(IDOf(fn).Prefixed(facts.WrapperPrefix), facts.HasMethod)
	} else if e.isLocal(m.Pkg().Path()) {
		e.edge(IDOf(m), facts.HasMethod)
	}
	e.pos = o.Pos()
}

// dispatcher makes the node of the function that an interface's method expression is: it calls the method of its first parameter. The
// function has the signature sig.
func (s *summarizer) dispatcher(sel *types.Selection, sig *types.Signature) facts.ID {
	m := sel.Obj().(*types.Func)
	iface := s.interfaceOf(sel.Recv())
	if !types.IsInterface(sel.Recv()) { // promoted
		iface = s.interfaceOf(m.Signature().Recv().Type())
	}
	id := facts.ID{Package: s.pkg.Path, Name: facts.DispatchPrefix + iface.Name + "." + m.Name()}
	if s.dispatchers[id] {
		return id
	}
	s.dispatchers[id] = true
	call := facts.Call{Interface: iface, Method: m.Id(), Results: facts.None}
	flow := &facts.Flow{Classes: 1, Returns: facts.None}
	for v := range sig.Params().Variables() {
		class := facts.None
		if s.carriesBehaviour(v.Type()) {
			class = 0
		}
		flow.Params = append(flow.Params, class)
	}
	call.Args = flow.Params[1:]
	if s.carriesBehaviour(sig.Results()) {
		flow.Returns, call.Results = 0, 0
	}
	flow.Calls = []facts.Call{call}
	s.add(&facts.Node{ID: id, Kind: facts.Implementations, Flow: flow})
	return id
}

// through is the interface that a promoted method belongs to: what is embedded may be anything that implements it. It is nil if the
// method has code of its own.
func (s *summarizer) through(m *types.Func) *facts.Interface {
	if t := m.Signature().Recv().Type(); types.IsInterface(t) {
		return s.interfaceOf(t)
	}
	return nil
}

// anonymousMethods adds the methods of a type without a name of its own at package level: what it embeds may together implement an
// interface that none of it does alone.
func (s *summarizer) anonymousMethods(t types.Type, pos token.Pos) {
	t = types.Unalias(deref(t))
	if n, ok := t.(*types.Named); ok && isPackageLevel(n.Origin().Obj()) || s.anonymous[t] {
		return
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok || st.NumFields() == 0 {
		return
	}
	s.anonymous[t] = true
	set := types.NewMethodSet(types.NewPointer(t))
	if set.Len() == 0 {
		return
	}
	p := s.position(pos)
	id := facts.ID{Package: s.pkg.Path, Name: fmt.Sprintf("%s(type at %s:%d:%d)", facts.MethodsPrefix, filepath.Base(p.Filename), p.Line, p.Column)}
	n := &facts.Node{ID: id, Kind: facts.Methods, File: p.Filename, Line: p.Line, Column: p.Column}
	for sel := range set.Methods() {
		m := sel.Obj().(*types.Func)
		method := facts.Method{Name: m.Id(), Signature: s.methodShape(m.Signature()), Through: s.through(m)}
		if m.Pkg() != nil && !types.IsInterface(m.Signature().Recv().Type()) {
			method.Func = IDOf(m)
			if s.isLocal(m.Pkg().Path()) {
				n.Edges = append(n.Edges, facts.Edge{To: method.Func, Reason: facts.HasMethod})
			}
		}
		n.Set = append(n.Set, method)
	}
	s.add(n)
}

// offers leads to the types that reflection can make or get by calling exported methods and function fields, as text/template
// and net/rpc do. Most programs don't, so these edges count only where something that does is reached.
func (s *summarizer) offers(e *encoder, set *types.MethodSet, w *walker) {
	tuples := w.functions
	for sel := range set.Methods() {
		m := sel.Obj().(*types.Func)
		if m.Exported() && s.wrapped(m) == nil {
			tuples = append(tuples, m.Signature().Params(), m.Signature().Results())
		}
	}
	offered := walker{seen: map[types.Type]bool{}, stop: s.isLocalNamed}
	for _, t := range tuples {
		offered.walk(t)
	}
	for _, c := range offered.found {
		e.edge(methodsID(c), facts.ByReflection)
	}
}
