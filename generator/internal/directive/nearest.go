package directive

import (
	"iter"
	"strings"
)

// Nearest returns the valid name that is most like name, or "" if none is near: at most one edit in
// three characters, where an edit inserts, removes, replaces or swaps neighbours. Case and the
// difference between _ and - cost nothing.
func Nearest(name string, valid iter.Seq[string]) string {
	best, least := "", len(name)/3+2
	for v := range valid {
		if d := distance(fold(name), fold(v)); d < least && d < len(v) {
			best, least = v, d
		}
	}
	return best
}

func fold(s string) string { return strings.ReplaceAll(strings.ToLower(s), "_", "-") }

// DidYouMean is the tail of a message that suggests a name: "" for "".
func DidYouMean(name string) string {
	if name == "" {
		return ""
	}
	return " (did you mean " + name + "?)"
}

// distance is the optimal string alignment distance of two strings.
func distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
