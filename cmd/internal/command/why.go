package command

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/cachegen/cachegen/generator"
)

// runWhy explains a version, or how it differs from another revision's.
func runWhy(ctx context.Context, c *command, args []string) int {
	f := c.loadFlags()
	rev := c.flags.String("base", "", "a git `revision` to compare with")
	asJSON := c.flags.Bool("json", false, "print JSON")
	mermaid := c.flags.Bool("mermaid", false, "print a Mermaid flowchart")
	full := c.flags.Bool("full", false, "print all definitions, however many, as a tree")
	if code, ok := c.parse(args); !ok {
		return code
	}
	if c.flags.NArg() != 1 {
		return c.fail(errors.New("why takes one function, such as Forecast or Client.Today"))
	}
	fn, now, err := c.explain(ctx, f, nil, c.flags.Arg(0))
	if err != nil {
		return c.fail(err)
	}
	if *rev == "" {
		switch {
		case *asJSON:
			return c.printJSON(now)
		case *mermaid:
			return c.printMermaid(now)
		}
		if fn.Version != "" && fn.Code != fn.Version {
			fmt.Fprintf(c.stdout, "%s has the version that was accepted for this code, whose own is %s\n", fn.Name, fn.Code)
		}
		return c.printExplanation(now, *full)
	}
	b, err := checkOut(ctx, *rev)
	if err != nil {
		return c.fail(err)
	}
	defer b.remove()
	_, before, err := c.explain(ctx, f, b, c.flags.Arg(0))
	if err != nil {
		return c.fail(fmt.Errorf("at %s: %w", *rev, err))
	}
	changes := generator.Compare(before, now)
	b.rename(changes)
	switch {
	case *asJSON:
		return c.printJSON(difference{fn.Name, before.Version, now.Version, changes})
	case *mermaid:
		return c.printMermaidChanges(fn.Name, changes)
	}
	c.printChanges(difference{fn.Name, before.Version, now.Version, changes})
	return exitOK
}

// difference is how the version of a function changed.
type difference struct {
	Function string             `json:"function"`
	Before   string             `json:"before"`
	Now      string             `json:"now"`
	Changes  []generator.Change `json:"changes"`
}

// explain loads the packages around the current directory, here or in a base, and explains the version of the function that name means.
func (c *command) explain(ctx context.Context, f *loadFlags, b *base, name string) (generator.Function, *generator.Explanation, error) {
	result, err := c.generateIn(ctx, f, b.current(), around(name))
	if err != nil {
		return generator.Function{}, nil, err
	}
	fn, err := c.find(b, result, name)
	if err != nil {
		return generator.Function{}, nil, err
	}
	if slices.Contains(result.Broken, fn.Package) {
		c.reportAbout(b, result, name)
	}
	x := result.Explain(fn.Name)
	if x == nil {
		return fn, nil, fmt.Errorf("%s has the version %s and nothing else: //cache:override says so", fn.Name, fn.Version)
	}
	if fn.Version != "" { // which may be one that was accepted for this code
		x.Version = fn.Version
	}
	for i := range x.Parts {
		x.Parts[i].File = relative(x.Parts[i].File)
		x.Parts[i].Place.File = relative(x.Parts[i].Place.File)
	}
	return fn, x, nil
}

// rename calls files of the copy what they are in the revision.
func (b *base) rename(changes []generator.Change) {
	for _, change := range changes {
		for i := range change.Path {
			change.Path[i].File = b.name(change.Path[i].File)
		}
	}
}

func (c *command) printJSON(v any) int {
	if err := encode(c.stdout, v, ""); err != nil {
		return c.fail(err)
	}
	return exitOK
}
