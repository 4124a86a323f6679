// Package secretname knows the names of parameters and fields whose values are secret without being
// asked for: they are neither stored nor logged.
package secretname

import (
	"slices"
	"strings"
	"unicode"
)

// words are those that make a secret of what has them in its name.
var words = []string{"password", "passwd", "passphrase", "secret", "token", "apikey", "credential", "credentials", "dsn", "authorization"}

// Is reports whether a name has one of the words, in any spelling: dbPassword, API_KEY,
// AuthToken, but not tokenize.
func Is(name string) bool {
	parts := split(name)
	for i, part := range parts {
		if slices.Contains(words, part) || i > 0 && slices.Contains(words, parts[i-1]+part) {
			return true
		}
	}
	return false
}

// split returns the words of a name in small letters. They begin at capitals, and after what is no
// letter.
func split(name string) (parts []string) {
	runes := []rune(name)
	start := 0
	end := func(i int) {
		if i > start {
			parts = append(parts, strings.ToLower(string(runes[start:i])))
		}
	}
	for i, r := range runes {
		switch {
		case !unicode.IsLetter(r):
			end(i)
			start = i + 1
		case i > start && unicode.IsUpper(r) && (!unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1])):
			end(i)
			start = i
		}
	}
	end(len(runes))
	return parts
}
