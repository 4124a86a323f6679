package programs

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Edit is a change of a program.
type Edit struct {
	// Kind says what was done, Place where.
	Kind, Place string
	After       *Program
}

// edits proposes changes: any one declaration, statement, constant, operator, name or order. They need not compile.
func edits(p *Program, r *rand.Rand) Edit {
	switch r.IntN(24) {
	case 0, 1, 2, 3:
		return Edit{"writer added", "", p.more(r)}
	case 4:
		if e, ok := renamed(p, r); ok {
			return e
		}
	case 5:
		if p.Private {
			c := p.clone()
			c.Imports[left] = append(slices.Clone(c.Imports[left]), right)
			return Edit{"import added", left, c}
		}
		return swappedFiles(p, r)
	case 6, 7:
		return reordered(p, r)
	case 8, 9, 10, 11:
		if len(p.Main) > 0 {
			return inMain(p, r)
		}
	case 12:
		if len(p.Data) > 0 {
			return embedded(p, r)
		}
	}
	c := p.clone()
	name := c.names()[r.IntN(len(c.Files))]
	decls := c.Files[name]
	i := r.IntN(len(decls))
	at := fmt.Sprint(name.Package, name.Number, ".", i)
	if r.IntN(12) == 0 {
		c.Files[name] = slices.Delete(decls, i, i+1)
		return Edit{"declaration removed", at, c}
	}
	sites := sitesOf(decls[i])
	if len(sites) == 0 {
		return Edit{}
	}
	s := sites[r.IntN(len(sites))]
	decls[i] = s.apply(decls[i])
	return Edit{s.kind, at, c}
}

// inMain edits the statements of main before the call.
func inMain(p *Program, r *rand.Rand) Edit {
	c := p.clone()
	i := r.IntN(len(c.Main))
	if r.IntN(4) == 0 {
		c.Main = slices.Delete(c.Main, i, i+1)
		return Edit{"removed in main", "", c}
	}
	const before, after = "func _() {\n", "\n}"
	sites := sitesOf(before + c.Main[i] + after)
	if len(sites) == 0 {
		return Edit{}
	}
	s := sites[r.IntN(len(sites))]
	edited := s.apply(before + c.Main[i] + after)
	c.Main[i] = strings.TrimSuffix(strings.TrimPrefix(edited, before), after)
	return Edit{s.kind + " in main", "", c}
}

// reordered swaps two declarations of a file, or moves one to the other file.
func reordered(p *Program, r *rand.Rand) Edit {
	c := p.clone()
	name := c.names()[r.IntN(len(c.Files))]
	decls := c.Files[name]
	i, j := r.IntN(len(decls)), r.IntN(len(decls))
	if r.IntN(2) == 0 {
		other := FileName{name.Package, 3 - name.Number}
		c.Files[other] = append(slices.Clone(c.Files[other]), decls[i])
		c.Files[name] = slices.Delete(decls, i, i+1)
		return Edit{"declaration moved", fmt.Sprint(name), c}
	}
	decls[i], decls[j] = decls[j], decls[i]
	return Edit{"declarations swapped", fmt.Sprint(name), c}
}

// swappedFiles gives the files of a package each other's name, which orders their initialisation.
func swappedFiles(p *Program, r *rand.Rand) Edit {
	c := p.clone()
	name := c.names()[r.IntN(len(c.Files))]
	other := FileName{name.Package, 3 - name.Number}
	c.Files[name], c.Files[other] = c.Files[other], c.Files[name]
	return Edit{"files swapped", name.Package, c}
}

// embedded changes an embedded file, or what it is called.
func embedded(p *Program, r *rand.Rand) Edit {
	c := p.clone()
	names := slices.Sorted(maps.Keys(c.Data))
	name := names[r.IntN(len(names))]
	content := c.Data[name]
	if strings.Count(name, "/") == 1 || r.IntN(2) == 0 {
		c.Data[name] = content + "."
		return Edit{"embedded file changed", name, c}
	}
	delete(c.Data, name)
	file := name[strings.LastIndexByte(name, '/'):]
	c.Data[strings.TrimSuffix(name, file)+"2"+file] = content
	return Edit{"embedded file moved", name, c}
}

var declaredName = regexp.MustCompile(`\b(?:type|func) ([A-Za-z]+\d+(?:_\d+)?)\b`)

// renamed gives a type or a function another name wherever it is mentioned.
func renamed(p *Program, r *rand.Rand) (Edit, bool) {
	names := map[string]bool{}
	for _, decls := range p.Files {
		for _, d := range decls {
			for _, m := range declaredName.FindAllStringSubmatch(d, -1) {
				names[m[1]] = true
			}
		}
	}
	var sorted []string
	for n := range names {
		sorted = append(sorted, n)
	}
	if len(sorted) == 0 {
		return Edit{}, false
	}
	slices.Sort(sorted)
	old := sorted[r.IntN(len(sorted))]
	whole := regexp.MustCompile(`\b` + old + `\b`)
	c := p.clone()
	for _, decls := range c.Files {
		for i := range decls {
			decls[i] = whole.ReplaceAllString(decls[i], "R"+old)
		}
	}
	for _, list := range [][]string{c.Main, c.Calls} {
		for i := range list {
			list[i] = whole.ReplaceAllString(list[i], "R"+old)
		}
	}
	return Edit{"renamed", old, c}, true
}

