package model

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/directive"
	"github.com/cachegen/cachegen/generator/internal/naming"
	"github.com/cachegen/cachegen/generator/internal/version/stdmodel"
)

// functionBuilder builds one function.
type functionBuilder struct {
	*packageBuilder
	src source
	d   *directive.Function
	set settings
	f   *Function
}

// function builds the function of a directive; nil if it is one that can't be cached whatever its
// options.
func (b *packageBuilder) function(src source, d *directive.Function) *Function {
	obj, _ := b.pkg.Info.Defs[d.Decl.Name].(*types.Func)
	fb := &functionBuilder{packageBuilder: b, src: src, d: d}
	if !fb.cacheable(obj) {
		return nil
	}
	fb.f = &Function{
		Obj: obj, Decl: d.Decl, Pos: b.position(d.Decl.Name.Pos()),
		File: src.name, Build: buildConstraint(src.name, src.syntax),
		Directive: d.Text, DirectivePos: d.Pos,
		Name: functionName(b.pkg.Path, obj),
	}
	behaviour, ok := fb.behaviour()
	if !ok {
		return nil
	}
	fb.set = merge(&d.Directive, b.defaults, behaviour)
	fb.f.set = fb.set
	fb.names()
	fb.parameters()
	fb.results()
	fb.set.forget(func(name string) bool { return fb.param(name) != nil })
	fb.keyFunction()
	fb.refused(behaviour)
	fb.requirements()
	fb.conflicts()
	fb.options()
	fb.fields()
	return fb.f
}

// cacheable reports whether there is anything to cache, and says why not.
func (b *functionBuilder) cacheable(obj *types.Func) bool {
	name, pos := b.d.Decl.Name.Name, b.position(b.d.Decl.Name.Pos())
	switch {
	case name == "_":
		b.errorf(pos, "a function without a name can't be cached: nothing can call it")
	case b.d.Decl.Recv == nil && (name == "init" || name == "main" && b.pkg.Name == "main"):
		b.errorf(pos, "%s can't be cached: nothing can call it", name)
	case obj == nil:
		b.errorf(pos, "%s has no type", name)
	case obj.Signature().Results().Len() == 0:
		b.errorf(pos, "%s has no results: there is nothing to cache", name)
	default:
		return true
	}
	return false
}

// functionName is import path, type and function.
func functionName(path string, obj *types.Func) string {
	if recv := obj.Signature().Recv(); recv != nil {
		if named := receiverNamed(recv.Type()); named != nil {
			return path + "." + named.Obj().Name() + "." + obj.Name()
		}
	}
	return path + "." + obj.Name()
}

// receiverNamed is the type that a method is declared on.
func receiverNamed(t types.Type) *types.Named {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	named, _ := types.Unalias(t).(*types.Named)
	return named
}

// behaviour resolves what the function's line asks for.
func (b *functionBuilder) behaviour() (directive.Behaviours, bool) {
	behaviour := b.d.Behaviour
	if behaviour == directive.Inherit {
		if b.defaults == nil || b.defaults.Behaviour == 0 {
			if b.defaults == nil {
				b.errorf(b.d.Pos, "//cache:inherit: the package's doc comment has no //cache:default to inherit")
			}
			return 0, false
		}
		behaviour = b.defaults.Behaviour
	}
	switch behaviour {
	case directive.Override:
		b.f.Behaviour = Override
	case directive.Disable:
		b.f.Behaviour = Disable
	}
	return behaviour, true
}

// refused reports options that the behaviour can't have, where that is known only now, and the
// version.
func (b *functionBuilder) refused(behaviour directive.Behaviours) {
	for _, arg := range b.d.Args {
		if !arg.Option.Allows(behaviour) {
			b.errorf(arg.Pos, "%s", arg.Option.Refusal(behaviour))
			delete(b.set, arg.Option.Name)
		}
	}
	if behaviour == directive.Override && !b.set.flag("version") {
		b.errorf(b.d.Pos, "//cache:override lacks its version: write //cache:override version=1 and count up when results change")
	}
}

// names gives the function the names of what is generated for it.
func (b *functionBuilder) names() {
	receiver := ""
	if recv := b.f.Obj.Signature().Recv(); recv != nil {
		if named := receiverNamed(recv.Type()); named != nil {
			receiver = named.Obj().Name()
		}
	}
	n := b.stems.Of(receiver, b.f.Obj.Name(), b.set.first("name").Text)
	b.f.Wrapper, b.f.Controls, b.f.Args, b.f.Results = n.Wrapper, n.Controls, n.Args, n.Results
}

