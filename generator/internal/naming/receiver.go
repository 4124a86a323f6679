package naming

import (
	"go/ast"
	"go/types"
)

// Aliases are the type aliases of a package without type parameters, by name, with the names of the
// types that they are for. A method may be written with one for its receiver, and belongs to the
// type.
type Aliases map[string]string

// AliasesOf returns the aliases that files of one package declare.
func AliasesOf(files []*ast.File) Aliases {
	aliases := Aliases{}
	for _, file := range files {
		for _, decl := range file.Decls {
			group, ok := decl.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range group.Specs {
				if t, ok := spec.(*ast.TypeSpec); ok && t.Assign.IsValid() && t.TypeParams == nil {
					if base, _ := ReceiverBase(t.Type); base != "" {
						aliases[t.Name.Name] = base
					}
				}
			}
		}
	}
	return aliases
}

// Receiver is the name of the type that a method belongs to, "" if f is no method.
func (a Aliases) Receiver(f *ast.FuncDecl) string {
	if f.Recv == nil || len(f.Recv.List) == 0 {
		return ""
	}
	base, _ := ReceiverBase(f.Recv.List[0].Type)
	for range len(a) { // not for ever around a circle, which does not compile
		of, ok := a[base]
		if !ok {
			break
		}
		base = of
	}
	return base
}

// ReceiverBase returns the name of a receiver's type, as it is written, and the names of its type
// parameters.
func ReceiverBase(t ast.Expr) (string, []string) {
	switch t := ast.Unparen(t).(type) {
	case *ast.StarExpr:
		return ReceiverBase(t.X)
	case *ast.Ident:
		return t.Name, nil
	case *ast.IndexExpr:
		base, _ := ReceiverBase(t.X)
		return base, []string{types.ExprString(t.Index)}
	case *ast.IndexListExpr:
		base, _ := ReceiverBase(t.X)
		var params []string
		for _, index := range t.Indices {
			params = append(params, types.ExprString(index))
		}
		return base, params
	}
	return "", nil
}
