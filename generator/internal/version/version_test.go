package version

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// TestVersions runs the archives in testdata. An archive's comment has lines "edit NAME: FUNCTIONS" with, indented below, "FILE: OLD => NEW"
// for each replacement ("\n" is a line break). The versions of exactly those functions have to change. Functions in a line
// "differ: FUNCTIONS" have different versions to begin with. The functions asked for are all exported ones of the root package with a result.
func TestVersions(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no archives", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			base := txtar.Parse(content)
			before := versions(t, base)
			checkDifferent(t, base, before)
			for _, edit := range parseEdits(t, base) {
				t.Run(edit.name, func(t *testing.T) {
					after := versions(t, edit.apply(t, base))
					var changed []string
					for name, v := range before {
						if after[name] != v {
							changed = append(changed, name)
						}
					}
					slices.SortFunc(changed, byLength)
					want := strings.Fields(edit.changed)
					slices.SortFunc(want, byLength)
					if !slices.Equal(changed, want) {
						t.Errorf("changed %v, want %v", changed, want)
					}
				})
			}
		})
	}
}

// checkDifferent checks the lines "differ: FUNCTIONS" of an archive.
func checkDifferent(t *testing.T, a *txtar.Archive, versions map[string]string) {
	t.Helper()
	for line := range strings.Lines(string(a.Comment)) {
		names, ok := strings.CutPrefix(line, "differ:")
		if !ok {
			continue
		}
		seen := map[string]string{}
		for name := range strings.FieldsSeq(names) {
			v, known := versions[name]
			if other := seen[v]; !known || other != "" {
				t.Errorf("%s has the version of %q", name, other)
			}
			seen[v] = name
		}
	}
}

func byLength(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) }

// edit is a change of an archive.
type edit struct {
	name, changed string
	replacements  []replacement
}

type replacement struct{ file, old, new string }

func parseEdits(t *testing.T, a *txtar.Archive) []edit {
	t.Helper()
	var edits []edit
	for line := range strings.Lines(string(a.Comment)) {
		line = strings.TrimRight(line, "\n")
		if rest, ok := strings.CutPrefix(line, "edit "); ok {
			name, changed, ok := strings.Cut(rest, ":")
			if !ok {
				t.Fatalf("no functions: %s", line)
			}
			edits = append(edits, edit{name: name, changed: changed})
			continue
		}
		if !strings.HasPrefix(line, "\t") {
			continue
		}
		file, rest, ok1 := strings.Cut(strings.TrimSpace(line), ": ")
		before, after, ok2 := strings.Cut(rest, " =>")
		if !ok1 || !ok2 {
			t.Fatalf("no replacement: %s", line)
		}
		last := &edits[len(edits)-1]
		last.replacements = append(last.replacements, replacement{file, unescape(before), unescape(strings.TrimPrefix(after, " "))})
	}
	return edits
}

func unescape(s string) string {
	return strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\t`, "\t").Replace(s)
}

// apply returns the archive after the edit. Replacing nothing in a file that isn't there makes it.
func (e edit) apply(t *testing.T, a *txtar.Archive) *txtar.Archive {
	t.Helper()
	edited := &txtar.Archive{Files: slices.Clone(a.Files)}
	for _, r := range e.replacements {
		i := slices.IndexFunc(edited.Files, func(f txtar.File) bool { return f.Name == r.file })
		if i < 0 && r.old == "" {
			edited.Files = append(edited.Files, txtar.File{Name: r.file, Data: []byte(r.new)})
			continue
		}
		if i < 0 || strings.Count(string(edited.Files[i].Data), r.old) != 1 {
			t.Fatalf("%s is not once in %s", r.old, r.file)
		}
		edited.Files[i].Data = []byte(strings.Replace(string(edited.Files[i].Data), r.old, r.new, 1))
	}
	return edited
}

// versions computes the versions of all exported functions and methods of the root package with a result.
func versions(t *testing.T, a *txtar.Archive) map[string]string {
	t.Helper()
	prog := checkProgram(t, a)
	root := prog.Packages["example.com/m"]
	found := map[string]string{}
	roots := testRoots(t, prog, root)
	g := wholeOf(prog)
	for name, r := range roots {
		v, err := g.of(r)
		if err != nil {
			t.Fatal(err)
		}
		found[name] = v.Hash
	}
	return found
}
