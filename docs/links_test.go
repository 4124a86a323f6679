package docs_test

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.*)$`)
)

// TestLinks sees that each link into the repository leads to a file that is there, and to a heading
// of it.
func TestLinks(t *testing.T) {
	anchors := map[string]map[string]bool{}
	all := pages(t)
	for _, p := range all {
		anchors[p.name] = anchorsOf(p.text)
	}
	for _, p := range all {
		for _, m := range link.FindAllStringSubmatch(withoutCode(p.text), -1) {
			target, anchor, _ := strings.Cut(m[1], "#")
			if strings.Contains(target, ":") || strings.HasPrefix(target, "../../") && strings.Contains(p.name, ".github") {
				continue
			}
			name := p.name
			if target != "" {
				name = path.Join(path.Dir(p.name), target)
			}
			if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(name))); err != nil {
				t.Errorf("%s: %s: %v", p.name, m[1], err)
			} else if known := anchors[name]; anchor != "" && known != nil && !known[anchor] {
				t.Errorf("%s: %s: there is no such heading", p.name, m[1])
			}
		}
	}
}

// withoutCode returns a page without its code blocks.
func withoutCode(text string) string {
	parts := strings.Split("\n"+text, "\n```")
	var b strings.Builder
	for i := 0; i < len(parts); i += 2 {
		b.WriteString(parts[i] + "\n")
	}
	return b.String()
}

// anchorsOf returns the names of a page's headings, as GitHub makes them.
func anchorsOf(text string) map[string]bool {
	m := map[string]bool{}
	for _, h := range heading.FindAllStringSubmatch(withoutCode(text), -1) {
		m[strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_':
				return unicode.ToLower(r)
			}
			return -1
		}, h[1])] = true
	}
	return m
}

// TestReachable sees that each page of the documentation can be reached by links from its first.
func TestReachable(t *testing.T) {
	all := map[string]page{}
	for _, p := range pages(t) {
		all[p.name] = p
	}
	seen := map[string]bool{}
	var visit func(name string)
	visit = func(name string) {
		p, ok := all[name]
		if !ok || seen[name] {
			return
		}
		seen[name] = true
		for _, m := range link.FindAllStringSubmatch(p.text, -1) {
			target, _, _ := strings.Cut(m[1], "#")
			name := path.Join(path.Dir(p.name), target)
			visit(name)
			visit(name + "/README.md")
		}
	}
	visit("README.md")
	for name := range all {
		if strings.HasPrefix(name, "docs/") && !seen[name] {
			t.Errorf("%s can't be reached from README.md", name)
		}
	}
}

// TestPaths sees that files and directories of the repository that pages name are there.
func TestPaths(t *testing.T) {
	path := regexp.MustCompile("`((?:cmd|docs|examples|generator|internal|runtime|testdata|\\.ci|\\.github)/[\\w./*-]+)`")
	n := 0
	for _, p := range pages(t) {
		if strings.HasPrefix(p.name, "docs/howto/") { // there they are users' files
			continue
		}
		for _, m := range path.FindAllStringSubmatch(p.text, -1) {
			if strings.HasSuffix(m[1], "/v0.1.0") { // a tag
				continue
			}
			n++
			if found, err := filepath.Glob(filepath.Join(root, m[1])); err != nil || len(found) == 0 {
				t.Errorf("%s names %s, which is not there: %v", p.name, m[1], err)
			}
		}
	}
	if n < 40 {
		t.Errorf("only %d paths", n)
	}
}
