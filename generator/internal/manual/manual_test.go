package manual_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/imports"

	"github.com/cachegen/cachegen/generator"
	"github.com/cachegen/cachegen/generator/internal/fixture"
	"github.com/cachegen/cachegen/generator/internal/manual"
)

// sayers are the functions of the generator that say something to users, by name: the format is their argument with the number.
var sayers = map[string]int{"errorf": -1, "Errorf": -1, "warnf": -1, "vouchf": -1, "Warnf": -1, "refuse": 1, "optionf": 2, "syntaxError": -1}

// composed are formats that say nothing themselves: what they are filled in with does.
var composed = []string{
	"%s", "%v", "%s: %s", "%s: %w", "key: %s", "%s %s%s; %s", "%s %s%s; inputs that are kept must be storable: drop keep-inputs and keep-failed",
	"%s can be %s", "at %s: %w", "git %s: %s", "go %s: %s", "go %s: %w", "%s %s %s (%s:%d:%d), whose code is in no version; say trust if callers vouch for them",
}

var verb = regexp.MustCompile(`%(\[\d\])?[svqdw]`)

// what begins formats of what something is.
var what = regexp.MustCompile("^(is|has|hold) ")

// TestEveryMessage looks up what the generator's code says of users' code.
func TestEveryMessage(t *testing.T) {
	dirs := []string{".", "internal/directive", "internal/model", "internal/check", "internal/version/review", "internal/load", "../cmd/internal/command"}
	for _, dir := range dirs {
		for _, format := range formats(t, filepath.Join(fixture.Root(t), "generator", dir)) {
			if slices.Contains(composed, format) {
				continue
			}
			message := verb.ReplaceAllString(format, "x")
			if what.MatchString(message) {
				message = "the keys of x " + message
			}
			if manual.Find(message) == nil {
				t.Errorf("%s: no page about %q", dir, message)
			}
		}
	}
}

// formats are the formats of messages in the files of a directory.
func formats(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				found = append(found, formatOf(calledName(n.Fun), n.Args)...)
			case *ast.CompositeLit:
				found = append(found, formatOf(calledName(n.Type), n.Elts)...)
			}
			return true
		})
	}
	return found
}

func calledName(x ast.Expr) string {
	switch x := x.(type) {
	case *ast.Ident:
		return x.Name
	case *ast.SelectorExpr:
		return x.Sel.Name
	}
	return ""
}

// formatOf is the first literal among the arguments of a function that says something, with what is added to it.
func formatOf(name string, args []ast.Expr) []string {
	at, ok := sayers[name]
	if !ok {
		return nil
	}
	for i, arg := range args {
		if at >= 0 && i != at {
			continue
		}
		if s := literal(arg); len(s) > 8 && strings.Contains(s, " ") {
			if name == "optionf" {
				s = "tags: " + s
			}
			return []string{s}
		}
	}
	return nil
}

func literal(x ast.Expr) string {
	switch x := x.(type) {
	case *ast.BasicLit:
		if s, err := strconv.Unquote(x.Value); err == nil && x.Kind == token.STRING {
			return s
		}
	case *ast.BinaryExpr:
		return literal(x.X) + literal(x.Y)
	case *ast.CallExpr:
		if calledName(x.Fun) == "Sprintf" {
			return literal(x.Args[0])
		}
	}
	return ""
}

// example is code of a page as a package.
type example struct {
	page *manual.Page
	way  *manual.Way // nil for the mistake
	dir  string
}

func (e example) String() string {
	if e.way == nil {
		return e.page.Code + ", the mistake"
	}
	return e.page.Code + ", to " + e.way.Title
}

