package stub

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/naming"
)

// writer writes the stub for one file from its syntax alone: types are copied as they are written,
// with the imports that they mention.
type writer struct {
	Package
	file     *ast.File
	src      []byte
	body     bytes.Buffer
	stems    naming.Stems
	aliases  naming.Aliases
	imports  map[string]bool // lines
	declared map[string][]string
}

// blankName begins the names of type parameters that have none.
const blankName = "cachegenblank"

// runtimeName is the name of the part of the runtime that generated code calls in stubs, which no
// user has.
const runtimeName = "cachegenruntime"

// source returns the stub as a file.
func (w *writer) source() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "package %s\n\nimport %s %q\n", w.file.Name.Name, runtimeName, naming.ImplPath)
	for _, line := range slices.Sorted(maps.Keys(w.imports)) {
		b.WriteString(line)
	}
	b.Write(w.body.Bytes())
	return b.Bytes()
}

// function declares the wrapper, controls, arguments and results of f. The bodies mention nothing:
// what they could may have another meaning where they are.
func (w *writer) function(f *ast.FuncDecl, o options) {
	s := w.signature(f)
	names := w.stems.Of(s.receiverType, f.Name.Name, o.name)

	w.wrapper(f, s, names.Wrapper)
	function, wrapper := f.Name.Name, names.Wrapper
	if s.receiverType != "" {
		function, wrapper = s.receiverType+"."+function, s.receiverType+"."+wrapper
	}
	w.declared[function] = append(w.declared[function], wrapper)
	w.arguments(f, s, names.Args, o)
	value, declared := w.results(f, s, names.Results, o)
	if hidden := s.typeParams.called(names.Args, names.Results); len(hidden) > 0 {
		s.typeParams = s.typeParams.renamed(hidden)
		if !declared {
			value = renamed(value, hidden)
		}
	}
	if declared {
		value += s.typeParams.args()
	}
	w.controls(f, s, names, value, o)
	w.declared[function] = append(w.declared[function], names.Args, names.Controls)
	if declared {
		w.declared[function] = append(w.declared[function], names.Results)
	}
}

// signature is what stubs need of a function's declaration.
type signature struct {
	receiverType string     // its name
	typeParams   typeParams // of the function or of its receiver's type
}

func (w *writer) signature(f *ast.FuncDecl) signature {
	if f.Recv == nil || len(f.Recv.List) == 0 {
		return signature{typeParams: w.typeParams(f.Type.TypeParams)}
	}
	_, params := naming.ReceiverBase(f.Recv.List[0].Type)
	base := w.aliases.Receiver(f)
	s := signature{receiverType: base}
	if len(params) > 0 {
		s.typeParams = w.receiverTypeParams(base, params)
	}
	return s
}

// receiverTypeParams returns the type parameter list of the type called base with the receiver's
// names in it. The constraints may be in another file, whose imports they need.
func (w *writer) receiverTypeParams(base string, names []string) typeParams {
	for _, file := range w.Files {
		for _, decl := range file.Decls {
			group, ok := decl.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range group.Specs {
				if spec, ok := spec.(*ast.TypeSpec); ok && spec.Name.Name == base && spec.TypeParams != nil {
					return w.receiverNames(file, spec.TypeParams, names)
				}
			}
		}
	}
	return nil
}

// receiverNames are the type parameters of a declared type, in file, with the names that a receiver
// gives them.
func (w *writer) receiverNames(file *ast.File, list *ast.FieldList, names []string) typeParams {
	var params typeParams
	declared := map[string]string{}
	for _, field := range list.List {
		w.use(file, field.Type)
		for _, id := range field.Names {
			i := len(params)
			if i == len(names) {
				return params
			}
			name := names[i]
			if name == "_" {
				name = blankName + strconv.Itoa(i)
			}
			declared[id.Name] = name
			params = append(params, typeParam{name, types.ExprString(field.Type)})
		}
	}
	for i := range params {
		params[i].constraint = renamed(params[i].constraint, declared)
	}
	return params
}

