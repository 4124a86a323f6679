package conformance

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestDocsNameTests sees that the pages for those who come from other systems name tests and files that exist.
func TestDocsNameTests(t *testing.T) {
	docs := filepath.Join("..", "..", "..", "docs", "comparison")
	pages, err := filepath.Glob(filepath.Join(docs, "*.md"))
	must(t, err)
	if len(pages) < 8 {
		t.Errorf("only %d pages", len(pages))
	}
	var sources strings.Builder
	for _, pattern := range []string{"*_test.go", "defaults/*_test.go"} {
		names, err := filepath.Glob(pattern)
		must(t, err)
		for _, name := range names {
			src, err := os.ReadFile(name)
			must(t, err)
			sources.Write(src)
		}
	}
	test, link := regexp.MustCompile(`\bTest\w+`), regexp.MustCompile(`\]\(([^)#:]+)\)`)
	for _, page := range pages {
		text, err := os.ReadFile(page)
		must(t, err)
		for _, name := range test.FindAllString(string(text), -1) {
			if !strings.Contains(sources.String(), "func "+name+"(") {
				t.Errorf("%s: there is no %s", page, name)
			}
		}
		for _, target := range link.FindAllStringSubmatch(string(text), -1) {
			if _, err := os.Stat(filepath.Join(docs, target[1])); err != nil {
				t.Errorf("%s: %v", page, err)
			}
		}
	}
}
