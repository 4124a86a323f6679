package stub

import (
	"cmp"
	"fmt"
	"go/ast"
	"path"
	"strconv"
)

func (w *writer) useFields(list *ast.FieldList) {
	if list == nil {
		return
	}
	for _, field := range list.List {
		w.use(w.file, field.Type)
	}
}

// use adds the imports of file that an expression in it mentions.
func (w *writer) use(file *ast.File, x ast.Expr) {
	ast.Inspect(x, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := sel.X.(*ast.Ident); ok {
				if spec := w.importNamed(file, id.Name); spec != nil {
					w.imports[importSpec(spec)] = true
				}
			}
		}
		return true
	})
	for _, spec := range file.Imports {
		if spec.Name != nil && spec.Name.Name == "." {
			w.imports[importSpec(spec)] = true
		}
	}
}

// importNamed finds the import that file calls name.
func (p Package) importNamed(file *ast.File, name string) *ast.ImportSpec {
	for _, spec := range file.Imports {
		if spec.Name != nil {
			if spec.Name.Name == name {
				return spec
			}
			continue
		}
		importPath, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		if cmp.Or(p.called(importPath), path.Base(importPath)) == name {
			return spec
		}
	}
	return nil
}

// importSpec writes an import as file has it.
func importSpec(spec *ast.ImportSpec) string {
	if spec.Name != nil {
		return fmt.Sprintf("import %s %s\n", spec.Name.Name, spec.Path.Value)
	}
	return fmt.Sprintf("import %s\n", spec.Path.Value)
}

func (p Package) called(path string) string {
	if p.Called == nil {
		return ""
	}
	return p.Called(path)
}