// typeParams are the type parameters of a function as stubs declare them. Blank ones get names.
func (w *writer) typeParams(list *ast.FieldList) typeParams {
	if list == nil {
		return nil
	}
	var params typeParams
	for _, field := range list.List {
		constraint := w.exprText(field.Type)
		if strings.HasPrefix(constraint, "*") || strings.HasPrefix(constraint, "(") { // a type's would read as an array's length
			constraint = "interface{ " + constraint + " }"
		}
		for _, id := range field.Names {
			name := id.Name
			if name == "_" {
				name = blankName + strconv.Itoa(len(params))
			}
			params = append(params, typeParam{name, constraint})
		}
	}
	return params
}

// wrapper declares a function with the signature of f.
func (w *writer) wrapper(f *ast.FuncDecl, s signature, name string) {
	fmt.Fprintf(&w.body, "\nfunc ")
	if f.Recv != nil {
		fmt.Fprintf(&w.body, "%s ", w.text(f.Recv))
	}
	w.body.WriteString(name)
	if f.Recv == nil {
		w.body.WriteString(s.typeParams.declared())
	}
	w.useFields(f.Type.Params)
	w.useFields(f.Type.Results)
	w.body.Write(w.src[w.offset(f.Type.Params.Pos()):w.offset(f.Type.End())])
	w.body.WriteString(" { for {} }\n")
}

// arguments declares the struct of the keyed parameters.
func (w *writer) arguments(f *ast.FuncDecl, s signature, name string, o options) {
	fmt.Fprintf(&w.body, "\ntype %s%s struct {\n", name, s.typeParams.declared())
	if o.key != "" {
		fmt.Fprintf(&w.body, "\tKey %s\n", w.keyType(o.key, s.typeParams))
	} else {
		for _, p := range w.keyed(f, s, o) {
			fmt.Fprintf(&w.body, "\t%s %s\n", p.field, p.typ)
		}
	}
	fmt.Fprintf(&w.body, "}\n\nfunc (%s%s) AppendCacheKey(b []byte) []byte { for {} }\n", name, s.typeParams.blank())
}

// keyType is the type that a key function of this package returns; another package's is not known
// from syntax.
func (w *writer) keyType(name string, params typeParams) string {
	for _, file := range w.Files {
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if ok && f.Recv == nil && f.Name.Name == name && f.Type.Results != nil && len(f.Type.Results.List) > 0 {
				result := f.Type.Results.List[0].Type
				w.use(file, result)
				return renamed(types.ExprString(result), params.inPlaceOf(f.Type.TypeParams))
			}
		}
	}
	return "any"
}

// receiverText is the type of a method's receiver. Its type parameters have the names that they are
// declared with, even blank ones.
func (w *writer) receiverText(f *ast.FuncDecl, s signature) string {
	if len(s.typeParams) == 0 {
		return w.exprText(f.Recv.List[0].Type)
	}
	if _, ok := ast.Unparen(f.Recv.List[0].Type).(*ast.StarExpr); ok {
		return "*" + s.receiverType + s.typeParams.args()
	}
	return s.receiverType + s.typeParams.args()
}

type keyedParam struct{ field, typ string }

