package docs_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestFigures sees that the first page has no figure which the page of measurements does not have.
func TestFigures(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	var measured strings.Builder
	for _, name := range []string{"design/performance.md", "design/versions.md"} {
		page, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		measured.WriteString(string(page))
	}
	figures := regexp.MustCompile(`\d[\d,]* (?:ns|executed mutants)|\d,\d+ changed`).FindAllString(string(readme), -1)
	if len(figures) < 3 {
		t.Errorf("only %q", figures)
	}
	for _, figure := range figures {
		number, unit, _ := strings.Cut(figure, " ")
		if unit != "ns" {
			figure = number
		}
		if !strings.Contains(measured.String(), figure) {
			t.Errorf("README.md says %q, and no page of measurements does", figure)
		}
	}
}
