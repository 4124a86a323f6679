package version

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// TestRules checks that each rule is in docs/design/analysis.md, and that tests are named after it.
func TestRules(t *testing.T) {
	content, err := os.ReadFile("../../../docs/design/analysis.md")
	if err != nil {
		t.Fatal(err)
	}
	headings := regexp.MustCompile(`(?m)^## (\d+)\. `).FindAllSubmatch(content, -1)
	if len(headings) != int(facts.RuleBounds) {
		t.Fatalf("%d rules in docs/design/analysis.md, want %d", len(headings), facts.RuleBounds)
	}
	for i, h := range headings {
		number := fmt.Sprint(i + 1)
		if string(h[1]) != number {
			t.Errorf("rule %s is where rule %s should be", h[1], number)
		}
		if tests, err := filepath.Glob("testdata/rule" + number + "_*"); err != nil || len(tests) == 0 {
			t.Errorf("no test is named after rule %s", number)
		}
	}
}

// TestReasonsHaveRules checks that every reason of an edge follows from a rule.
func TestReasonsHaveRules(t *testing.T) {
	for r := facts.Uses; r <= facts.LooksInto; r++ {
		if rule := r.Rule(); rule < facts.RuleReach || rule > facts.RuleBounds || r.String() == "" {
			t.Errorf("reason %d, %q, follows from rule %d", r, r, rule)
		}
	}
}