// parameters describes the receiver and the parameters, without the options.
func (b *functionBuilder) parameters() {
	sig := b.f.Obj.Signature()
	if recv := sig.Recv(); recv != nil {
		b.f.Receiver = &Param{Var: recv, Pos: b.place(recv, b.d.Decl.Recv)}
	}
	for i := range sig.Params().Len() {
		v := sig.Params().At(i)
		p := &Param{Var: v, Pos: b.place(v, b.d.Decl.Type.Params), Variadic: sig.Variadic() && i == sig.Params().Len()-1}
		p.Ignored = stdmodel.IsContext(v.Type())
		if p.Ignored && i == 0 {
			b.f.Context = p
		}
		b.f.Params = append(b.f.Params, p)
	}
}

// place is the position of a parameter or result: of its type if it has no name.
func (b *functionBuilder) place(v *types.Var, list *ast.FieldList) token.Position {
	if v.Pos().IsValid() {
		return b.position(v.Pos())
	}
	return b.position(list.Pos())
}

func isNamed(t types.Type, path, name string) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Name() == name && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == path
}

// results describes the results.
func (b *functionBuilder) results() {
	results := b.f.Obj.Signature().Results()
	n := results.Len()
	if types.Identical(results.At(n-1).Type(), types.Universe.Lookup("error").Type()) {
		b.f.HasError = true
		n--
	}
	var names []string
	for i := range n {
		v := results.At(i)
		names = append(names, v.Name())
		b.f.Values = append(b.f.Values, &Value{Var: v, Pos: b.place(v, b.d.Decl.Type.Results)})
	}
	for i, field := range naming.Fields(names, "R") {
		b.f.Values[i].Field = field
	}
	if n < 2 {
		b.f.Results = ""
	}
}

// fields names the fields of the keyed inputs, and parameters and results in generated code. It
// comes last, when the options are known.
func (b *functionBuilder) fields() {
	b.inputFields()
	taken := b.taken()
	for i, p := range b.f.Params {
		p.Name = taken.unique(p.Var.Name(), cmp.Or(b.blank(p), strings.ToLower(p.Field), fmt.Sprintf("arg%d", i)))
	}
	if r := b.f.Receiver; r != nil {
		r.Name = taken.unique(r.Var.Name(), "receiver")
	}
	for i, v := range b.f.Values {
		v.Name = taken.unique(v.Var.Name(), fmt.Sprintf("r%d", i))
	}
}

// inputFields names the fields of the arguments' struct.
func (b *functionBuilder) inputFields() {
	if b.f.Options.KeyParts != nil {
		b.keyFields()
		return
	}
	var names []string
	inputs := b.f.Inputs()
	for _, p := range inputs {
		names = append(names, b.blankName(p))
	}
	for i, field := range naming.Fields(names, "Arg") {
		inputs[i].Field = field
	}
}

// blank is what a receiver or context without a name is called; "" for other parameters.
func (b *functionBuilder) blank(p *Param) string {
	switch {
	case p == b.f.Receiver:
		return "receiver"
	case stdmodel.IsContext(p.Var.Type()):
		return "ctx"
	}
	return ""
}

// unique returns name, or the one made up for it if it is blank, as an identifier that isn't taken,
// and takes it.
func (t taken) unique(name, madeUp string) string {
	if name == "" || name == "_" {
		name = madeUp
	}
	free := name
	for i := 0; t.has(free); i++ {
		free = name + "Arg"
		if i > 0 {
			free = fmt.Sprintf("%sArg%d", name, i+1)
		}
	}
	t.own[free] = true
	return free
}

// taken are the names that parameters in generated code must not hide: what is predeclared, what
// the package and the file import, and the package's functions and types, generated ones included.
type taken struct {
	own   map[string]bool
	scope *types.Scope
}

func (t taken) has(name string) bool {
	switch t.scope.Lookup(name).(type) {
	case *types.Func, *types.TypeName:
		return true
	}
	return t.own[name] || types.Universe.Lookup(name) != nil
}

func (b *functionBuilder) taken() taken {
	own := map[string]bool{"cache": true, "cacheimpl": true, "strings": true, "bytes": true, "slices": true, "maps": true, "time": true, "context": true}
	for _, imported := range b.pkg.Imports {
		own[imported.Name] = true
	}
	for _, spec := range b.src.syntax.Imports {
		if spec.Name != nil {
			own[spec.Name.Name] = true
		}
	}
	for _, name := range []string{b.f.Wrapper, b.f.Controls, b.f.Args, b.f.Results} {
		own[name] = true
	}
	if params := b.f.TypeParams(); params != nil {
		for p := range params.TypeParams() {
			own[p.Obj().Name()] = true
		}
	}
	return taken{own, b.pkg.Types.Scope()}
}
