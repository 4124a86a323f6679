package version

import (
	"bytes"
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/cachegen/cachegen/generator/internal/load"
)

// rewriter writes the files of a program otherwise without changing what they mean.
type rewriter struct {
	prog    *load.Program
	random  *rand.Rand
	counts  map[string]int
	changes map[string][]change // by file
	indexes map[place]int
	sources map[string][]byte
}

// change replaces the text between two offsets.
type change struct {
	from, to int
	text     string
}

func newRewriter(prog *load.Program, seed uint64) *rewriter {
	return &rewriter{prog: prog, random: rand.New(rand.NewPCG(seed, seed)), counts: map[string]int{}, changes: map[string][]change{}, indexes: map[place]int{}, sources: map[string][]byte{}}
}

// overlay returns the rewritten files.
func (w *rewriter) overlay() (map[string][]byte, error) {
	overlay := map[string][]byte{}
	for _, p := range w.prog.Roots {
		if p.Info == nil || len(p.Errors) > 0 {
			continue
		}
		sources := make([][]byte, len(p.Syntax))
		for i, file := range p.Syntax {
			w.names(p, file)
			w.spelling(p, file)
			w.comments(file)
			src, err := w.apply(w.at(file.Package).Filename)
			if err != nil {
				return nil, err
			}
			sources[i] = src
		}
		for i, src := range w.shuffle(sources) {
			overlay[p.GoFiles[i]] = src
		}
	}
	return overlay, nil
}

func (w *rewriter) at(pos token.Pos) token.Position { return w.prog.Fset.PositionFor(pos, false) }

func (w *rewriter) replace(from, to token.Pos, kind, text string) {
	w.counts[kind]++
	p := w.at(from)
	c := change{p.Offset, w.at(to).Offset, text}
	w.indexes[place{p.Filename, c.from, c.to}] = len(w.changes[p.Filename])
	w.changes[p.Filename] = append(w.changes[p.Filename], c)
}

// place is a piece of a file.
type place struct {
	file     string
	from, to int
}

// changed returns the index of the change of a piece, or -1.
func (w *rewriter) changed(from, to token.Pos) int {
	p := w.at(from)
	if i, ok := w.indexes[place{p.Filename, p.Offset, w.at(to).Offset}]; ok {
		return i
	}
	return -1
}

func (w *rewriter) apply(name string) ([]byte, error) {
	src, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	list := w.changes[name]
	slices.SortStableFunc(list, func(a, b change) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	var out bytes.Buffer
	last := 0
	for _, c := range list {
		if c.from < last {
			continue // inside of what was replaced
		}
		out.Write(src[last:c.from])
		out.WriteString(c.text)
		last = c.to
	}
	out.Write(src[last:])
	return out.Bytes(), nil
}

// names renames what has no name outside of its function, and imports.
func (w *rewriter) names(p *load.Package, file *ast.File) {
	aliases := map[types.Object]string{}
	for _, spec := range file.Imports {
		if spec.Name == nil && spec.Path.Value != `"C"` && spec.Path.Value != `"embed"` {
			if o := p.Info.Implicits[spec]; o != nil {
				aliases[o] = fmt.Sprintf("%s_%d", o.Name(), len(aliases))
				w.replace(spec.Path.Pos(), spec.Path.Pos(), "import aliased", aliases[o]+" ")
			}
		}
	}
	bodyless, variables := w.bodyless(file), switchVariables(p)
	ast.Inspect(file, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok || id.Name == "_" {
			return true
		}
		o := p.Info.ObjectOf(id)
		if name, ok := aliases[o]; ok {
			w.replace(id.Pos(), id.End(), "use of an import", name)
			return true
		}
		if o == nil && variables[id.Pos()] {
			w.replace(id.Pos(), id.End(), "name", w.renamed(id.Pos()))
			return true
		}
		if isRenamable(o) && !slices.ContainsFunc(bodyless, func(f *ast.FuncDecl) bool { return f.Pos() <= o.Pos() && o.Pos() < f.End() }) {
			w.replace(id.Pos(), id.End(), "name", w.renamed(o.Pos()))
		}
		return true
	})
}