// TestExamples generates for the examples of all pages. Each mistake gets one of the messages of its page; each way out generates, or leads on as
// the page says; and what was generated returns what the function does.
func TestExamples(t *testing.T) {
	dir := fixture.Module(t, "")
	examples := write(t, dir)
	said := map[string][]generator.Diagnostic{}
	result, err := generator.Run(t.Context(), generator.Config{Dir: dir, Patterns: []string{"./..."}, NoCache: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range result.Diagnostics {
		at := filepath.Base(filepath.Dir(d.Pos.Filename))
		said[at] = append(said[at], d)
	}
	var runs []example
	for _, e := range examples {
		if e.way == nil {
			e.checkMistake(t, said[e.dir])
		} else if e.checkWay(t, said[e.dir]) && len(e.page.Calls) > 0 && e.way.Leads == "" {
			runs = append(runs, e)
		}
		if e.way == nil || e.way.Leads != "" {
			if err := os.RemoveAll(filepath.Join(dir, e.dir)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if t.Failed() {
		return
	}
	for _, f := range result.Files {
		if _, err := os.Stat(filepath.Dir(f.Path)); err == nil && f.Changed() {
			if err := os.WriteFile(f.Path, f.New, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	compare(t, dir, runs)
}

// write makes a package of each example.
func write(t *testing.T, dir string) []example {
	t.Helper()
	var all []example
	add := func(p *manual.Page, w *manual.Way, code string) {
		if code == "" || isConsole(code) {
			return
		}
		e := example{page: p, way: w, dir: fmt.Sprintf("p%d", len(all))}
		src, err := imports.Process("f.go", []byte(packageOf(code, e.dir)), nil)
		if err != nil {
			t.Fatalf("%s: %v\n%s", e, err, code)
		}
		fixture.Write(t, dir, "-- "+e.dir+"/f.go --\n"+string(src))
		all = append(all, e)
	}
	for p := range manual.Pages() {
		add(p, nil, p.Mistake)
		for i := range p.Ways {
			add(p, &p.Ways[i], p.Ways[i].Code)
		}
	}
	return all
}

// packageOf is code as a package with a name. Code about the package's own comment has its clause.
func packageOf(code, name string) string {
	if re := regexp.MustCompile(`(?m)^package \w+$`); re.MatchString(code) {
		return re.ReplaceAllString(code, "package "+name) + "\n"
	}
	return "package " + name + "\n\n" + code + "\n"
}

func (e example) checkMistake(t *testing.T, said []generator.Diagnostic) {
	t.Helper()
	if !slices.ContainsFunc(said, func(d generator.Diagnostic) bool { return manual.Find(d.Message) == e.page }) {
		t.Errorf("%s: %v", e, said)
		return
	}
	// What the message offers, the page shows.
	for _, d := range said {
		if manual.Find(d.Message) != e.page {
			t.Errorf("%s: more than one mistake: %s", e, d)
			continue
		}
		_, ways, _ := strings.Cut(d.Message, "; ")
		for _, w := range e.page.Ways {
			ways = strings.Replace(ways, w.Title, "", 1)
		}
		if d.Function != "" && regexp.MustCompile(`=\w|share|reviewed|trust|give |read it`).MatchString(ways) {
			t.Errorf("%s: no example of %q", e, ways)
		}
	}
}

// checkWay reports whether a way out generates.
func (e example) checkWay(t *testing.T, said []generator.Diagnostic) bool {
	t.Helper()
	if e.way.Leads != "" {
		if !slices.ContainsFunc(said, func(d generator.Diagnostic) bool { return manual.Find(d.Message).Code == e.way.Leads }) {
			t.Errorf("%s does not lead to %s: %v", e, e.way.Leads, said)
		}
		return false
	}
	if len(said) > 0 {
		t.Errorf("%s: %v", e, said)
	}
	return len(said) == 0
}

// receiver finds the value of which a call is a method.
var receiver = regexp.MustCompile(`^\((&.*)\)\.F\((.*)$`)

// watching is how the program learns what became of the last call.
const watching = `var last cache.Outcome

var observer = cache.Observer{Event: func(_ context.Context, e cache.Event) { last = e.Outcome }}

func outcome() string { return last.String() }

`

// compare calls functions and their wrappers, each twice.
func compare(t *testing.T, dir string, runs []example) {
	t.Helper()
	var inMain, calls strings.Builder
	for _, e := range runs {
		var b strings.Builder
		for n, call := range e.page.Calls {
			if m := receiver.FindStringSubmatch(call); m != nil { // one value for all calls
				fmt.Fprintf(&b, "\tr%d := %s\n", n, m[1])
				call = fmt.Sprintf("r%d.F(%s", n, m[2])
			}
			cached := regexp.MustCompile(`\bF\(`).ReplaceAllString(call, "CachedF(")
			fmt.Fprintf(&b, "\tfor i := range 2 {\n\t\tif want, got := all(%s), all(%s); !reflect.DeepEqual(want, got) {\n"+
				"\t\t\twrong = append(wrong, fmt.Sprint(%q, want, got))\n\t\t}\n"+
				"\t\tif how := outcome(); i > 0 && how != \"hit\" {\n\t\t\twrong = append(wrong, %[3]q+\": the second call is a \"+how)\n\t\t}\n\t}\n",
				call, cached, call)
		}
		src := "package " + e.dir + "\n\nfunc Check(outcome func() string) (wrong []string) {\n" + b.String() + "\treturn wrong\n}\n\nfunc all(v ...any) []any { return v }\n"
		formatted, err := imports.Process("check.go", []byte(src), nil)
		if err != nil {
			t.Fatal(err)
		}
		fixture.Write(t, dir, "-- "+e.dir+"/check.go --\n"+string(formatted))
		fmt.Fprintf(&inMain, "\t%q\n", "example.com/m/"+e.dir)
		fmt.Fprintf(&calls, "\tfor _, wrong := range %s.Check(outcome) {\n\t\tfmt.Println(%q, wrong)\n\t}\n", e.dir, e.String())
	}
	fixture.Write(t, dir, "-- main.go --\npackage main\n\nimport (\n\t\"context\"\n\t\"fmt\"\n\n"+inMain.String()+
		"\tcache \"github.com/cachegen/cachegen/runtime\"\n)\n\n"+watching+"func main() {\n\tdefer cache.Watch(observer)()\n"+calls.String()+"}\n")
	for _, args := range [][]string{{"vet", "./..."}, {"run", "."}} {
		cmd := exec.CommandContext(t.Context(), "go", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off", "CACHEGEN_STORE=memory:")
		if out, err := cmd.Output(); err != nil || args[0] == "run" && len(out) > 0 {
			t.Errorf("go %s: %v\n%s", args[0], err, out)
		}
	}
}
