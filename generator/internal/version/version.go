package version

import (
	"fmt"

	"github.com/cachegen/cachegen/generator/internal/diag"
	"github.com/cachegen/cachegen/generator/internal/version/closure"
	"github.com/cachegen/cachegen/generator/internal/version/facts"
	"github.com/cachegen/cachegen/generator/internal/version/review"
)

// Version is what the code of a function means.
type Version struct {
	// Hash is "v1:" and 32 hexadecimal digits.
	Hash string
	// Modules are the modules other than its own that the function reaches, in order: their paths, and where they are if their
	// code is in the version: "example.com/units => ../units".
	Modules []string
	// Linked are the string variables that the function reaches, by import path and name: the linker can set them. "C" stands for
	// C code.
	Linked []string
	// Warnings tell what the function reaches that no version can see, and what is refused: those are errors.
	Warnings []diag.Diagnostic

	root    facts.ID
	closure *closure.Closure
}

// Errors are errors of packages that a function reaches: its version can't be known.
type Errors []facts.Error

// Error is the first error, and how many more there are.
func (e Errors) Error() string {
	first := e[0].Msg
	if e[0].Pos.IsValid() {
		first = e[0].Pos.String() + ": " + first
	}
	if len(e) > 1 {
		return fmt.Sprintf("%s (and %d more errors)", first, len(e)-1)
	}
	return first
}

// Of computes the version of a function. The error is [Errors] if a package that it reaches has some.
func Of(g *closure.Graph, root facts.Root) (*Version, error) {
	fn := root.Func
	if g.Node(fn) == nil {
		if errs := g.ErrorsOf(fn.Package); len(errs) > 0 {
			return nil, Errors(errs)
		}
		return nil, fmt.Errorf("%s is not in the program", fn)
	}
	if root.Body {
		v, err := body(g, fn)
		if err == nil {
			v.Warnings = Review(g, root)
		}
		return v, err
	}
	c := g.Reach(root)
	if len(c.Errors) > 0 {
		return nil, Errors(c.Errors)
	}
	v := &Version{Hash: c.Hash(fn), Modules: c.Modules(), Linked: c.Linked(), root: fn, closure: c}
	if root.NeedsReview() {
		v.Warnings = review.Of(c, fn, root.Cached)
	}
	return v, nil
}

// Review returns what is refused of a function and what is warned of, whatever its version is. Where what it reaches has errors, it is
// nothing: those come first.
func Review(g *closure.Graph, root facts.Root) []diag.Diagnostic {
	if !root.NeedsReview() {
		return nil
	}
	c := g.Reach(root)
	if len(c.Errors) > 0 {
		return nil
	}
	return review.Of(c, root.Func, root.Cached)
}

// body is the version of the function alone.
func body(g *closure.Graph, fn facts.ID) (*Version, error) {
	if errs := g.ErrorsOf(fn.Package); len(errs) > 0 {
		return nil, Errors(errs)
	}
	c := g.Alone(fn)
	return &Version{Hash: c.HashBody(), Linked: c.LinkedAlone(), root: fn, closure: c}, nil
}

// Explain says what the version is made of.
func (v *Version) Explain() *Explanation {
	return &Explanation{
		Function: v.root.String(), Version: v.Hash, Modules: append([]string{}, v.Modules...), Linked: v.Linked,
		Parts: v.closure.Definitions(),
	}
}

// Directories returns the directories that the version was made from, sorted: those of the user's packages, and of vendored ones.
func (v *Version) Directories() []string { return v.closure.Directories() }
