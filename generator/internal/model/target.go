package model

import (
	"regexp"
	"slices"
	"unicode"

	"github.com/cachegen/cachegen/generator/internal/diag"
	"github.com/cachegen/cachegen/generator/internal/directive"
)

// sameTargets reports functions whose targets can be one path: each would take the other's results
// for its own.
func sameTargets(packages []*Package, diags *diag.List) {
	var seen []*Function
	for _, p := range packages {
		for _, f := range p.Functions {
			if f.Options.Target == "" {
				continue
			}
			same := func(other *Function) bool {
				return f.Options.Store == other.Options.Store && overlap(f.targetPattern(), other.targetPattern())
			}
			if i := slices.IndexFunc(seen, same); i >= 0 {
				diags.Errorf(f.Options.Pos["target"], directive.Category,
					"target: a path of it can be one of %s too (%s): put {func} or a directory of its own into it",
					seen[i].Name, seen[i].Options.Target)
			}
			seen = append(seen, f)
		}
	}
}

// In a pattern, which is otherwise text, anyone stands for a character that is no slash, and
// several for any number of them.
const (
	anyone  rune = -1
	several rune = -2
)

// capitals are written as ! and the lower-case letter in paths.
var capitals = regexp.MustCompile(`[A-Z]`)

// targetPattern is the function's target with its inputs as wildcards. Case doesn't count: file
// names can ignore it.
func (f *Function) targetPattern() []rune {
	var pattern []rune
	for _, part := range f.Options.TargetParts {
		switch {
		case part.Name == "func":
			pattern = append(pattern, []rune(capitals.ReplaceAllString(f.Name, "!$0"))...)
		case part.Placeholder():
			pattern = append(pattern, anyone, several)
		default:
			pattern = append(pattern, []rune(part.Literal)...)
		}
	}
	for i, c := range pattern {
		pattern[i] = unicode.ToLower(c)
	}
	return pattern
}

// overlap reports whether a text matches both patterns.
func overlap(a, b []rune) bool {
	failed := map[[2]int]bool{}
	var match func(i, j int) bool
	match = func(i, j int) bool {
		at := [2]int{i, j}
		if failed[at] {
			return false
		}
		var ok bool
		switch {
		case i < len(a) && a[i] == several:
			ok = match(i+1, j) || j < len(b) && b[j] != '/' && match(i, j+1)
		case j < len(b) && b[j] == several:
			ok = match(i, j+1) || i < len(a) && a[i] != '/' && match(i+1, j)
		case i == len(a) || j == len(b):
			ok = i == len(a) && j == len(b)
		default:
			same := a[i] == b[j] || a[i] == anyone && b[j] != '/' || b[j] == anyone && a[i] != '/'
			ok = same && match(i+1, j+1)
		}
		failed[at] = !ok
		return ok
	}
	return match(0, 0)
}
