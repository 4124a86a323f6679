package version

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cachegen/cachegen/generator/internal/diag"
	"github.com/cachegen/cachegen/generator/internal/fixture"
	"github.com/cachegen/cachegen/generator/internal/load"
	"github.com/cachegen/cachegen/generator/internal/model"
	"github.com/cachegen/cachegen/generator/internal/version/extract"
)

// cachedProgram loads a module with directives.
func cachedProgram(t *testing.T, dir string) (whole, []*model.Function) {
	t.Helper()
	prog, err := load.Load(t.Context(), load.Config{Dir: dir, Patterns: []string{"./..."}})
	if err != nil {
		t.Fatal(err)
	}
	var list diag.List
	var functions []*model.Function
	var roots []extract.Root
	for _, p := range model.Build(prog, &list) {
		for _, f := range p.Functions {
			functions = append(functions, f)
			roots = append(roots, extract.RootOf(f))
		}
	}
	for _, d := range list.Sorted() {
		t.Error(d)
	}
	return wholeOf(prog, roots...), functions
}

var wantComment = regexp.MustCompile("`([^`]*)`")

// TestReview compares what is said about the functions of testdata/*.txt with the comments "// want `regexp` …" in the lines of
// their names. A function without one has to be free of reproach.
func TestReview(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no archives", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) { testReview(t, file) })
	}
}

func testReview(t *testing.T, file string) {
	archive, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	dir := fixture.Module(t, string(archive))
	g, functions := cachedProgram(t, dir)
	if len(functions) < 30 {
		t.Fatalf("only %d functions", len(functions))
	}
	for _, f := range functions {
		v, err := g.of(extract.RootOf(f))
		if err != nil {
			t.Errorf("%s: %v", f.Name, err)
			continue
		}
		want := wanted(t, f)
		for _, d := range v.Warnings {
			message := fmt.Sprintf("%s: %s", d.Category, d.Message)
			if d.IsWarning() {
				message = "warning " + message
			}
			i := slices.IndexFunc(want, func(re *regexp.Regexp) bool { return re.MatchString(message) })
			if i < 0 {
				t.Errorf("%s: unexpected: %s", f.Name, message)
				continue
			}
			want = slices.Delete(want, i, i+1)
		}
		for _, re := range want {
			t.Errorf("%s: nothing like %s", f.Name, re)
		}
	}
}

// wanted reads the comment in the line of a function's name.
func wanted(t *testing.T, f *model.Function) []*regexp.Regexp {
	t.Helper()
	content, err := os.ReadFile(filepath.Clean(f.File))
	if err != nil {
		t.Fatal(err)
	}
	line := strings.Split(string(content), "\n")[f.Pos.Line-1]
	_, comment, ok := strings.Cut(line, "// want ")
	if !ok {
		return nil
	}
	var all []*regexp.Regexp
	for _, m := range wantComment.FindAllStringSubmatch(comment, -1) {
		all = append(all, regexp.MustCompile(m[1]))
	}
	return all
}

// TestSameTwice computes versions twice: hash, explanation and warnings must not depend on the order of a map.
func TestSameTwice(t *testing.T) {
	archive, err := os.ReadFile("testdata/review.txt")
	if err != nil {
		t.Fatal(err)
	}
	dir := fixture.Module(t, string(archive))
	said := func() string {
		g, functions := cachedProgram(t, dir)
		var b strings.Builder
		for _, f := range functions {
			v, err := g.of(extract.RootOf(f))
			if err != nil {
				t.Fatal(err)
			}
			text, err := json.Marshal(v.Explain())
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&b, "%s\n%s\n%v\n", v.Hash, text, v.Warnings)
		}
		return b.String()
	}
	if diff := cmp.Diff(said(), said()); diff != "" {
		t.Error(diff)
	}
}
