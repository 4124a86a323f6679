package emit

import (
	"bytes"
	"go/format"
	"go/types"
	"path"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dave/jennifer/jen"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/cachegen/cachegen/generator/internal/check"
	"github.com/cachegen/cachegen/generator/internal/model"
)

// The packages of the runtime: what its users see, and what generated code calls.
const (
	runtimePath = "github.com/cachegen/cachegen/runtime"
	implPath    = runtimePath + "/cacheimpl"
)

// file is one generated file in the making.
type file struct {
	pkg   *model.Package
	build string
	scope *scope
	out   *jen.File

	// imported are the names of the imports in use, by path.
	imported map[string]string
	// appenders and cloners are the names of the functions that encode and copy a type, queue those
	// that are yet to be written.
	appenders, cloners typeutil.Map
	queue              []func()
	// appendProto is the name of the function that appends protobuf messages, "" before it is
	// needed.
	appendProto string
	// modules are the names of the constants with paths of modules outside, by path.
	modules map[string]string
	// known is the name of the variable with the modules whose code is in versions, "" before it is
	// needed; knownModules are those.
	known        string
	knownModules []string
	// suffix tells the functions of a file with a build constraint from those of another, since
	// both may be compiled.
	suffix string
}

func newFile(pkg *model.Package, build string, s *scope) *file {
	f := &file{
		pkg: pkg, build: build, scope: s, out: jen.NewFilePathName(pkg.Path, pkg.Name), imported: map[string]string{},
	}
	f.out.NoFormat = true // that is done once, at the end
	if build != "" {
		for word := range strings.SplitSeq(constraintWords(build), "_") {
			f.suffix += exported(word)
		}
	}
	return f
}

// write returns the file's bytes.
func (f *file) write(plans []*check.Plan, versions map[*model.Function]Version) ([]byte, error) {
	var functions []*function
	for _, p := range plans {
		functions = append(functions, f.function(p, versions[p.Function]))
		if p.Known != nil {
			f.knownModules = p.Known
		}
	}
	f.constants(functions)
	f.registerProto(plans)
	for _, fn := range functions {
		fn.write()
	}
	for len(f.queue) > 0 {
		next := f.queue[0]
		f.queue = f.queue[1:]
		next()
	}
	var b bytes.Buffer
	b.WriteString(Header + "\n\n")
	if f.build != "" {
		b.WriteString("//go:build " + f.build + "\n\n")
	}
	if err := f.out.Render(&b); err != nil {
		return nil, err
	}
	return format.Source(grouped(b.Bytes()))
}

// Handshake is the constant that the runtime has if generated code works with it.
const Handshake = "Generation1"

// constants writes the handshake, and the modules outside, one a line. A version stands beside its
// function, so that branches merge.
func (f *file) constants(functions []*function) {
	f.out.Const().Id("_").Op("=").Add(f.impl(Handshake))
	paths := map[string]bool{}
	for _, fn := range functions {
		for _, path := range fn.code.Modules {
			paths[path] = true
		}
	}
	if len(paths) == 0 {
		return
	}
	f.modules = map[string]string{}
	f.out.Line().Comment("The modules outside whose code functions below can run: the versions that the program has of them join the keys.")
	f.out.Const().DefsFunc(func(g *jen.Group) {
		for _, path := range sorted(paths) {
			f.modules[path] = f.scope.declare("module" + moduleWord(path) + f.suffix)
			g.Id(f.modules[path]).Op("=").Lit(path)
		}
	})
}

// moduleWord is a name for a module: the last element of its path that says something, without what
// can't be in a name.
func moduleWord(path string) string {
	elements := strings.Split(path, "/")
	last := elements[len(elements)-1]
	if n := len(elements); n > 1 && majorVersion.MatchString(last) {
		last = elements[n-2]
	}
	if base, suffix, ok := strings.Cut(last, ".v"); ok && strings.Trim(suffix, "0123456789") == "" { // gopkg.in
		last = base
	}
	var word strings.Builder
	for part := range strings.FieldsFuncSeq(last, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		word.WriteString(exported(part))
	}
	return word.String()
}

