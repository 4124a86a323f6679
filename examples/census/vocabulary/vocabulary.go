// Package vocabulary splits names into words.
package vocabulary

import (
	"go/ast"
	"strings"
	"unicode"
)

// Count adds the words of all names in file to counts.
func Count(counts map[string]int, file *ast.File) {
	ast.Inspect(file, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			for _, word := range Split(id.Name) {
				counts[word]++
			}
		}
		return true
	})
}

// Split returns the words of a name in mixed caps or with underscores, in lower case, without those
// of one letter.
func Split(name string) []string {
	var words []string
	for part := range strings.FieldsFuncSeq(name, func(r rune) bool { return !unicode.IsLetter(r) }) {
		runes := []rune(part)
		start := 0
		for i := 1; i <= len(runes); i++ {
			if i == len(runes) || startsWord(runes, i) {
				if i-start > 1 {
					words = append(words, strings.ToLower(string(runes[start:i])))
				}
				start = i
			}
		}
	}
	return words
}

// startsWord reports whether a word starts at i: an upper-case letter after a lower-case one, or
// the last of several before a lower-case one.
func startsWord(runes []rune, i int) bool {
	if !unicode.IsUpper(runes[i]) {
		return false
	}
	return unicode.IsLower(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1])
}
