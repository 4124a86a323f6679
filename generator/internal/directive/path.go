package directive

import (
	"fmt"
	"go/token"
	"strings"
)

// Step is a step of a path: the parameter that it begins with, a field, or a call of a method
// without arguments.
type Step struct {
	Name string
	Call bool
}

// parsePath reads a path: q, c.Host, repo.Owner(). The name of a function, fn or pkg.Fn, is one
// too.
func parsePath(s string) ([]Step, error) {
	var steps []Step
	for i, name := range strings.Split(s, ".") {
		name, call := strings.CutSuffix(name, "()")
		if !token.IsIdentifier(name) || name == "_" || call && i == 0 {
			return nil, fmt.Errorf("%q is neither a function nor part of a parameter: write fn, or q, c.Host or repo.Owner()", s)
		}
		steps = append(steps, Step{name, call})
	}
	return steps, nil
}

// Function is the item as one that names a function: fn, or pkg.Fn.
func (i Item) Function() (Item, error) {
	f, err := funcItem(i.Text)
	f.Pos = i.Pos
	return f, err
}
