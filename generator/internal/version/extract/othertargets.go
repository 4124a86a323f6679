package extract

import (
	"bytes"
	"go/ast"
	"go/build"
	"go/format"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// otherTargets makes a node of the files that the pinned target leaves out and some other takes. Nothing type-checks them, so they
// count as they are written, with all that their identifiers may refer to. It reports whether there are any.
func (s *summarizer) otherTargets() bool {
	e := s.encode(facts.OtherTargets, facts.ID{Package: s.pkg.Path, Name: facts.OtherTargetsName}, nil)
	files := slices.Sorted(slices.Values(s.pkg.IgnoredFiles))
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		content, err := os.ReadFile(file)
		if err != nil || !isForOtherTarget(filepath.Dir(file), filepath.Base(file), content) {
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
	s.add(e.done())
	return true
}

// targets are pairs of GOOS and GOARCH that stand for all: every system, and every architecture. The most usual come first.
var targets = func() [][2]string {
	systems := []string{
		"windows", "darwin", "linux", "freebsd", "js", "wasip1", "aix", "android", "dragonfly", "illumos", "ios", "netbsd", "openbsd", "plan9", "solaris",
	}
	architectures := []string{
		"amd64", "arm64", "386", "arm", "wasm", "loong64", "mips", "mips64", "mips64le", "mipsle", "ppc64", "ppc64le", "riscv64", "s390x",
	}
	var pairs [][2]string
	for _, system := range systems {
		for _, architecture := range architectures {
			pairs = append(pairs, [2]string{system, architecture})
		}
	}
	return pairs
}()

// isForOtherTarget reports whether a file is built for some system and architecture, with or without cgo, when nothing else about the
// build changes: a file that only a tag of its own would bring in is not.
func isForOtherTarget(dir, name string, content []byte) bool {
	ctx := build.Default
	ctx.BuildTags, ctx.ToolTags = nil, nil
	ctx.Compiler = "gc"
	ctx.OpenFile = func(string) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil }
	for _, target := range targets {
		ctx.GOOS, ctx.GOARCH = target[0], target[1]
		for _, ctx.CgoEnabled = range []bool{true, false} {
			if ok, err := ctx.MatchFile(dir, name); ok && err == nil {
				return true
			}
		}
	}
	return false
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
			if s.pkg.Types != nil && s.pkg.Types.Scope().Lookup(n.Name) != nil {
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
