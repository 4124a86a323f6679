package check_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/cachegen/cachegen/generator/internal/check"
	"github.com/cachegen/cachegen/generator/internal/diag"
	"github.com/cachegen/cachegen/generator/internal/fixture"
	"github.com/cachegen/cachegen/generator/internal/load"
	"github.com/cachegen/cachegen/generator/internal/model"
)

// plans checks the packages of an archive.
func plans(t *testing.T, archive string) (string, map[string]*check.Plan, []diag.Diagnostic) {
	t.Helper()
	dir := fixture.Module(t, archive)
	prog, err := load.Load(t.Context(), load.Config{Dir: dir, Patterns: []string{"./..."}})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range prog.Roots {
		for _, e := range p.Errors {
			t.Errorf("%s: %s", e.Pos, e.Msg)
		}
	}
	var diags diag.List
	all := map[string]*check.Plan{}
	for _, pkg := range model.Build(prog, &diags) {
		for _, p := range check.Functions(pkg, &diags) {
			all[strings.TrimPrefix(p.Function.Name, "example.com/m/")] = p
		}
	}
	return dir, all, diags.Sorted()
}

// want matches the patterns after "// want" in a line.
var want = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// TestRefusals compares diagnostics with the comments in the fixture: // want "regexp" "regexp".
func TestRefusals(t *testing.T) {
	archive, err := os.ReadFile(filepath.Join("testdata", "refusals.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	dir, _, diags := plans(t, string(archive))
	wanted := map[string][]string{}
	for _, name := range []string{"inputs/inputs.go", "results/results.go", "remedies/remedies.go"} {
		src, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(src), "\n") {
			if _, comment, ok := strings.Cut(line, "// want "); ok {
				wanted[fmt.Sprintf("%s:%d", name, i+1)] = want.FindAllString(comment, -1)
			}
		}
	}
	for _, d := range diags {
		name, err := filepath.Rel(dir, d.Pos.Filename)
		if err != nil {
			t.Fatal(err)
		}
		at := fmt.Sprintf("%s:%d", filepath.ToSlash(name), d.Pos.Line)
		if !take(t, wanted, at, d.Message) {
			t.Errorf("unexpected: %s:%d: %s", at, d.Pos.Column, d.Message)
		}
		if d.Function == "" && d.Category != "directive" {
			t.Errorf("%s: no function: %s", at, d.Message)
		}
	}
	for at, left := range wanted {
		if len(left) > 0 {
			t.Errorf("%s: no diagnostic matches %s", at, left)
		}
	}
}

// take removes the first pattern at a place that matches.
func take(t *testing.T, wanted map[string][]string, at, message string) bool {
	t.Helper()
	for i, quoted := range wanted[at] {
		pattern, err := strconv.Unquote(quoted)
		if err != nil {
			t.Fatalf("%s: %s: %v", at, quoted, err)
		}
		if regexp.MustCompile(pattern).MatchString(message) {
			wanted[at] = append(wanted[at][:i:i], wanted[at][i+1:]...)
			return true
		}
	}
	return false
}
