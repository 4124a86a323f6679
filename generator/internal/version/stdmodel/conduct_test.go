package stdmodel

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// reviewedRelease is the release of Go whose standard library was gone through. What came later is on no line, whatever patterns say, until somebody
// looked at it.
const reviewedRelease = 26

// apiLine is a function or method in the lists of what the standard library exports, "pkg strings, method (*Reader) Read([]byte) (int, error)".
var apiLine = regexp.MustCompile(`^pkg ([^ ,]+)(?: \([^)]*\))?, (?:func|method) (?:\(\*?([A-Za-z0-9_]+)(?:\[[^\]]*\])?\) )?([A-Za-z0-9_]+)`)

// TestEveryNameIsReviewed goes through every exported function and method of this Go release and fails for one that is on no line.
func TestEveryNameIsReviewed(t *testing.T) {
	root, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(root)), "api", "go1*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatal("no lists of what the standard library exports", err)
	}
	missing := map[string][]string{}
	seen := 0
	for _, file := range files {
		if n := release(file); n > reviewedRelease {
			t.Errorf("%s is newer than what was reviewed: look at it, and raise reviewedRelease", filepath.Base(file))
		}
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(f)
		for lines.Scan() {
			m := apiLine.FindStringSubmatch(lines.Text())
			if m == nil || strings.Contains(lines.Text(), "(windows-") || strings.HasPrefix(m[1], "syscall") {
				continue
			}
			seen++
			name := m[3]
			if m[2] != "" {
				name = m[2] + "." + name
			}
			if _, ok := lookUp(m[1], name); !ok && !slices.Contains(missing[m[1]], name) {
				missing[m[1]] = append(missing[m[1]], name)
			}
		}
		f.Close()
	}
	for path, names := range missing {
		t.Errorf("%s: nobody looked at %s", path, strings.Join(names, " "))
	}
	if seen < 5000 {
		t.Errorf("only %d functions and methods were found", seen)
	}
}

// release is the number of a list's release, 0 for the first.
func release(file string) int {
	name := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(file), "go1"), ".txt")
	n, _ := strconv.Atoi(strings.TrimPrefix(name, "."))
	return n
}

func TestConducts(t *testing.T) {
	for _, test := range []struct {
		path, name string
		want       *Conduct
	}{
		{"strings", "ToUpper", &Conduct{Copies: true}},
		{"strings", "Builder.WriteString", &Conduct{Own: 1}},
		{"strings", "Builder.String", &Conduct{Copies: true}},
		{"sort", "Ints", &Conduct{Own: 1}},
		{"io", "ReadFull", &Conduct{Own: 2, State: 1}},
		{"", "error.Error", &Conduct{Copies: true}},
		{"flag", "Set", nil},
		{"example.com/m", "F", nil},
		{"os", "Setenv", &Conduct{Changes: true}},
		{"log", "Print", &Conduct{Copies: true, Reads: true, Logs: true}},
		{"log", "SetFlags", &Conduct{Changes: true, Keeps: 1}},
	} {
		got := ConductOf(test.path, test.name)
		if (got == nil) != (test.want == nil) || got != nil && *got != *test.want {
			t.Errorf("%s.%s: %+v, want %+v", test.path, test.name, got, test.want)
		}
	}
}

func TestBadLines(t *testing.T) {
	for _, text := range []string{"p\n\tF", "p\n\tF own=x", "p\n\tF pure G", "p\n\tF own="} {
		if _, err := parse(text); err == nil {
			t.Errorf("%q is read", text)
		}
	}
}
