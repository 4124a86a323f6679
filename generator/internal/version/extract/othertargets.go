package extract

import (
	"bytes"
	"go/ast"
	"go/build/constraint"
	"go/format"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
	"github.com/cachegen/cachegen/internal/regular"
)

// otherTargets makes a node of the files that the pinned target or the tags leave out and some other build takes. Nothing type-checks them, so they
// count as they are written, with all that their identifiers may refer to. It reports whether there are any.
func (s *summarizer) otherTargets() bool {
	e := s.encode(facts.OtherTargets, facts.ID{Package: s.pkg.Path, Name: facts.OtherTargetsName}, nil)
	files := slices.Sorted(slices.Values(s.pkg.IgnoredFiles))
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		content, err := regular.ReadFile(file)
		if err != nil || !mayBeBuilt(content) || s.isOtherPackage(file, content) {
			continue
		}
		s.placeAt(e, file)
		e.text(filepath.Base(file))
		if strings.HasSuffix(file, ".go") {
			s.otherTargetFile(e, file, content)
			continue
		}
		e.text(string(content))
		e.partHash("file "+filepath.Base(file), content)
	}
	if e.node.File == "" {
		return false
	}
	for _, file := range s.pkg.Included {
		digest, name := facts.FileDigest(file), s.relative(file)
		e.text(name)
		e.text(digest)
		e.part("file "+name, digest)
	}
	s.add(e.done())
	return true
}

// isOtherPackage reports whether a Go file says that it is of another package than the one in its directory: it is never built with that.
func (s *summarizer) isOtherPackage(name string, content []byte) bool {
	if !strings.HasSuffix(name, ".go") || s.pkg.Name == "" {
		return false
	}
	file, err := parser.ParseFile(token.NewFileSet(), name, content, parser.PackageClauseOnly)
	return err == nil && file.Name.Name != s.pkg.Name
}

// mayBeBuilt reports whether some system, architecture and tags take a file: whether its constraint can be true. Each tag is taken for itself,
// which lets in too many, and nobody sets the tag ignore.
func mayBeBuilt(content []byte) bool {
	for line := range strings.Lines(string(content)) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "//") {
			break
		}
		if x, err := constraint.Parse(line); err == nil && !canBe(x, true) {
			return false
		}
	}
	return true
}

// canBe reports whether a constraint can have a value.
func canBe(x constraint.Expr, value bool) bool {
	switch x := x.(type) {
	case *constraint.NotExpr:
		return canBe(x.X, !value)
	case *constraint.AndExpr:
		if value {
			return canBe(x.X, true) && canBe(x.Y, true)
		}
		return canBe(x.X, false) || canBe(x.Y, false)
	case *constraint.OrExpr:
		if value {
			return canBe(x.X, true) || canBe(x.Y, true)
		}
		return canBe(x.X, false) && canBe(x.Y, false)
	case *constraint.TagExpr:
		return !value || x.Tag != "ignore"
	}
	return true
}

// otherTargetFile writes a file's syntax: formatted, without comments that say nothing to the compiler.
func (s *summarizer) otherTargetFile(e *encoder, name string, content []byte) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, content, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		e.text(string(content))
		e.partHash("file "+filepath.Base(name), content)
		return
	}
	preamble, isC := cgoPreamble(file)
	if isC {
		e.node.Linked = append(e.node.Linked, facts.CCode)
	}
	e.node.Linked = append(e.node.Linked, maybeLinked(s.pkg.Path, file)...)
	directives := compilerDirectives(file)
	file.Comments = nil
	ast.Inspect(file, func(n ast.Node) bool { return stripDoc(n) })
	var b bytes.Buffer
	_ = format.Node(&b, fset, file) // into memory
	text := strings.Join(slices.DeleteFunc(strings.Split(b.String(), "\n"), func(l string) bool { return strings.TrimSpace(l) == "" }), "\n")
	e.text(preamble)
	e.text(directives)
	e.text(text)
	e.partHash("file "+filepath.Base(name), []byte(preamble+directives+text))
	s.mentioned(e, file)
}

// compilerDirectives are the lines that the go command or compiler acts on, build constraints among them.
func compilerDirectives(file *ast.File) string {
	var b strings.Builder
	for _, group := range file.Comments {
		for _, c := range group.List {
			if strings.HasPrefix(c.Text, "//go:") || strings.HasPrefix(c.Text, "// +build") || strings.HasPrefix(c.Text, "//export ") {
				b.WriteString(c.Text + "\n")
			}
		}
	}
	return b.String()
}

// stripDoc removes the comments that hang on declarations.
func stripDoc(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.File:
		n.Doc = nil
	case *ast.GenDecl:
		n.Doc = nil
	case *ast.FuncDecl:
		n.Doc = nil
	case *ast.Field:
		n.Doc, n.Comment = nil, nil
	case *ast.ImportSpec:
		n.Doc, n.Comment = nil, nil
	case *ast.ValueSpec:
		n.Doc, n.Comment = nil, nil
	case *ast.TypeSpec:
		n.Doc, n.Comment = nil, nil
	}
	return true
}

// mentioned leads to everything that an untyped file may refer to: by identifier in its own package, by selector in those that it imports,
// and to methods of its package's types by name alone.
func (s *summarizer) mentioned(e *encoder, file *ast.File) {
	imports := map[string]string{}
	for _, spec := range file.Imports {
		path, _ := strconv.Unquote(spec.Path.Value)
		name := path[strings.LastIndexByte(path, '/')+1:]
		if p := s.prog.Packages[path]; p != nil && p.Name != "" {
			name = p.Name
		}
		if spec.Name != nil {
			name = spec.Name.Name
		}
		imports[name] = path
		if name == "_" || s.isLocal(path) {
			e.addEdge(facts.ID{Package: path, Name: facts.PackageName}, facts.BuiltWith)
		}
	}
	methods := s.methodsByName()
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && imports[x.Name] != "" {
				s.mention(e, imports[x.Name], n.Sel.Name)
			}
			for _, id := range methods[n.Sel.Name] {
				e.addEdge(id, facts.Uses)
			}
		case *ast.Ident:
			if n != file.Name && s.pkg.Types != nil && s.pkg.Types.Scope().Lookup(n.Name) != nil {
				s.mention(e, s.pkg.Path, n.Name)
			}
		}
		return true
	})
}

// mention leads to an object by name, and if it is a type to its methods: what is converted can't be seen.
func (s *summarizer) mention(e *encoder, path, name string) {
	e.addEdge(facts.ID{Package: path, Name: name}, facts.Uses)
	if p := s.prog.Packages[path]; p != nil && p.Local() && p.Types != nil {
		if o, ok := p.Types.Scope().Lookup(name).(*types.TypeName); ok {
			for _, t := range s.dynamicTypes(o.Type()) {
				e.addEdge(methodsID(t), facts.Converts)
			}
		}
	}
}

// addEdge leads to a node from the node's own place.
func (e *encoder) addEdge(to facts.ID, reason facts.Reason) {
	if to != e.node.ID && !e.edges[to] {
		e.edges[to] = true
		e.node.Edges = append(e.node.Edges, facts.Edge{To: to, Reason: reason})
	}
}

func (s *summarizer) methodsByName() map[string][]facts.ID {
	byName := map[string][]facts.ID{}
	for _, n := range s.summary.Nodes {
		if _, method, ok := strings.Cut(n.ID.Name, "."); ok && n.Kind == facts.Function {
			byName[method] = append(byName[method], n.ID)
		}
	}
	return byName
}