// site is a place in the text of a declaration that can be changed.
type site struct {
	kind       string
	begin, end int
	with       string
}

func (s site) apply(text string) string { return text[:s.begin] + s.with + text[s.end:] }

// sitesOf lists what can be changed in a declaration.
func sitesOf(decl string) []site {
	const head = "package p\n"
	// The mark of a name of another package is no letter, and the one that stands for it here has as many bytes.
	src := strings.ReplaceAll(decl, "·", "ª")
	file, err := parser.ParseFile(token.NewFileSet(), "", head+src, parser.SkipObjectResolution)
	if err != nil {
		return nil
	}
	f := finder{decl: decl, offset: len(head) + 1}
	ast.Inspect(file, func(n ast.Node) bool {
		f.visit(n)
		return true
	})
	return f.sites
}

// finder collects sites.
type finder struct {
	decl   string
	offset int
	sites  []site
}

func (f *finder) text(n ast.Node) string {
	return f.decl[int(n.Pos())-f.offset : int(n.End())-f.offset]
}

func (f *finder) add(kind string, n ast.Node, with string) {
	f.sites = append(f.sites, site{kind, int(n.Pos()) - f.offset, int(n.End()) - f.offset, with})
}

func (f *finder) visit(n ast.Node) {
	switch n := n.(type) {
	case *ast.BasicLit:
		f.literal(n)
	case *ast.BinaryExpr:
		if op, ok := otherOperator[n.Op]; ok {
			f.add("operator", n, f.text(n.X)+" "+op.String()+" "+f.text(n.Y))
		}
		if n.Op == token.SUB || n.Op == token.LSS {
			f.add("operands swapped", n, f.text(n.Y)+" "+n.Op.String()+" "+f.text(n.X))
		}
	case *ast.IfStmt:
		f.add("condition", n.Cond, "!("+f.text(n.Cond)+")")
	case *ast.AssignStmt:
		if n.Tok == token.ADD_ASSIGN {
			f.add("assignment", n, f.text(n.Lhs[0])+" -= "+f.text(n.Rhs[0]))
		}
	case *ast.IncDecStmt:
		if n.Tok == token.INC {
			f.add("increment", n, f.text(n.X)+"--")
		}
	case *ast.BlockStmt:
		f.statements(n.List)
	case *ast.CaseClause:
		f.statements(n.Body)
	case *ast.Field:
		if n.Tag != nil {
			f.add("tag", n.Tag, strings.Replace(n.Tag.Value, `:"`, `:"x`, 1))
		}
	case *ast.CompositeLit:
		for i := 1; i < len(n.Elts); i++ {
			f.sites = append(f.sites, f.swap("elements swapped", n.Elts[i-1], n.Elts[i]))
		}
	case *ast.CallExpr:
		for i := 1; i < len(n.Args); i++ {
			f.sites = append(f.sites, f.swap("arguments swapped", n.Args[i-1], n.Args[i]))
		}
	case *ast.StarExpr:
		f.add("dereference", n, f.text(n.X))
	}
}

var otherOperator = map[token.Token]token.Token{
	token.ADD: token.SUB, token.SUB: token.ADD, token.MUL: token.ADD, token.REM: token.ADD, token.LSS: token.GTR, token.GTR: token.LSS,
	token.EQL: token.NEQ, token.NEQ: token.EQL, token.AND: token.OR, token.XOR: token.AND,
}

func (f *finder) literal(n *ast.BasicLit) {
	switch n.Kind {
	case token.INT:
		if v, err := strconv.Atoi(n.Value); err == nil {
			f.add("number", n, strconv.Itoa(v+1))
			f.add("number", n, strconv.Itoa(v*2+3))
			if v > 0 {
				f.add("number", n, strconv.Itoa(v-1))
			}
		}
	case token.STRING:
		if strings.HasPrefix(n.Value, "`") {
			f.add("text", n, n.Value[:len(n.Value)-1]+"x`")
			if len(n.Value) > 3 {
				f.add("text", n, "`"+n.Value[2:])
			}
		}
	}
}

func (f *finder) statements(list []ast.Stmt) {
	for i, s := range list {
		switch s := s.(type) {
		case *ast.ExprStmt, *ast.IncDecStmt, *ast.SendStmt, *ast.DeferStmt, *ast.IfStmt, *ast.RangeStmt, *ast.SwitchStmt:
			f.add("statement removed", s, "")
			f.add("statement twice", s, f.text(s)+"\n"+f.text(s))
		case *ast.AssignStmt:
			if s.Tok != token.DEFINE {
				f.add("statement removed", s, "")
				f.add("statement twice", s, f.text(s)+"\n"+f.text(s))
			}
		case *ast.ReturnStmt:
			if len(s.Results) == 1 {
				f.add("result", s, "return "+f.text(s.Results[0])+" + 1")
			}
		}
		if i > 0 {
			f.sites = append(f.sites, f.swap("statements swapped", list[i-1], s))
		}
	}
}

func (f *finder) swap(kind string, a, b ast.Node) site {
	between := f.decl[int(a.End())-f.offset : int(b.Pos())-f.offset]
	return site{kind, int(a.Pos()) - f.offset, int(b.End()) - f.offset, f.text(b) + between + f.text(a)}
}
