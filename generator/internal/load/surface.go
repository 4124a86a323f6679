package load

import (
	"cmp"
	"crypto/sha256"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"path"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/cachegen/cachegen/generator/internal/compact"
	"github.com/cachegen/cachegen/generator/internal/naming"
)

// surface is what others can see of one of the user's packages, and what else a look at its files
// tells.
type surface struct {
	// Declarations is the digest of the exported declarations and of what those mention: signatures
	// and types, the text of constants, and of variables what decides their type. It says nothing
	// of function bodies and comments. Imports are the paths that they mention.
	Declarations [sha256.Size]byte
	Imports      []string
	// Others are the paths that files for other platforms import.
	Others []string
	// Stubbed says that there are stubs to declare, Mentions that there may be directives.
	Stubbed, Mentions bool
}

// surfaceForm is the form in which surfaces are kept.
var surfaceForm = compact.Of[surface]()

// look finds the surface of a package.
func (l *Listing) look(p *Package) surface {
	s := surface{Mentions: l.mentions(p), Others: l.otherImports(p)}
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range p.GoFiles {
		file, err := parser.ParseFile(fset, name, p.contents[name], parser.ParseComments|parser.SkipObjectResolution)
		if err != nil { // it will be looked at again anyway
			s.Declarations, s.Imports = p.content, sortedKeys(p.Imports)
			return s
		}
		files = append(files, file)
	}
	v := viewer{p: p, fset: fset, aliases: naming.AliasesOf(files), byName: map[string][]*declaration{}, seen: map[string]bool{}, imports: map[string]bool{}}
	for _, file := range files {
		v.file(file)
	}
	h := newDigest()
	h.text(p.Name)
	for _, declared := range stubsOf(fset, p, files) {
		s.Stubbed = true
		h.bytes(declared.Source)
		var d declaration
		d.add(declared.Source)
		v.see(d.mentions)
	}
	v.write(h)
	s.Declarations = h.sum()
	s.Imports = sortedKeys(v.imports)
	if s.Stubbed { // the stubs import what their files do
		s.Imports = sortedKeys(p.Imports)
	}
	return s
}

// otherImports are the paths that the files which the platform leaves out import, in order.
func (l *Listing) otherImports(p *Package) []string {
	paths := map[string]bool{}
	for _, name := range p.IgnoredFiles {
		if filepath.Ext(name) != ".go" {
			continue
		}
		src, err := l.read(name)
		if err != nil {
			continue
		}
		file, _ := parser.ParseFile(token.NewFileSet(), name, src, parser.ImportsOnly|parser.SkipObjectResolution)
		if file == nil {
			continue
		}
		for _, spec := range file.Imports {
			if path, err := strconv.Unquote(spec.Path.Value); err == nil {
				paths[path] = true
			}
		}
	}
	return sortedKeys(paths)
}

// viewer finds which declarations of a package others can see. It goes by names alone, so it may
// find some too many.
type viewer struct {
	p            *Package
	fset         *token.FileSet
	aliases      naming.Aliases
	declarations []*declaration
	byName       map[string][]*declaration
	// seen are the names that can be seen, imports the paths that what can be seen mentions.
	seen, imports map[string]bool
	dots          []string // what is imported with a dot
}

// declaration is a part of a file that others see as a whole or not at all.
type declaration struct {
	// names are what it declares. A method goes with its type.
	names []string
	// text is what others see of it, mentions the identifiers in it.
	text, mentions []string
	// imports has the paths of its file's imports by name.
	imports map[string]string
}

