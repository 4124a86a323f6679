package stub

import (
	"go/ast"
	"go/token"

	"github.com/cachegen/cachegen/generator/internal/diag"
	"github.com/cachegen/cachegen/generator/internal/directive"
)

// options are the options of a function that decide what its wrapper looks like.
type options struct {
	name, key   string
	ignored     []string
	batch       string
	perReceiver bool
}

// optionsOf returns the options of a package's functions, its default's included. What is wrong
// with them is for others to say.
func optionsOf(fset *token.FileSet, files []*ast.File) map[*ast.FuncDecl]options {
	var unsaid diag.List
	var defaults *directive.Directive
	var functions []*directive.Function
	for _, syntax := range files {
		file := directive.Parse(fset, syntax, &unsaid)
		functions = append(functions, file.Functions...)
		if defaults == nil {
			defaults = file.Default
		}
	}
	all := map[*ast.FuncDecl]options{}
	for _, f := range functions {
		values := func(option string) []string { return valuesOf(f, defaults, option) }
		all[f.Decl] = options{
			name:        first(values("name")),
			key:         first(values("key")),
			ignored:     values("ignore"),
			batch:       first(values("batch")),
			perReceiver: first(values("per")) == "receiver" && f.Decl.Recv != nil,
		}
	}
	return all
}

// valuesOf are the values of an option of a function, or else of its package's default.
func valuesOf(f *directive.Function, defaults *directive.Directive, option string) []string {
	arg := f.Arg(option)
	if arg == nil && defaults != nil {
		arg = defaults.Arg(option)
	}
	var values []string
	if arg != nil {
		for _, item := range arg.Items {
			values = append(values, item.Text)
		}
	}
	return values
}

func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}
