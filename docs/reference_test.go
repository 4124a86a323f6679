package docs_test

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the pages of reference that are made from the code")

// TestReference compares pages with what the code knows.
func TestReference(t *testing.T) {
	for name, make := range map[string]func(*testing.T) string{
		"reference/command.md": commandPage, "reference/metrics.md": metricsPage, "reference/errors.md": errorsPage,
	} {
		t.Run(name, func(t *testing.T) {
			want := make(t)
			if *update {
				if err := os.WriteFile(name, []byte(want), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			got, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, string(got)); diff != "" {
				t.Errorf("go test ./docs -run TestReference -update rewrites it:\n%s", diff)
			}
		})
	}
}

const made = "\nThis page is made from the code by `go test ./docs -run TestReference -update`.\n"

// commandPage has what the command says of itself.
func commandPage(t *testing.T) string {
	t.Helper()
	tool := filepath.Join(t.TempDir(), "cachegen")
	if out, err := exec.Command("go", "build", "-o", tool, "github.com/cachegen/cachegen/cmd/cachegen").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var b strings.Builder
	b.WriteString("# Command\n" + made + "`cachegen help` and `cachegen help COMMAND` print the same.\n")
	help := func(args ...string) string {
		out, err := exec.Command(tool, append([]string{"help"}, args...)...).Output()
		if err != nil {
			t.Fatalf("help %v: %v", args, err)
		}
		return string(bytes.TrimRight(out, "\n"))
	}
	reference := help()
	fmt.Fprintf(&b, "\n## All of it\n\n```text\n%s\n```\n", reference)
	for _, m := range regexp.MustCompile(`(?m)^\s+cachegen ([a-z]+)\b`).FindAllStringSubmatch(reference, -1) {
		if name := m[1]; !strings.Contains(b.String(), "\n## "+name+"\n") {
			fmt.Fprintf(&b, "\n## %s\n\n```text\n%s\n```\n", name, help(name))
		}
	}
	return b.String()
}

// packageOf returns the documentation of a package of the repository.
func packageOf(t *testing.T, dir string) *doc.Package {
	t.Helper()
	set := token.NewFileSet()
	names, err := filepath.Glob(filepath.Join(root, dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(set, name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	p, err := doc.NewFromFiles(set, files, "github.com/cachegen/cachegen/"+dir)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// metricsPage has what events and counters say.
func metricsPage(t *testing.T) string {
	t.Helper()
	p := packageOf(t, "runtime")
	var b strings.Builder
	b.WriteString("# Metrics\n" + made)
	b.WriteString("\nEach call of a cached function ends in an event (`cache.Observe`, `Config.Observe`).\n`cache.Functions` counts events by outcome and reason.\n")
	for _, group := range []struct{ title, first string }{{"Outcomes", "Hit"}, {"Tiers", "Memory"}, {"Reasons", "NeverSeen"}, {"Modes", "Use"}} {
		fmt.Fprintf(&b, "\n## %s\n\n| `cache.…` | what it means |\n| --- | --- |\n", group.title)
		for _, c := range constants(p, group.first) {
			fmt.Fprintf(&b, "| `%s` | %s |\n", c.Names[0].Name, oneLine(c.Comment.Text()+c.Doc.Text()))
		}
	}
	for _, name := range []string{"Event", "Stats"} {
		fmt.Fprintf(&b, "\n## %s\n\n| field | what it is |\n| --- | --- |\n", name)
		for _, f := range fields(t, p, name) {
			var names []string
			for _, n := range f.Names {
				names = append(names, "`"+n.Name+"`")
			}
			fmt.Fprintf(&b, "| %s | %s |\n", strings.Join(names, ", "), oneLine(f.Doc.Text()))
		}
	}
	return b.String()
}

// constants returns the group of constants that begins with one.
func constants(p *doc.Package, first string) (specs []*ast.ValueSpec) {
	all := p.Consts
	for _, t := range p.Types {
		all = append(all, t.Consts...)
	}
	for _, v := range all {
		if v.Names[0] == first {
			for _, s := range v.Decl.Specs {
				specs = append(specs, s.(*ast.ValueSpec))
			}
		}
	}
	return specs
}

func fields(t *testing.T, p *doc.Package, name string) []*ast.Field {
	t.Helper()
	i := slices.IndexFunc(p.Types, func(t *doc.Type) bool { return t.Name == name })
	if i < 0 {
		t.Fatalf("no type %s", name)
	}
	return p.Types[i].Decl.Specs[0].(*ast.TypeSpec).Type.(*ast.StructType).Fields.List
}

func oneLine(text string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "|", "\\|")
}

// errorsPage has the errors that programs can meet.
func errorsPage(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("# Errors\n" + made)
	b.WriteString("\nA cached call returns the function's own errors, and `ErrFrozen` in mode `Frozen`. Controls return the\nothers. Compare with `errors.Is`.\n")
	for _, dir := range []string{"runtime", "runtime/store"} {
		p := packageOf(t, dir)
		fmt.Fprintf(&b, "\n## Package %s\n\n| error | when |\n| --- | --- |\n", p.Name)
		for _, v := range p.Vars {
			if strings.HasPrefix(v.Names[0], "Err") {
				fmt.Fprintf(&b, "| `%s.%s` | %s |\n", p.Name, v.Names[0], oneLine(v.Doc))
			}
		}
	}
	return b.String()
}

var variable = regexp.MustCompile(`"(CACHEGEN_[A-Z]+)"`)

// TestEnvironment compares the variables of the page with those that the code reads.
func TestEnvironment(t *testing.T) {
	page, err := os.ReadFile("reference/environment.md")
	if err != nil {
		t.Fatal(err)
	}
	read := map[string]bool{}
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		name := filepath.ToSlash(path)
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") ||
			strings.Contains(name, "/oracle/") || strings.Contains(name, "/storetest/") || strings.Contains(name, "/examples/") {
			return err
		}
		src, err := os.ReadFile(path)
		for _, m := range variable.FindAllStringSubmatch(string(src), -1) {
			read[m[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for name := range read {
		if !strings.Contains(string(page), "| `"+name+"` |") {
			t.Errorf("reference/environment.md has no line for %s", name)
		}
	}
	for _, m := range regexp.MustCompile("(?m)^\\| `(CACHEGEN_[A-Z]+)` \\|").FindAllStringSubmatch(string(page), -1) {
		if !read[m[1]] {
			t.Errorf("reference/environment.md has %s, which nothing reads", m[1])
		}
	}
}
