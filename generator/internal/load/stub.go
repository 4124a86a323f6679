package load

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/diag"
	"github.com/cachegen/cachegen/generator/internal/directive"
	"github.com/cachegen/cachegen/generator/internal/naming"
)

// stubPrefix begins the base names of stubs, which exist in memory alone.
const stubPrefix = "cachegen-stub-"

func isStubFile(name string) bool { return strings.HasPrefix(filepath.Base(name), stubPrefix) }

// stub is what will be generated for the functions of one file, as far as callers can see it.
type stub struct {
	name   string // of the file that it would be
	source []byte
	// declared are the names that stand for each function. Functions and names are "Name" in the
	// package's scope, or "Type.Name".
	declared map[string][]string
}

// stubsOf declares what the directives of a package ask for.
func stubsOf(fset *token.FileSet, p *Package, files []*ast.File) []*stub {
	if !mentionsDirectives(p) {
		return nil
	}
	args := argsOf(fset, files)
	stems, aliases := naming.Stems{}, AliasesOf(files)
	for f := range args {
		stems.Add(aliases.Receiver(f), f.Name.Name)
	}
	var stubs []*stub
	for _, file := range files {
		w := &stubWriter{
			fset: fset, p: p, files: files, file: file, src: p.contents[fset.PositionFor(file.Package, false).Filename],
			stems: stems, aliases: aliases, imports: map[string]bool{}, declared: map[string][]string{},
		}
		if s := w.stub(args); s != nil {
			stubs = append(stubs, s)
		}
	}
	return stubs
}

// mentionsDirectives is a quick look at whether a package can have any.
func mentionsDirectives(p *Package) bool {
	for _, src := range p.contents {
		if bytes.Contains(src, []byte("//cache:")) {
			return true
		}
	}
	return false
}

// stub returns the stub for the functions with directives in the file, or nil if it has none.
func (w *stubWriter) stub(args map[*ast.FuncDecl]stubArgs) *stub {
	for _, decl := range w.file.Decls {
		if f, ok := decl.(*ast.FuncDecl); ok {
			if own, ok := args[f]; ok {
				w.function(f, own)
			}
		}
	}
	if len(w.declared) == 0 {
		return nil
	}
	name := w.fset.PositionFor(w.file.Package, false).Filename
	return &stub{
		name:     filepath.Join(filepath.Dir(name), stubPrefix+filepath.Base(name)),
		source:   w.source(),
		declared: w.declared,
	}
}

// stubSyntax parses stubs.
func (c *checker) stubSyntax(stubs []*stub) []*ast.File {
	var files []*ast.File
	for _, s := range stubs {
		if file, _ := parser.ParseFile(c.prog.Fset, s.name, s.source, parser.SkipObjectResolution); file != nil {
			files = append(files, file)
		}
	}
	return files
}

// findWrappers maps the objects that stubs declare to the functions that they stand for. A name
// that the package declares too is the package's.
func (c *checker) findWrappers(p *Package, stubs []*stub) {
	p.Wrappers = map[types.Object]*types.Func{}
	for _, s := range stubs {
		for function, names := range s.declared {
			found := lookup(p.Types, function)
			if len(found) == 0 {
				continue
			}
			fn, ok := found[0].(*types.Func)
			if !ok {
				continue
			}
			for _, name := range names {
				for _, o := range lookup(p.Types, name) {
					if isStubFile(c.prog.Fset.PositionFor(o.Pos(), false).Filename) {
						p.Wrappers[o] = fn
					}
				}
			}
		}
	}
}

// lookup finds "Name" with its methods, or the method "Type.Name".
func lookup(pkg *types.Package, name string) []types.Object {
	typeName, method, isMethod := strings.Cut(name, ".")
	o := pkg.Scope().Lookup(typeName)
	if o == nil {
		return nil
	}
	named, _ := types.Unalias(o.Type()).(*types.Named)
	if !isMethod {
		found := []types.Object{o}
		if _, ok := o.(*types.TypeName); ok && named != nil {
			for m := range named.Methods() {
				found = append(found, m)
			}
		}
		return found
	}
	if named == nil {
		return nil
	}
	for m := range named.Methods() {
		if m.Name() == method {
			return []types.Object{m}
		}
	}
	return nil
}

// stubArgs are the options of a function that decide what its wrapper looks like.
type stubArgs struct {
	name, key   string
	ignored     []string
	batch       string
	perReceiver bool
}

// argsOf returns the options of a package's functions, its default's included. What is wrong with
// them is for others to say.
func argsOf(fset *token.FileSet, files []*ast.File) map[*ast.FuncDecl]stubArgs {
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
	args := map[*ast.FuncDecl]stubArgs{}
	for _, f := range functions {
		values := func(option string) []string { return stubValues(f, defaults, option) }
		args[f.Decl] = stubArgs{
			name:        first(values("name")),
			key:         first(values("key")),
			ignored:     values("ignore"),
			batch:       first(values("batch")),
			perReceiver: first(values("per")) == "receiver" && f.Decl.Recv != nil,
		}
	}
	return args
}

// stubValues are the values of an option of a function, or else of its package's default.
func stubValues(f *directive.Function, defaults *directive.Directive, option string) []string {
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

// importSpec writes an import as file has it.
func importSpec(spec *ast.ImportSpec) string {
	if spec.Name != nil {
		return fmt.Sprintf("import %s %s\n", spec.Name.Name, spec.Path.Value)
	}
	return fmt.Sprintf("import %s\n", spec.Path.Value)
}
