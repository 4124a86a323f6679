package stub

import (
	"bytes"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
)

// typeParam is a type parameter with the text of its constraint.
type typeParam struct{ name, constraint string }

// typeParams are the type parameters of a function, or of its receiver's type.
type typeParams []typeParam

// declared is the list as declarations have it, such as "[K comparable, V any]".
func (ps typeParams) declared() string {
	return ps.list(func(p typeParam) string { return p.name + " " + p.constraint })
}

// args is the list as type arguments, such as "[K, V]".
func (ps typeParams) args() string { return ps.list(func(p typeParam) string { return p.name }) }

// blank is the list as a receiver has it whose methods must not hide names: "[_, _]".
func (ps typeParams) blank() string { return ps.list(func(typeParam) string { return "_" }) }

func (ps typeParams) list(text func(typeParam) string) string {
	if len(ps) == 0 {
		return ""
	}
	var texts []string
	for _, p := range ps {
		texts = append(texts, text(p))
	}
	return "[" + strings.Join(texts, ", ") + "]"
}

// called returns other names for the type parameters that have one of the given ones: where these
// are meant, such type parameters would hide them.
func (ps typeParams) called(names ...string) map[string]string {
	others := map[string]string{}
	for i, p := range ps {
		if slices.Contains(names, p.name) {
			others[p.name] = blankName + strconv.Itoa(i)
		}
	}
	return others
}

// inPlaceOf returns the names of the type parameters that are at the places of those in list.
func (ps typeParams) inPlaceOf(list *ast.FieldList) map[string]string {
	names := map[string]string{}
	if list == nil {
		return names
	}
	for _, field := range list.List {
		for _, id := range field.Names {
			if i := len(names); i < len(ps) {
				names[id.Name] = ps[i].name
			}
		}
	}
	return names
}

// renamed returns the type parameters with other names.
func (ps typeParams) renamed(names map[string]string) typeParams {
	var others typeParams
	for _, p := range ps {
		others = append(others, typeParam{renamed(p.name, names), renamed(p.constraint, names)})
	}
	return others
}

// renamed returns the text of a type with other names of type parameters.
func renamed(text string, names map[string]string) string {
	x, err := parser.ParseExpr(text)
	if err != nil || len(names) == 0 {
		return text
	}
	var rename func(n ast.Node) bool
	rename = func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr: // of a package
			return false
		case *ast.Field: // whose names are its own
			ast.Inspect(n.Type, rename)
			return false
		case *ast.Ident:
			if name, ok := names[n.Name]; ok {
				n.Name = name
			}
		}
		return true
	}
	ast.Inspect(x, rename)
	var b bytes.Buffer
	if err := format.Node(&b, token.NewFileSet(), x); err != nil {
		return text
	}
	return b.String()
}
