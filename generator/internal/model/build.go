package model

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/diag"
	"github.com/cachegen/cachegen/generator/internal/directive"
	"github.com/cachegen/cachegen/generator/internal/load"
	"github.com/cachegen/cachegen/generator/internal/naming"
)

// Build returns the root packages of prog that have cached functions, in the order of prog.
// Everything that is wrong with directives is reported; what an error concerns is left out: an
// option, or a function that can't be cached at all. Packages with errors of their own have no
// functions: only their directives' syntax is checked.
func Build(prog *load.Program, diags *diag.List) []*Package {
	return build(prog, prog.Roots, diags)
}

// BuildReached is like [Build] for the user's packages that aren't roots: they are not generated,
// but what they cache matters to what reaches it.
func BuildReached(prog *load.Program, diags *diag.List) []*Package {
	var reached []*load.Package
	for _, p := range prog.Order {
		if p.Local() && !p.Root {
			reached = append(reached, p)
		}
	}
	return build(prog, reached, diags)
}

func build(prog *load.Program, packages []*load.Package, diags *diag.List) []*Package {
	var built []*Package
	for _, p := range packages {
		b := &packageBuilder{prog: prog, pkg: p, diags: diags}
		if functions := b.functions(); len(functions) > 0 {
			built = append(built, &Package{Package: p, Functions: functions, File: b.file()})
		}
	}
	sameTargets(built, diags)
	return built
}

// Namespace is the function's name, or what the option says.
func (f *Function) Namespace() string { return cmp.Or(f.Options.Namespace, f.Name) }

// file is what the package default says that generated files are called.
func (b *packageBuilder) file() string {
	if b.defaults == nil || b.defaults.Arg("file") == nil {
		return ""
	}
	return b.defaults.Arg("file").Text
}

// source is a file with what its directives say.
type source struct {
	name       string
	syntax     *ast.File
	directives *directive.File
}

// packageBuilder builds the functions of one package.
type packageBuilder struct {
	prog  *load.Program
	pkg   *load.Package
	diags *diag.List

	sources  []source
	defaults *directive.Directive
	// defaultsFile is the file that the default is in.
	defaultsFile *ast.File
	stems        naming.Stems
	aliases      naming.Aliases
	// named are the parameters' names in the package default that a function has.
	named map[string]bool
}

func (b *packageBuilder) errorf(pos token.Position, format string, args ...any) {
	b.diags.Errorf(pos, directive.Category, format, args...)
}

func (b *packageBuilder) position(pos token.Pos) token.Position {
	return directive.Position(b.prog.Fset, pos)
}

// functions returns the package's functions by file and position.
func (b *packageBuilder) functions() []*Function {
	b.read()
	if b.pkg.Root {
		b.strays()
		b.clashes()
	}
	if len(b.pkg.Errors) > 0 || b.pkg.Info == nil {
		return nil
	}
	var functions []*Function
	for _, src := range b.sources {
		for _, d := range src.directives.Functions {
			if f := b.function(src, d); f != nil {
				functions = append(functions, f)
			}
		}
	}
	b.unusedNames(functions)
	slices.SortFunc(functions, func(x, y *Function) int {
		return cmp.Or(cmp.Compare(x.File, y.File), cmp.Compare(x.Pos.Offset, y.Pos.Offset))
	})
	return functions
}

// read parses the directives of the package's files.
func (b *packageBuilder) read() {
	b.named, b.stems, b.aliases = map[string]bool{}, naming.Stems{}, naming.AliasesOf(b.pkg.Syntax)
	for _, syntax := range b.pkg.Syntax {
		src := source{b.position(syntax.Package).Filename, syntax, directive.Parse(b.prog.Fset, syntax, b.diags)}
		b.sources = append(b.sources, src)
		for _, f := range src.directives.Functions {
			b.stems.Add(b.aliases.Receiver(f.Decl), f.Decl.Name.Name)
		}
		switch d := src.directives.Default; {
		case d == nil:
		case b.defaults != nil:
			b.errorf(d.Pos, "a second //cache:default in the package: the first is at %s", spot(b.defaults.Pos))
		default:
			b.defaults, b.defaultsFile = d, syntax
			b.fileName(d)
		}
	}
}

// fileName reports a name for generated files that the go command would pass over.
func (b *packageBuilder) fileName(defaults *directive.Directive) {
	if arg := defaults.Arg("file"); arg != nil && strings.HasPrefix(arg.Text, "_") {
		b.errorf(arg.ValuePos, "file: the go command passes over files whose names begin with _")
	}
}

// unusedNames reports parameters that the package default names and no function has.
func (b *packageBuilder) unusedNames(functions []*Function) {
	if b.defaults == nil || len(functions) == 0 {
		return
	}
	names := func(yield func(string) bool) {
		for _, f := range functions {
			for _, p := range f.All() {
				if !yield(p.Var.Name()) {
					return
				}
			}
		}
	}
	for _, option := range []string{"ignore", "secret"} {
		arg := b.defaults.Arg(option)
		if arg == nil {
			continue
		}
		for _, item := range arg.Items {
			if !b.named[item.Text] {
				b.errorf(item.Pos, "%s: no cached function of the package has a parameter %s%s", option, item.Text,
					directive.DidYouMean(directive.Nearest(item.Text, names)))
			}
		}
	}
}

// qualifier writes package names before the types of other packages.
func (b *packageBuilder) qualifier(p *types.Package) string {
	if p == b.pkg.Types {
		return ""
	}
	return p.Name()
}

func (b *packageBuilder) typeString(t types.Type) string { return types.TypeString(t, b.qualifier) }
