package programs

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// The packages of a program.
const (
	base  = "base"
	lib   = "lib"
	left  = "left"
	right = "right"
	top   = "main"
)

var packages = []string{base, lib, left, right, top}

// layer says who may import whom: a package those of lower layers.
var layer = map[string]int{base: 0, lib: 1, left: 2, right: 2, top: 3}

// Program is a small program.
type Program struct {
	// ID ends all names that the program declares: several programs can share packages.
	ID int
	// Files are the declarations of each file, by the package's name and the file's number.
	Files map[FileName][]string
	// Data are the contents of embedded files, by the package's name, a slash and the file's.
	Data map[string]string
	// Imports are packages that another one imports for nothing: left may import right so that it is initialised later.
	Imports map[string][]string
	// Main are the statements of main before it calls, Calls what it calls.
	Main, Calls []string
	// Shapes are the names of those it was made of.
	Shapes []string
	// Private says that its packages left and right are not shared, so that their order may change.
	Private bool

	// builder is what made it, and can add to it.
	builder *builder
}

// FileName names a file of a program.
type FileName struct {
	Package string
	Number  int
}

// clone returns a program that can be changed.
func (p *Program) clone() *Program {
	c := *p
	c.Files, c.Data = maps.Clone(p.Files), maps.Clone(p.Data)
	c.Imports = maps.Clone(p.Imports)
	c.Main, c.Calls = slices.Clone(p.Main), slices.Clone(p.Calls)
	for name, decls := range c.Files {
		c.Files[name] = slices.Clone(decls)
	}
	return &c
}

// policy gives its cached functions a policy.
func (p *Program) policy(policy string) {
	if policy == "" {
		return
	}
	for _, decls := range p.Files {
		for i := range decls {
			decls[i] = strings.Replace(decls[i], "//cache:auto", "//cache:auto policy="+policy, 1)
		}
	}
}

// names are those of the program's files, in order.
func (p *Program) names() []FileName {
	return slices.SortedFunc(maps.Keys(p.Files), func(a, b FileName) int {
		return strings.Compare(fmt.Sprint(layer[a.Package], a), fmt.Sprint(layer[b.Package], b))
	})
}

// text is a file of the program; where says at which path a package is.
func (p *Program) text(name FileName, where func(pkg string) string) string {
	var imported []string
	if name.Number == 1 {
		imported = p.Imports[name.Package]
	}
	return text(name.Package, p.Files[name], imported, where)
}

// main is the file with function main. It prints a line for each call.
func (p *Program) main(where func(pkg string) string) string {
	call := fmt.Sprintf(`func call%[1]d(name string, f func(n int) string) {
	for n := range 3 {
		func() {
			defer func() {
				if r := recover(); r != nil {
					fmt.Printf("%[1]d %%s %%d panic %%q\n", name, n, fmt.Sprint(r))
				}
			}()
			fmt.Printf("%[1]d %%s %%d %%q\n", name, n, f(n))
		}()
	}
}`, p.ID)
	main := "func main() {\n" + strings.Join(slices.Concat(p.Main, p.Calls), "\n") + "\n}"
	var all []string // main imports all packages, so that what they initialise is in the program
	for _, pkg := range packages[:4] {
		if len(p.Files[FileName{pkg, 1}])+len(p.Files[FileName{pkg, 2}]) > 0 {
			all = append(all, pkg)
		}
	}
	return text(top, []string{call, main}, all, where)
}

// same reports whether two programs have the same text.
func (p *Program) same(q *Program) bool {
	return slices.Equal(p.Main, q.Main) && slices.Equal(p.Calls, q.Calls) && maps.EqualFunc(p.Files, q.Files, slices.Equal) &&
		maps.EqualFunc(p.Imports, q.Imports, slices.Equal) && maps.Equal(p.Data, q.Data)
}

var (
	// foreign is a name of another package: base·C stands for C in package base, and for base.C elsewhere.
	foreign = regexp.MustCompile(`\b(base|lib|left|right|main)·`)
	// standard is what may be a name of a package of the standard library.
	standard = regexp.MustCompile(`(^|[^.\w])([a-z][a-z0-9]*)\.[A-Z]`)
)

// text is a file: its declarations with the imports that they need. Where says at which path a package is.
func text(pkg string, decls, imported []string, where func(pkg string) string) string {
	imports := map[string]bool{}
	for _, p := range imported {
		imports["_ "+quoted(where(p))] = true
	}
	body := foreign.ReplaceAllStringFunc(strings.Join(decls, "\n\n"), func(s string) string {
		p := strings.TrimSuffix(s, "·")
		if p == pkg {
			return ""
		}
		imports[p+" "+quoted(where(p))] = true
		return p + "."
	})
	for _, m := range standard.FindAllStringSubmatch(body, -1) {
		if path, ok := standardPackages[m[2]]; ok {
			imports[quoted(path)] = true
		}
	}
	if strings.Contains(body, "//go:embed ") && !imports[quoted("embed")] {
		imports["_ "+quoted("embed")] = true
	}
	var b strings.Builder
	fmt.Fprintf(&b, "package %s\n\n", pkg)
	if len(imports) > 0 {
		fmt.Fprintf(&b, "import (\n\t%s\n)\n\n", strings.Join(slices.Sorted(maps.Keys(imports)), "\n\t"))
	}
	b.WriteString(body + "\n")
	return b.String()
}

func quoted(s string) string { return `"` + s + `"` }

// standardPackages are the packages of the standard library that shapes use, by their names.
var standardPackages = map[string]string{}

func init() {
	for path := range strings.FieldsSeq(`bufio bytes cmp container/heap container/list container/ring context database/sql
		database/sql/driver embed encoding/base64 encoding/binary encoding/csv encoding/gob encoding/hex encoding/json encoding/xml errors
		expvar flag fmt hash hash/crc32 image image/color io io/fs iter log log/slog maps math/big math/rand mime net net/http
		net/http/httptest net/url reflect regexp runtime slices sort strconv strings sync sync/atomic text/tabwriter text/template time unicode/utf8
		unsafe`) {
		standardPackages[path[strings.LastIndexByte(path, '/')+1:]] = path
	}
}