// keyed lists the parameters that identify a result, the receiver first.
func (w *writer) keyed(f *ast.FuncDecl, s signature, o options) []keyedParam {
	ignored := map[string]bool{}
	for _, name := range o.ignored {
		ignored[strings.TrimSpace(name)] = true
	}
	var names, typs []string
	if f.Recv != nil && len(f.Recv.List) == 1 && !o.perReceiver && !ignored["receiver"] {
		name := "receiver"
		if r := f.Recv.List[0]; len(r.Names) == 1 && r.Names[0].Name != "_" {
			name = r.Names[0].Name
		}
		if !ignored[name] {
			names, typs = append(names, name), append(typs, w.receiverText(f, s))
		}
	}
	for _, field := range f.Type.Params.List {
		if w.isContext(field.Type) {
			continue
		}
		typ := w.exprText(field.Type)
		if variadic, ok := field.Type.(*ast.Ellipsis); ok {
			typ = "[]" + w.exprText(variadic.Elt)
		}
		params := []string{""}
		if len(field.Names) > 0 {
			params = params[:0]
			for _, n := range field.Names {
				params = append(params, n.Name)
			}
		}
		for _, name := range params {
			if ignored[name] {
				continue
			}
			if name == o.batch && name != "" {
				typ = strings.TrimPrefix(typ, "[]")
			}
			names, typs = append(names, name), append(typs, typ)
		}
	}
	fields := naming.Fields(names, "Arg")
	keyed := make([]keyedParam, len(fields))
	for i := range fields {
		keyed[i] = keyedParam{fields[i], typs[i]}
	}
	return keyed
}

// results returns the type of what is cached: if it declared a struct for several results, the
// struct's name.
func (w *writer) results(f *ast.FuncDecl, s signature, name string, o options) (value string, declared bool) {
	var names, typs []string
	if f.Type.Results != nil {
		for _, field := range f.Type.Results.List {
			typ := w.exprText(field.Type)
			if len(field.Names) == 0 {
				names, typs = append(names, ""), append(typs, typ)
			}
			for _, n := range field.Names {
				names, typs = append(names, n.Name), append(typs, typ)
			}
		}
	}
	if n := len(typs); n > 0 && typs[n-1] == "error" {
		names, typs = names[:n-1], typs[:n-1]
	}
	switch {
	case len(typs) == 0:
		return "struct{}", false
	case len(typs) == 1 && o.batch != "":
		if m, ok := f.Type.Results.List[0].Type.(*ast.MapType); ok {
			return w.exprText(m.Value), false
		}
		return typs[0], false
	case len(typs) == 1:
		return typs[0], false
	}
	fmt.Fprintf(&w.body, "\ntype %s%s struct {\n", name, s.typeParams.declared())
	for i, field := range naming.Fields(names, "R") {
		fmt.Fprintf(&w.body, "\t%s %s\n", field, typs[i])
	}
	w.body.WriteString("}\n")
	return name, true
}

// controls declares the function's cache. Whether it compares arguments or encodes them shows in no
// method.
func (w *writer) controls(f *ast.FuncDecl, s signature, names naming.Names, value string, o options) {
	typ := fmt.Sprintf("%s.EncodedFunction[%s%s, %s]", runtimeName, names.Args, s.typeParams.args(), value)
	if o.perReceiver {
		receiver := strings.TrimPrefix(w.receiverText(f, s), "*")
		typ = fmt.Sprintf("*%s.EncodedPerReceiver[%s, %s%s, %s]", runtimeName, receiver, names.Args, s.typeParams.args(), value)
	}
	if len(s.typeParams) == 0 {
		fmt.Fprintf(&w.body, "\nvar %s %s\n", names.Controls, typ)
		return
	}
	fmt.Fprintf(&w.body, "\nfunc %s%s() %s { for {} }\n", names.Controls, s.typeParams.declared(), typ)
}

func (w *writer) isContext(t ast.Expr) bool {
	sel, ok := t.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "Context" {
		return false
	}
	x, ok := sel.X.(*ast.Ident)
	if !ok {
		return false
	}
	spec := w.importNamed(w.file, x.Name)
	return spec != nil && spec.Path.Value == `"context"`
}

func (w *writer) exprText(x ast.Expr) string {
	w.use(w.file, x)
	return w.text(x)
}

// text is a node as it is written.
func (w *writer) text(n ast.Node) string {
	return string(w.src[w.offset(n.Pos()):w.offset(n.End())])
}

func (w *writer) offset(pos token.Pos) int { return w.Fset.PositionFor(pos, false).Offset }