func (w *rewriter) renamed(declared token.Pos) string {
	return fmt.Sprintf("n%d_", w.at(declared).Offset)
}

func (w *rewriter) bodyless(file *ast.File) []*ast.FuncDecl {
	var found []*ast.FuncDecl
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Body == nil {
			found = append(found, f)
		}
	}
	return found
}

// switchVariables are the places where variables of type switches are declared, which have an object in each clause alone.
func switchVariables(p *load.Package) map[token.Pos]bool {
	places := map[token.Pos]bool{}
	for n, o := range p.Info.Implicits {
		if _, ok := n.(*ast.CaseClause); ok {
			places[o.Pos()] = true
		}
	}
	return places
}

// isRenamable reports whether an object is a variable, constant, label or type parameter of a function.
func isRenamable(o types.Object) bool {
	if o == nil || o.Pkg() == nil || o.Parent() == o.Pkg().Scope() {
		return false
	}
	switch o := o.(type) {
	case *types.Var:
		return !o.IsField()
	case *types.Label, *types.Const:
		return true
	case *types.TypeName:
		_, ok := o.Type().(*types.TypeParam)
		return ok
	}
	return false
}

// spelling writes literals, parentheses and parameters otherwise.
func (w *rewriter) spelling(p *load.Package, file *ast.File) {
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.Field:
			if n.Tag != nil && n.Names == nil {
				return false
			}
		case *ast.BasicLit:
			w.literal(p, n)
		case *ast.BinaryExpr:
			w.parenthesise(p, n.X)
			w.parenthesise(p, n.Y)
		case *ast.FuncDecl:
			w.regroup(n.Type.Params)
		case *ast.FuncLit:
			w.regroup(n.Type.Params)
		}
		return true
	})
}

func (w *rewriter) literal(p *load.Package, n *ast.BasicLit) {
	if _, ok := p.Info.Types[n]; !ok {
		return // a tag
	}
	switch n.Kind {
	case token.INT:
		if v, err := strconv.ParseUint(n.Value, 0, 64); err == nil {
			w.replace(n.Pos(), n.End(), "number", fmt.Sprintf("0x%X", v))
		}
	case token.STRING:
		if s, err := strconv.Unquote(n.Value); err == nil && len(s) < 1000 {
			w.replace(n.Pos(), n.End(), "string", escaped(s))
		}
	case token.CHAR:
		if r, _, _, err := strconv.UnquoteChar(n.Value[1:len(n.Value)-1], '\''); err == nil {
			w.replace(n.Pos(), n.End(), "rune", fmt.Sprintf(`'\U%08X'`, r))
		}
	}
}

// escaped writes a string byte by byte.
func escaped(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(s) {
		fmt.Fprintf(&b, `\x%02x`, s[i])
	}
	b.WriteByte('"')
	return b.String()
}

func (w *rewriter) parenthesise(p *load.Package, x ast.Expr) {
	if _, ok := x.(*ast.Ident); ok && p.Info.Types[x].IsValue() {
		if i := w.changed(x.Pos(), x.End()); i >= 0 {
			w.counts["parentheses"]++
			c := &w.changes[w.at(x.Pos()).Filename][i]
			c.text = "((" + c.text + "))"
			return
		}
		w.replace(x.Pos(), x.Pos(), "parentheses", "(")
		w.replace(x.End(), x.End(), "parentheses", ")")
	}
}

// regroup gives each parameter a type of its own.
func (w *rewriter) regroup(list *ast.FieldList) {
	for _, f := range list.List {
		for i := range max(0, len(f.Names)-1) {
			t := f.Type
			if types.ExprString(t) == "" || containsFunc(t) {
				continue
			}
			w.replace(f.Names[i].End(), f.Names[i].End(), "parameter", " "+w.typeText(t))
		}
	}
}

func containsFunc(t ast.Expr) bool {
	found := false
	ast.Inspect(t, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.FuncType, *ast.StructType, *ast.InterfaceType:
			found = true
		}
		return !found
	})
	return found
}

