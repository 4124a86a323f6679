// Package docs_test holds what the documentation says to be true: links lead somewhere, code
// compiles, commands run and print what is shown, reference pages are what the code knows.
package docs_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// root is the repository's directory.
const root = ".."

// page is a Markdown file.
type page struct {
	name   string // from the repository's root, with slashes
	text   string
	blocks []block
}

// block is a fenced code block.
type block struct {
	line    int    // of the fence
	lang    string // "go"
	arg     string // what comes after the language: a file name
	text    string
	prelude string // what the comment before the block takes for declared
}

// pages returns all Markdown files of the repository, but for testdata.
func pages(t *testing.T) []page {
	t.Helper()
	var list []page
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || d.Name() == ".git" || d.Name() == "node_modules"):
			return fs.SkipDir
		case d.IsDir() || filepath.Ext(path) != ".md":
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		list = append(list, page{filepath.ToSlash(rel), string(data), blocksOf(string(data))})
		return err
	})
	if err != nil || len(list) < 20 {
		t.Fatalf("%d pages, %v", len(list), err)
	}
	return list
}

// prelude begins the comment that says what a block of Go takes for declared. It is not shown.
const prelude = "<!-- go:"

// blocksOf returns the code blocks of a page.
func blocksOf(text string) (blocks []block) {
	lines := strings.Split(text, "\n")
	before := ""
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		if strings.HasPrefix(line, prelude) {
			from := i
			for !strings.HasSuffix(lines[i], "-->") {
				i++
			}
			comment := strings.Join(lines[from:i+1], "\n")
			before = strings.TrimSuffix(strings.TrimPrefix(comment, prelude), "-->")
			continue
		}
		fence, ok := strings.CutPrefix(line, "```")
		if !ok {
			if line != "" {
				before = ""
			}
			continue
		}
		b := block{line: i + 1, prelude: before}
		b.lang, b.arg, _ = strings.Cut(fence, " ")
		from := i + 1
		for i++; i < len(lines) && lines[i] != "```"; i++ {
		}
		b.text = strings.Join(lines[from:i], "\n") + "\n"
		blocks, before = append(blocks, b), ""
	}
	return blocks
}
