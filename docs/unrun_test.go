package docs_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestUnrun sees that lines which TestShell leaves out name what there is: directories, tests, the
// variables that tests read, targets of make.
func TestUnrun(t *testing.T) {
	makefile, err := os.ReadFile(filepath.Join(root, "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, p := range pages(t) {
		for _, b := range p.blocks {
			if b.lang != "sh" {
				continue
			}
			for line := range strings.Lines(b.text) {
				if !isUnrun(line) {
					continue
				}
				n++
				line, _, _ = strings.Cut(line, "  #")
				if target, ok := strings.CutPrefix(line, "make "); ok && !strings.Contains(string(makefile), "\n"+strings.TrimSpace(target)+":") {
					t.Errorf("%s: make has no target %s", p.name, target)
				}
				for _, missing := range missingIn(t, line) {
					t.Errorf("%s: there is no %s: %s", p.name, missing, line)
				}
			}
		}
	}
	if found := missingIn(t, "CACHEGEN_NOTHING=1 go test ./runtime/internal/simulator -run Nothing"); len(found) != 2 {
		t.Errorf("what is not there is found: %v", found)
	}
	if n < len(unrun) {
		t.Errorf("only %d lines", n)
	}
}

func isUnrun(line string) bool {
	for begin := range unrun {
		if strings.HasPrefix(line, begin) {
			return true
		}
	}
	return false
}

// missingIn returns what a line of shell names and the repository does not have.
func missingIn(t *testing.T, line string) (missing []string) {
	t.Helper()
	words := strings.Fields(strings.ReplaceAll(line, "'", ""))
	base, dir, tests, variables := root, "", "", []string(nil)
	for i, word := range words {
		name, _, isSet := strings.Cut(word, "=")
		switch {
		case i > 0 && words[i-1] == "-C":
			base = filepath.Join(root, strings.TrimPrefix(word, "cachegen/"))
		case i > 0 && (words[i-1] == "-run" || words[i-1] == "-bench") && word != "^$":
			tests = word
		case isSet && strings.HasPrefix(name, "CACHEGEN_"):
			variables = append(variables, name)
		case strings.HasPrefix(word, "./") && word != "./...":
			dir = word
		}
	}
	dir = filepath.Join(base, dir)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return []string{dir}
	}
	code := testsIn(t, dir)
	for name := range strings.SplitSeq(tests, "|") {
		if name != "" && !regexp.MustCompile(`\bfunc (Test|Benchmark)\w*`+strings.TrimPrefix(strings.TrimPrefix(name, "Test"), "Benchmark")).MatchString(code) {
			missing = append(missing, "test "+name)
		}
	}
	for _, name := range variables {
		if !strings.Contains(code, `"`+name+`"`) {
			missing = append(missing, "variable "+name)
		}
	}
	return missing
}

// testsIn returns the code of the tests in a directory.
func testsIn(t *testing.T, dir string) string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	var code strings.Builder
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		code.Write(data)
	}
	return code.String()
}
