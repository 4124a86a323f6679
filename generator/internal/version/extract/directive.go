package extract

import (
	"go/ast"
	"strings"
)

// isReviewed reports whether a doc comment has //cache:reviewed.
func isReviewed(doc *ast.CommentGroup) bool {
	if doc == nil {
		return false
	}
	for _, c := range doc.List {
		if d, ok := ast.ParseDirective(c.Pos(), c.Text); ok && d.Tool == "cache" && d.Name == "reviewed" {
			return true
		}
	}
	return false
}

// goDirectives returns the arguments of the lines of a comment that begin with //go:name.
func goDirectives(doc *ast.CommentGroup, name string) []string {
	if doc == nil {
		return nil
	}
	var all []string
	for _, c := range doc.List {
		rest, ok := strings.CutPrefix(c.Text, "//go:"+name)
		if ok && (rest == "" || rest[0] == ' ' || rest[0] == '\t') {
			all = append(all, strings.TrimSpace(rest))
		}
	}
	return all
}
