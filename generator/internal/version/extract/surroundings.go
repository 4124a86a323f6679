package extract

import (
	"go/ast"
	"go/types"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
	"github.com/cachegen/cachegen/internal/regular"
)

// surroundings makes the nodes of what is no declaration: the package itself, assembly, C, and the files of other targets.
func (s *summarizer) surroundings() {
	s.assembly()
	s.cgo()
	hasOthers := s.otherTargets()

	whole := s.encode(facts.Package, facts.ID{Package: s.pkg.Path, Name: facts.PackageName}, nil)
	s.placeAtPackage(whole)
	for _, n := range s.summary.Nodes {
		if n.Kind == facts.Init {
			whole.node.Edges = append(whole.node.Edges, facts.Edge{To: n.ID, Reason: facts.RunsInit})
		}
	}
	if hasOthers {
		whole.node.Edges = append(whole.node.Edges, facts.Edge{To: facts.ID{Package: s.pkg.Path, Name: facts.OtherTargetsName}, Reason: facts.BuiltWith})
	}
	for _, path := range s.blankImports() {
		whole.node.Edges = append(whole.node.Edges, facts.Edge{To: facts.ID{Package: path, Name: facts.PackageName}, Reason: facts.RunsInit})
	}
	s.add(whole.node)

	contents := s.encode(facts.Contents, facts.ID{Package: s.pkg.Path, Name: facts.ContentsName}, nil)
	s.placeAtPackage(contents)
	for _, n := range s.summary.Nodes {
		contents.node.Edges = append(contents.node.Edges, facts.Edge{To: n.ID, Reason: facts.Contains})
	}
	s.add(contents.node)
}

// placeAtPackage puts a node at the beginning of the package's first file.
func (s *summarizer) placeAtPackage(e *encoder) {
	if len(s.pkg.Syntax) > 0 {
		p := s.position(s.pkg.Syntax[0].Name.Pos())
		e.node.File, e.node.Line, e.node.Column = p.Filename, p.Line, p.Column
	}
}