// typeText is a type as the rewritten file has it.
func (w *rewriter) typeText(t ast.Expr) string {
	from := w.at(t.Pos())
	src, ok := w.sources[from.Filename]
	if !ok {
		src, _ = os.ReadFile(from.Filename)
		w.sources[from.Filename] = src
	}
	var b strings.Builder
	last := from.Offset
	ast.Inspect(t, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if i := w.changed(id.Pos(), id.End()); i >= 0 {
				c := w.changes[from.Filename][i]
				b.Write(src[last:c.from])
				b.WriteString(c.text)
				last = c.to
			}
		}
		return true
	})
	b.Write(src[last:w.at(t.End()).Offset])
	return b.String()
}

// comments removes those that nobody acts on.
func (w *rewriter) comments(file *ast.File) {
	if slices.ContainsFunc(file.Imports, func(s *ast.ImportSpec) bool { return s.Path.Value == `"C"` }) {
		return
	}
	for _, group := range file.Comments {
		for _, c := range group.List {
			if strings.HasPrefix(c.Text, "//go:") || strings.HasPrefix(c.Text, "// +build") || strings.HasPrefix(c.Text, "//export") ||
				strings.HasPrefix(c.Text, "//cache:") || strings.Contains(c.Text, "\n") {
				continue
			}
			w.replace(c.Pos(), c.End(), "comment", "")
		}
	}
}

// shuffle puts the declarations of a package's files in another order, and functions that need no import into other files. What has
// effects when it is initialised keeps its order.
func (w *rewriter) shuffle(sources [][]byte) [][]byte {
	heads, moving := make([]string, len(sources)), []string{}
	bodies := make([][]string, len(sources))
	for i, src := range sources {
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, "", src, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil || strings.Contains(string(src), `import "C"`) || hasConstraint(src) {
			heads[i] = string(src)
			continue
		}
		end := fset.Position(file.Name.End()).Offset
		for _, d := range file.Decls {
			if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.IMPORT {
				end = fset.Position(d.End()).Offset
			}
		}
		heads[i] = string(src[:end]) + "\n"
		last := end
		for _, d := range file.Decls {
			to := fset.Position(d.End()).Offset
			if to <= end {
				continue
			}
			text := strings.TrimLeft(string(src[last:to]), ";\n\t ")
			last = to
			if f, ok := d.(*ast.FuncDecl); ok && f.Name.Name != "init" && f.Body != nil && !selectsIdent(f) && f.Doc == nil {
				w.counts["declaration moved"]++
				moving = append(moving, text)
				continue
			}
			bodies[i] = append(bodies[i], text)
		}
		w.mix(bodies[i])
	}
	w.random.Shuffle(len(moving), func(i, j int) { moving[i], moving[j] = moving[j], moving[i] })
	var open []int
	for i := range sources {
		if bodies[i] != nil {
			open = append(open, i)
		}
	}
	for k, text := range moving {
		if len(open) == 0 {
			break
		}
		i := open[k%len(open)]
		bodies[i] = append(bodies[i], text)
	}
	result := make([][]byte, len(sources))
	for i := range sources {
		result[i] = []byte(heads[i] + strings.Join(bodies[i], "\n\n") + "\n")
	}
	if len(open) == 0 && len(moving) > 0 {
		return sources
	}
	return result
}

// mix shuffles functions and types among themselves; the rest keeps its order.
func (w *rewriter) mix(list []string) {
	var free []int
	for i, text := range list {
		if strings.HasPrefix(text, "func (") || strings.HasPrefix(text, "type ") {
			free = append(free, i)
		}
	}
	w.random.Shuffle(len(free), func(a, b int) {
		w.counts["declaration shuffled"]++
		list[free[a]], list[free[b]] = list[free[b]], list[free[a]]
	})
}

func hasConstraint(src []byte) bool {
	return bytes.Contains(src, []byte("//go:build")) || bytes.Contains(src, []byte("//go:linkname"))
}

// renamedName matches what renamed makes.
var renamedName = regexp.MustCompile(`^n\d+_$`)

// selectsIdent reports whether a function may mention an import: then it stays where that is.
func selectsIdent(f *ast.FuncDecl) bool {
	found := false
	ast.Inspect(f, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := s.X.(*ast.Ident); ok && !renamedName.MatchString(id.Name) {
				found = true
			}
		}
		return !found
	})
	return found
}
