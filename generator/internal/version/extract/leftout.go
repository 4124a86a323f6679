package extract

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/check"
	"github.com/cachegen/cachegen/generator/internal/load"
	"github.com/cachegen/cachegen/generator/internal/model"
	"github.com/cachegen/cachegen/generator/internal/version/extract/memory"
	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// leftOutOf finds the data that a parameter leads to and that the key leaves out.
func leftOutOf(f *model.Function, p *model.Param, packages map[string]*load.Package) []facts.Data {
	source := packages[pathOf(f.Obj)]
	if p.Keyed() || p == f.Context || p == f.Receiver && f.Options.PerReceiver || source == nil || source.Info == nil {
		return nil
	}
	l := leftOut{f: f, p: p, info: source.Info, seen: map[*types.Named]bool{}}
	l.isLocal = func(path string) bool { return packages[path] != nil && packages[path].Local() }
	l.parameter()
	return l.found
}

// leftOut walks through the type of one parameter.
type leftOut struct {
	f       *model.Function
	p       *model.Param
	info    *types.Info
	isLocal func(path string) bool
	seen    map[*types.Named]bool
	found   []facts.Data
}

func (l *leftOut) parameter() {
	name, t := l.p.Var.Name(), l.p.Var.Type()
	if name == "" || name == "_" || l.inKey(nil) {
		return
	}
	if l.p.Ignored && l.f.Options.Key == nil && len(l.f.Options.KeyParts) == 0 && check.IsConsumed(t) && l.mentions(nil) {
		l.found = append(l.found, facts.Data{Path: "what is read from " + name})
		return
	}
	if l.fields([]string{name}, t, true, true) || l.f.Options.Key != nil {
		return
	}
	l.selected(name, l.isData(t) && !memory.IsError(t) && !l.p.Ignored) // what ignore names as a whole is left out on purpose
}

// selected adds the data of a value of no struct of the user's that the function's body itself reads and the key leaves out: the fields that it
// selects, or the whole where the body does more with it.
func (l *leftOut) selected(name string, whole bool) {
	var paths []string
	l.uses(func(selected ast.Expr, fields []string) {
		switch {
		case l.inKey(fields):
		case len(fields) > 0 && l.isData(l.info.TypeOf(selected)):
			paths = append(paths, strings.Join(append([]string{name}, fields...), "."))
		case whole && !l.asked():
			paths = append(paths, name)
		}
	})
	if slices.Contains(paths, name) {
		paths = []string{name}
	}
	slices.Sort(paths)
	for _, path := range slices.Compact(paths) {
		l.found = append(l.found, facts.Data{Path: path, Reachable: true})
	}
}

// fields walks through the fields of a struct of the user's, or of what a pointer to one leads to, and reports whether t is such.
func (l *leftOut) fields(path []string, t types.Type, reachable, byValue bool) bool {
	t = types.Unalias(t)
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t, byValue = types.Unalias(p.Elem()), false
	}
	n, ok := t.(*types.Named)
	if !ok || n.Obj().Pkg() == nil || !l.isLocal(n.Obj().Pkg().Path()) {
		return false
	}
	s, ok := n.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	if l.seen[n.Origin()] {
		return true
	}
	l.seen[n.Origin()] = true
	for v := range s.Fields() {
		if v.Name() == "_" {
			continue
		}
		at := append(slices.Clone(path), v.Name())
		named := reachable && (v.Exported() || v.Pkg() == l.f.Obj.Pkg())
		if l.fields(at, v.Type(), named, byValue) || l.inKey(at[1:]) || !l.isData(v.Type()) {
			continue
		}
		d := facts.Data{Path: strings.Join(at, "."), Reachable: named}
		if !byValue {
			d.Location = memory.FieldLocation(n, v, l.isLocal)
		} else if !l.mentions(at[1:]) || l.f.Options.Key != nil || l.asked() {
			continue
		}
		if m, ok := v.Type().Underlying().(*types.Map); ok {
			d.Entries = memory.MapLocation(m, l.isLocal)
		}
		l.found = append(l.found, d)
	}
	return true
}

// inKey reports whether a list in the key takes a part of the parameter, by the fields that lead there, or what contains it.
func (l *leftOut) inKey(fields []string) bool {
	return slices.ContainsFunc(l.f.Options.KeyParts, func(k *model.KeyPart) bool {
		if k.Param != l.p {
			return false
		}
		var part []string
		t := k.Param.Var.Type()
		for _, step := range k.Steps {
			if step.Method != nil {
				return false
			}
			for _, name := range throughEmbedded(t, step.Name, l.f.Obj.Pkg()) {
				part = append(part, name)
				if v, _, _ := types.LookupFieldOrMethod(t, true, l.f.Obj.Pkg(), name); v != nil {
					t = v.Type()
				}
			}
		}
		return len(part) <= len(fields) && slices.Equal(part, fields[:len(part)])
	})
}

// asked reports whether a method of the parameter makes a part of the key: what a method of a value reads of it is not told apart.
func (l *leftOut) asked() bool {
	return slices.ContainsFunc(l.f.Options.KeyParts, func(k *model.KeyPart) bool {
		return k.Param == l.p && slices.ContainsFunc(k.Steps, func(s model.Step) bool { return s.Method != nil })
	})
}

// throughEmbedded are the fields that a selector stands for: those that are embedded on the way, too.
func throughEmbedded(t types.Type, name string, pkg *types.Package) []string {
	_, index, _ := types.LookupFieldOrMethod(t, true, pkg, name)
	var names []string
	for _, i := range index {
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		s, ok := t.Underlying().(*types.Struct)
		if !ok || i >= s.NumFields() {
			return []string{name}
		}
		names = append(names, s.Field(i).Name())
		t = s.Field(i).Type()
	}
	return names
}

// mentions reports whether the function's body reads a part of the parameter by the fields that lead there, or passes on what holds it.
func (l *leftOut) mentions(fields []string) bool {
	found := false
	l.uses(func(_ ast.Expr, selected []string) {
		common := min(len(selected), len(fields))
		found = found || slices.Equal(selected[:common], fields[:common])
	})
	return found
}

// uses calls a function for each use of the parameter in the function's body, with the fields that are selected of it.
func (l *leftOut) uses(found func(selected ast.Expr, fields []string)) {
	if l.f.Decl.Body == nil {
		return
	}
	var visit func(whole ast.Expr, n ast.Node, after []string) // after are the fields that whole selects of n
	walk := func(n ast.Node) bool {
		x, _ := n.(ast.Expr)
		visit(x, n, nil)
		_, selector := n.(*ast.SelectorExpr)
		return !selector
	}
	visit = func(whole ast.Expr, n ast.Node, after []string) {
		switch n := n.(type) {
		case *ast.Ident:
			if l.info.Uses[n] == l.p.Var {
				found(whole, after)
			}
		case *ast.SelectorExpr:
			if s := l.info.Selections[n]; s != nil && s.Kind() == types.FieldVal {
				x := ast.Unparen(n.X)
				switch x.(type) {
				case *ast.Ident, *ast.SelectorExpr:
					visit(whole, x, append(throughEmbedded(l.info.TypeOf(x), n.Sel.Name, l.f.Obj.Pkg()), after...))
					return
				}
			}
			ast.Inspect(n.X, walk)
		}
	}
	ast.Inspect(l.f.Decl.Body, walk)
}

func (l *leftOut) isData(t types.Type) bool {
	return check.IsData(t, func(p *types.Package) bool { return l.isLocal(p.Path()) })
}
