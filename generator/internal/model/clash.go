package model

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"

	"github.com/cachegen/cachegen/generator/internal/directive"
	"github.com/cachegen/cachegen/generator/internal/naming"
)

// NameCategory is the category of diagnostics about names that are taken. What does not compile
// because of one needs no word of its own.
const NameCategory = "name"

// namef reports a name that is taken.
func (b *packageBuilder) namef(pos token.Position, format string, args ...any) {
	b.diags.Errorf(pos, NameCategory, format, args...)
}

// clashes reports generated names that exist already. It reads syntax alone: a name that exists
// twice is a type error already, which says less.
func (b *packageBuilder) clashes() {
	if !slices.ContainsFunc(b.sources, func(src source) bool { return len(src.directives.Functions) > 0 }) {
		return
	}
	b.predeclared()
	names := takenNames{
		declared: b.declared(append(b.syntax(), b.testSyntax()...)), elsewhere: b.declared(b.otherSyntax()), generated: map[string]*ast.FuncDecl{},
	}
	for _, src := range b.sources {
		names.everywhere = buildConstraint(src.name, src.syntax) == ""
		for _, d := range src.directives.Functions {
			b.claim(d, names)
		}
	}
}

// takenNames are the names that a package has, in its scope or, as "Type.name", of a type.
type takenNames struct {
	// declared are those of its files, elsewhere those of files that the platform leaves out.
	declared, elsewhere map[string]token.Position
	// everywhere says that elsewhere counts: a file with a constraint is for other platforms than
	// those that the platform leaves out, as far as anyone can tell.
	everywhere bool
	// generated are those that other functions have claimed, with the functions.
	generated map[string]*ast.FuncDecl
}

// at is where a name is declared, if it is.
func (n takenNames) at(name string) (token.Position, bool) {
	at, ok := n.declared[name]
	if !ok && n.everywhere {
		at, ok = n.elsewhere[name]
	}
	return at, ok
}

// declared are the names that files declare in the package's scope, and "Type.name" for methods and
// fields, with their places. Imports count, and all names that one with a dot brings: no file can
// import by a name that the package declares.
func (b *packageBuilder) declared(files []*ast.File) map[string]token.Position {
	names, aliases := map[string]token.Position{}, naming.AliasesOf(append(b.syntax(), files...))
	add := func(prefix string, id *ast.Ident) {
		if id != nil && id.Name != "_" {
			names[prefix+id.Name] = b.position(id.Pos())
		}
	}
	for _, syntax := range files {
		for _, decl := range syntax.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				if t := aliases.Receiver(decl); t != "" {
					add(t+".", decl.Name)
				} else if decl.Recv == nil {
					add("", decl.Name)
				}
			case *ast.GenDecl:
				for _, spec := range decl.Specs {
					declaredBy(spec, add)
				}
			}
		}
		for _, spec := range syntax.Imports {
			called, imported := b.imported(spec)
			switch {
			case imported == nil || spec.Name != nil && spec.Name.Name == "_":
			case called == ".":
				for _, name := range imported.Scope().Names() {
					if ast.IsExported(name) {
						names[name] = b.position(spec.Pos())
					}
				}
			default:
				names[called] = b.position(spec.Pos())
			}
		}
	}
	return names
}

// syntax returns the package's files.
func (b *packageBuilder) syntax() []*ast.File {
	var files []*ast.File
	for _, src := range b.sources {
		files = append(files, src.syntax)
	}
	return files
}

// testSyntax returns the test files that are compiled with the package.
func (b *packageBuilder) testSyntax() []*ast.File { return b.parse(b.pkg.TestGoFiles) }

// otherSyntax returns the files of the package that the platform leaves out.
func (b *packageBuilder) otherSyntax() []*ast.File { return b.parse(b.pkg.IgnoredFiles) }

// parse parses files. Those of other packages are left out, and those that don't parse are for
// those who compile them.
func (b *packageBuilder) parse(names []string) []*ast.File {
	var files []*ast.File
	for _, name := range names {
		if filepath.Ext(name) != ".go" {
			continue
		}
		syntax, err := parser.ParseFile(b.prog.Fset, name, nil, parser.SkipObjectResolution)
		if err == nil && syntax.Name.Name == b.pkg.Name {
			files = append(files, syntax)
		}
	}
	return files
}

// declaredBy adds the names that a declaration declares.
func declaredBy(spec ast.Spec, add func(prefix string, id *ast.Ident)) {
	switch spec := spec.(type) {
	case *ast.ValueSpec:
		for _, id := range spec.Names {
			add("", id)
		}
	case *ast.TypeSpec:
		add("", spec.Name)
		fields, ok := ast.Unparen(spec.Type).(*ast.StructType)
		if !ok {
			return
		}
		for _, field := range fields.Fields.List {
			for _, id := range field.Names {
				add(spec.Name.Name+".", id)
			}
		}
	}
}

// spot is a position in a message: messages don't depend on where the code is on this machine.
func spot(pos token.Position) string {
	return fmt.Sprintf("%s:%d", filepath.Base(pos.Filename), pos.Line)
}

// claim reports the names generated for a function that are taken, and takes them.
func (b *packageBuilder) claim(d *directive.Function, names takenNames) {
	fn, own := d.Decl.Name, ""
	if fn.Name == "_" || d.Decl.Type.Results.NumFields() == 0 {
		return // refused elsewhere
	}
	at := b.position(fn.Pos())
	if arg := d.Arg("name"); arg != nil {
		own, at = arg.Items[0].Text, arg.ValuePos
	}
	receiver := b.aliases.Receiver(d.Decl)
	if receiver == "" && (own == "init" || own == "main" && b.pkg.Name == "main" || types.Universe.Lookup(own) != nil) {
		b.namef(at, "name: %s means something else to Go", own)
		return
	}
	wanted := b.wanted(d.Decl, receiver, own)
	for _, name := range wanted {
		if other := names.generated[name]; other != nil { // the rest of the names follows
			b.namef(at, "%s would be generated for %s and for the %s of %s: rename one of them", name, fn.Name, other.Name.Name, spot(b.position(other.Name.Pos())))
			return
		}
	}
	for i, name := range wanted {
		out := "rename one of them"
		if i == 0 {
			out = "rename it, or call the wrapper something else with name="
		}
		if other, taken := names.at(name); taken {
			b.namef(at, "%s, which would be generated for %s, exists already at %s: %s", name, fn.Name, spot(other), out)
		}
		names.generated[name] = d.Decl
	}
}

// wanted are the names of what is generated for a function, its wrapper's first.
func (b *packageBuilder) wanted(f *ast.FuncDecl, receiver, own string) []string {
	n := b.stems.Of(receiver, f.Name.Name, own)
	names := []string{n.Wrapper, n.Controls, n.Args}
	if receiver != "" {
		names[0] = receiver + "." + n.Wrapper
	}
	if severalResults(f) {
		names = append(names, n.Results)
	}
	return names
}

// severalResults reports whether a function has two results or more besides an error.
func severalResults(decl *ast.FuncDecl) bool {
	list := decl.Type.Results.List
	n := decl.Type.Results.NumFields()
	if types.ExprString(list[len(list)-1].Type) == "error" {
		n--
	}
	return n > 1
}
