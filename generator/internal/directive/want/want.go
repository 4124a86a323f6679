// Package want compares diagnostics with the // want comments of the sources that they are about.
//
// A comment ends in one or more quoted regular expressions, each optionally after the column where
// the diagnostic is to be:
//
//	//cache:auto max-age=10x // want @20 "there is no unit x"
//
// A line //want+1 "…" is about the line after it.
package want

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/cachegen/cachegen/generator/internal/diag"
)

var (
	marker   = regexp.MustCompile(`// want |//want\+1 `)
	expected = regexp.MustCompile("^(?:@([0-9]+) )?(\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`) *")
)

type want struct {
	file   string
	line   int
	column int // 0: any
	re     *regexp.Regexp
}

func (w want) String() string { return fmt.Sprintf("%s:%d:%d: %s", w.file, w.line, w.column, w.re) }

// Check fails t if the diagnostics are not exactly those that the files' comments want. Files are by name.
func Check(t *testing.T, files map[string]string, diags []diag.Diagnostic) {
	t.Helper()
	open := parse(t, files)
next:
	for _, d := range diags {
		for i, w := range open {
			if w.file == d.Pos.Filename && w.line == d.Pos.Line && (w.column == 0 || w.column == d.Pos.Column) && w.re.MatchString(message(d)) {
				open = append(open[:i:i], open[i+1:]...)
				continue next
			}
		}
		t.Errorf("unexpected: %s", d)
	}
	for _, w := range open {
		t.Errorf("missing: %s", w)
	}
}

// message is what expressions are matched with: warnings say that they are.
func message(d diag.Diagnostic) string {
	if d.Severity == diag.Warning {
		return "warning: " + d.Message
	}
	return d.Message
}

func parse(t *testing.T, files map[string]string) []want {
	t.Helper()
	var all []want
	for name, text := range files {
		for i, line := range strings.Split(text, "\n") {
			at := marker.FindStringIndex(line)
			if at == nil {
				continue
			}
			number := i + 1
			if strings.HasPrefix(line[at[0]:], "//want+1") {
				number++
			}
			for rest := line[at[1]:]; rest != ""; {
				m := expected.FindStringSubmatch(rest)
				if m == nil {
					t.Fatalf("%s:%d: bad want: %s", name, i+1, rest)
				}
				column, _ := strconv.Atoi(m[1])
				pattern, err := strconv.Unquote(m[2])
				if err != nil {
					t.Fatalf("%s:%d: bad want: %v", name, i+1, err)
				}
				all = append(all, want{name, number, column, regexp.MustCompile(pattern)})
				rest = rest[len(m[0]):]
			}
		}
	}
	return all
}
