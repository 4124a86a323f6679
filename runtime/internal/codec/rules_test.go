package codec

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestRules compares the types with a rule with the table in docs/reference/types.md, which the
// generator's own test compares with its rules.
func TestRules(t *testing.T) {
	doc, err := os.ReadFile("../../../docs/reference/types.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, ok := strings.Cut(string(doc), "<!-- rules:")
	table, _, closed := strings.Cut(table, "<!-- end of rules -->")
	if !ok || !closed {
		t.Fatal("docs/reference/types.md has no table of rules")
	}
	var want, got []string
	for _, row := range regexp.MustCompile("(?m)^\\| `([^`]+)`").FindAllStringSubmatch(table, -1) {
		want = append(want, row[1])
	}
	for rule := range known {
		if rule.Name() == "" {
			rule = rule.Elem()
		}
		got = append(got, rule.PkgPath()+"."+rule.Name())
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("rules for %q; docs/reference/types.md has %q", got, want)
	}
}