// blankImports are the packages that are imported for what they do when they are initialised.
func (s *summarizer) blankImports() []string {
	var paths []string
	for _, file := range s.pkg.Syntax {
		for _, spec := range file.Imports {
			if spec.Name == nil || spec.Name.Name != "_" {
				continue
			}
			path, err := strconv.Unquote(spec.Path.Value)
			if p := s.pkg.Imports[path]; err == nil && p != nil && !p.Standard {
				paths = append(paths, p.Path)
			}
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}

var (
	assemblyFile = regexp.MustCompile(`\.(s|S|sx|h|hh|hpp|hxx|inc|syso)$`)
	// assemblySymbol is a Go symbol as assembly writes it: the path may be empty, its slashes are U+2215.
	assemblySymbol = regexp.MustCompile(`([\pL\pN_.\x{2215}/]*)\x{00b7}([\pL\pN_]+)`)
)

// assembly makes a node of the package's assembly, which may call what it mentions and write to it. Nobody can tell which function
// is in which file, so functions without a body depend on all.
func (s *summarizer) assembly() {
	e := s.encode(facts.Assembly, facts.ID{Package: s.pkg.Path, Name: facts.AssemblyName}, nil)
	files := slices.DeleteFunc(slices.Clone(s.pkg.OtherFiles), func(file string) bool { return !assemblyFile.MatchString(file) })
	if len(files) > 0 {
		files = append(files, s.pkg.Included...)
	}
	for _, file := range files {
		content, err := regular.ReadFile(file)
		if err != nil {
			continue
		}
		s.placeAt(e, file)
		name := s.relative(file)
		e.text(name)
		e.text(string(content))
		e.partHash("file "+name, content)
		for _, m := range assemblySymbol.FindAllSubmatch(content, -1) {
			path := strings.ReplaceAll(string(m[1]), "\u2215", "/")
			if path == "" {
				path = s.pkg.Path
			}
			id := facts.ID{Package: path, Name: string(m[2])}
			e.edge(id, facts.Calls)
			e.node.Writes = append(e.node.Writes, facts.Edge{To: id, Reason: facts.WrittenBy})
		}
		s.assemblyHeader(e, content)
	}
	if e.node.File != "" {
		s.add(e.done())
	}
}

// assemblyWord is a word that go_asm.h may define: const_Name, Type__size, Type_field.
var assemblyWord = regexp.MustCompile(`\b(const_[\pL\pN_]+|[\pL\pN]+_[\pL\pN_]+)\b`)

// assemblyHeader writes what assembly takes from Go by go_asm.h: values of constants, layouts of types.
func (s *summarizer) assemblyHeader(e *encoder, content []byte) {
	if s.pkg.Types == nil {
		return
	}
	scope := s.pkg.Types.Scope()
	for _, word := range assemblyWord.FindAll(content, -1) {
		name, isConst := strings.CutPrefix(string(word), "const_")
		if c, ok := scope.Lookup(name).(*types.Const); isConst && ok {
			e.text(name)
			e.text(c.Val().ExactString())
			e.part("constant "+IDOf(c).String(), c.Val().ExactString())
			continue
		}
		for i, r := range name {
			if t, ok := scope.Lookup(name[:i]).(*types.TypeName); r == '_' && ok {
				e.edge(IDOf(t), facts.Uses)
			}
		}
	}
}

// relative is a file's name in the package's directory, or from there.
func (s *summarizer) relative(file string) string {
	name, err := filepath.Rel(s.pkg.Dir, file)
	if err != nil {
		name = filepath.Base(file)
	}
	return filepath.ToSlash(name)
}

// placeAt puts a node at the beginning of a file, if it has no place yet.
func (s *summarizer) placeAt(e *encoder, file string) {
	if e.node.File == "" {
		e.node.File, e.node.Line, e.node.Column = file, 1, 1
	}
}

// cgo makes a node of the package's C: preambles and files, and the functions that they can call back.
func (s *summarizer) cgo() {
	e := s.encode(facts.Cgo, facts.ID{Package: s.pkg.Path, Name: facts.CgoName}, nil)
	for _, file := range s.pkg.Syntax {
		if preamble, ok := cgoPreamble(file); ok {
			s.placeAt(e, s.position(file.Pos()).Filename)
			e.text(preamble)
			e.partHash("preamble", []byte(preamble))
			e.node.Linked = []string{facts.CCode}
		}
	}
	if e.node.File == "" {
		return
	}
	for _, file := range slices.Concat(s.pkg.OtherFiles, s.pkg.Included) {
		digest, name := facts.FileDigest(file), s.relative(file)
		e.text(name)
		e.text(digest)
		e.part("file "+name, digest)
	}
	for _, file := range s.pkg.Syntax {
		for _, decl := range file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && isExported(f) {
				e.edge(facts.ID{Package: s.pkg.Path, Name: f.Name.Name}, facts.Calls)
			}
		}
	}
	s.add(e.done())
}

// cgoPreamble returns the comment above import "C", and whether there is such an import.
func cgoPreamble(file *ast.File) (string, bool) {
	for _, decl := range file.Decls {
		g, ok := decl.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range g.Specs {
			if spec, ok := spec.(*ast.ImportSpec); ok && spec.Path.Value == `"C"` {
				return rawText(g.Doc) + rawText(spec.Doc), true
			}
		}
	}
	return "", false
}

func rawText(doc *ast.CommentGroup) string {
	if doc == nil {
		return ""
	}
	var b strings.Builder
	for _, c := range doc.List {
		b.WriteString(c.Text)
		b.WriteByte('\n')
	}
	return b.String()
}

// isExported reports whether C can call f.
func isExported(f *ast.FuncDecl) bool {
	if f.Doc == nil {
		return false
	}
	return slices.ContainsFunc(f.Doc.List, func(c *ast.Comment) bool { return strings.HasPrefix(c.Text, "//export ") })
}

// cgoSelector writes a name of package C.
func (e *encoder) cgoSelector(x *ast.SelectorExpr) {
	e.op("unresolved selector")
	if id, ok := x.X.(*ast.Ident); ok && id.Name == "C" {
		e.edge(facts.ID{Package: e.pkg.Path, Name: facts.CgoName}, facts.Calls)
	} else {
		e.expr(x.X)
	}
	e.text(x.Sel.Name)
}