// file adds the declarations of a file.
func (v *viewer) file(file *ast.File) {
	src := v.p.contents[v.fset.PositionFor(file.Package, false).Filename]
	imports := v.importsOf(file)
	text := func(d *declaration, from, to token.Pos) {
		d.add(src[v.fset.PositionFor(from, false).Offset:min(v.fset.PositionFor(to, false).Offset, len(src))])
	}
	add := func(names ...string) *declaration {
		d := &declaration{names: names, text: []string{file.GoVersion}, imports: imports}
		v.declarations = append(v.declarations, d)
		for _, name := range names {
			v.byName[name] = append(v.byName[name], d)
		}
		return d
	}
	for _, decl := range file.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			name, end := decl.Name.Name, decl.End()
			if decl.Recv != nil {
				name = v.aliases.Receiver(decl)
			}
			if decl.Body != nil {
				end = decl.Body.Pos()
			}
			text(add(name), decl.Pos(), end)
		case *ast.GenDecl:
			switch decl.Tok {
			case token.TYPE:
				for _, spec := range decl.Specs {
					text(add(spec.(*ast.TypeSpec).Name.Name), spec.Pos(), spec.End())
				}
			case token.CONST: // what one is can depend on those before it
				var names []string
				for _, spec := range decl.Specs {
					names = append(names, namesOf(spec)...)
				}
				text(add(names...), decl.Pos(), decl.End())
			case token.VAR:
				for _, spec := range decl.Specs {
					variables(add(namesOf(spec)...), spec.(*ast.ValueSpec), text)
				}
			}
		}
	}
}

// importsOf returns the paths of a file's imports by name.
func (v *viewer) importsOf(file *ast.File) map[string]string {
	imports := map[string]string{}
	for _, spec := range file.Imports {
		importPath, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		name := cmp.Or(v.p.called(importPath), path.Base(importPath))
		if spec.Name != nil {
			name = spec.Name.Name
		}
		switch name {
		case "_":
		case ".":
			v.dots = append(v.dots, importPath)
		default:
			imports[name] = importPath
		}
	}
	return imports
}

// namesOf are the names that a spec of constants or variables declares.
func namesOf(spec ast.Spec) []string {
	var names []string
	for _, name := range spec.(*ast.ValueSpec).Names {
		names = append(names, name.Name)
	}
	return names
}

// variables adds what others see of variables: their types, or what decides those.
func variables(d *declaration, spec *ast.ValueSpec, text func(d *declaration, from, to token.Pos)) {
	d.text = append(d.text, d.names...)
	if spec.Type != nil {
		text(d, spec.Type.Pos(), spec.Type.End())
		return
	}
	for _, value := range spec.Values {
		typeOf(d, value, text)
	}
}

// typeOf adds what decides the type of a value.
func typeOf(d *declaration, value ast.Expr, text func(d *declaration, from, to token.Pos)) {
	switch x := value.(type) {
	case *ast.ParenExpr:
		typeOf(d, x.X, text)
	case *ast.BasicLit:
		d.text = append(d.text, "literal", x.Kind.String())
	case *ast.UnaryExpr:
		d.text = append(d.text, x.Op.String())
		typeOf(d, x.X, text)
	case *ast.FuncLit:
		text(d, x.Type.Pos(), x.Type.End())
	case *ast.CompositeLit:
		if array, ok := x.Type.(*ast.ArrayType); ok && array.Len != nil {
			text(d, x.Pos(), x.End()) // its length may be that of the elements
			return
		}
		text(d, x.Type.Pos(), x.Type.End())
	default:
		text(d, x.Pos(), x.End())
	}
}

// add adds source text without comments and white space.
func (d *declaration) add(src []byte) {
	var s scanner.Scanner
	s.Init(token.NewFileSet().AddFile("", -1, len(src)), src, nil, 0)
	for {
		_, tok, lit := s.Scan()
		if tok == token.EOF {
			d.text = append(d.text, "")
			return
		}
		d.text = append(d.text, tok.String(), lit)
		if tok == token.IDENT {
			d.mentions = append(d.mentions, lit)
		}
	}
}

// see adds names that can be seen, and what can be seen through them.
func (v *viewer) see(names []string) {
	for _, name := range names {
		if v.seen[name] {
			continue
		}
		v.seen[name] = true
		for _, d := range v.byName[name] {
			v.see(d.mentions)
		}
	}
}

// write writes what can be seen.
func (v *viewer) write(h digest) {
	for name := range v.byName {
		if ast.IsExported(name) {
			v.see([]string{name})
		}
	}
	for _, path := range v.dots {
		v.imports[path] = true
		h.text(".", path)
	}
	for _, d := range v.declarations {
		if !slices.ContainsFunc(d.names, func(name string) bool { return v.seen[name] }) {
			continue
		}
		h.text(d.text...)
		h.text("")
		for _, name := range d.mentions {
			if path, ok := d.imports[name]; ok {
				v.imports[path] = true
				h.text(path)
			}
		}
	}
}