var majorVersion = regexp.MustCompile(`^v[0-9]+$`)

// knownVar returns the name of the variable with the modules whose code is in versions.
func (f *file) knownVar() string {
	if f.known == "" {
		f.known = f.scope.declare("known"+f.suffix, "knownModules"+f.suffix)
		f.queue = append(f.queue, func() {
			f.out.Line().Commentf("%s are the modules whose code is in the versions: what is of their types is told apart behind interfaces.", f.known)
			f.out.Var().Id(f.known).Op("=").Add(stringList(f.knownModules))
		})
	}
	return f.known
}

// qual returns an identifier of another package, which it imports under a name that meets no
// declaration.
func (f *file) qual(importPath, name, ident string) *jen.Statement {
	f.imports(importPath, name)
	return jen.Qual(importPath, ident)
}

// std returns an identifier of a package of the standard library.
func (f *file) std(importPath, ident string) *jen.Statement {
	return f.qual(importPath, path.Base(importPath), ident)
}

// cache returns an identifier of the runtime that its users see, too.
func (f *file) cache(ident string) *jen.Statement { return f.qual(runtimePath, "cache", ident) }

// impl returns an identifier of the part of the runtime that is for generated code.
func (f *file) impl(ident string) *jen.Statement { return f.qual(implPath, "cacheimpl", ident) }

// imports returns what an import is called: as the user's files call it, or by its package's name.
func (f *file) imports(importPath, name string) string {
	if known, ok := f.imported[importPath]; ok {
		return known
	}
	candidates := []string{name}
	if importPath == runtimePath {
		candidates = []string{"cache", "cachegen"}
	} else if alias := f.userAlias(importPath); alias != "" {
		candidates = []string{alias, name}
	}
	used := names{}
	for _, known := range f.imported {
		used[known] = true
	}
	chosen := free(candidates, used, f.scope.declared, f.scope.inner, locals)
	f.imported[importPath] = chosen
	if chosen == name && importPath != runtimePath { // its folder has another name
		f.out.ImportName(importPath, name)
	} else {
		f.out.ImportAlias(importPath, chosen)
	}
	return chosen
}

// userAlias returns what the package's files call an import where they agree on a name of their
// own, or "".
func (f *file) userAlias(importPath string) string {
	alias := ""
	for _, syntax := range f.pkg.Syntax {
		for _, spec := range syntax.Imports {
			if strings.Trim(spec.Path.Value, "`\"") != importPath {
				continue
			}
			if spec.Name == nil || spec.Name.Name == "." || spec.Name.Name == "_" || alias != "" && alias != spec.Name.Name {
				return ""
			}
			alias = spec.Name.Name
		}
	}
	return alias
}

// typ writes a type that has no type parameters.
func (f *file) typ(t types.Type) *jen.Statement { return typer{file: f}.of(t) }

// exported returns name with an upper-case first letter.
func exported(name string) string {
	first, n := utf8.DecodeRuneInString(name)
	if n == 0 {
		return ""
	}
	return string(unicode.ToUpper(first)) + name[n:]
}

// words is a name for a type: Row, StringRowMap, PbMessagePointer.
func (f *file) words(t types.Type) string {
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		return exported(t.Name())
	case *types.Named:
		name := exported(t.Obj().Name())
		if p := t.Obj().Pkg(); p != nil && p != f.pkg.Types {
			name = exported(p.Name()) + name
		}
		for a := range t.TypeArgs().Types() {
			name += f.words(a)
		}
		return name
	case *types.TypeParam:
		return exported(t.Obj().Name())
	case *types.Pointer:
		return f.words(t.Elem()) + "Pointer"
	case *types.Slice:
		return f.words(t.Elem()) + "Slice"
	case *types.Array:
		return f.words(t.Elem()) + "Array"
	case *types.Map:
		return f.words(t.Key()) + f.words(t.Elem()) + "Map"
	}
	return "Struct"
}
