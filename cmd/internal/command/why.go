package command

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/cachegen/cachegen/generator"
)

// runWhy explains a version, or how it differs from another revision's.
func runWhy(ctx context.Context, c *command, args []string) int {
	f := c.loadFlags()
	rev := c.flags.String("base", "", "a git `revision` to compare with")
	asJSON := c.flags.Bool("json", false, "print JSON")
	mermaid := c.flags.Bool("mermaid", false, "print a Mermaid flowchart")
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
		return c.printExplanation(now)
	}
	b, err := checkOut(ctx, *rev)
	if err != nil {
		return c.fail(err)
	}
	defer b.remove()
	_, before, err := c.explain(ctx, f, b, fn.Name)
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
	result, err := c.generateIn(ctx, f, b.current(), []string{"./..."})
	if err != nil {
		return generator.Function{}, nil, err
	}
	fn, err := find(result, name)
	if err != nil {
		c.reportAt(b, result)
		return generator.Function{}, nil, err
	}
	x := result.Explain(fn.Name)
	if x == nil {
		return fn, nil, fmt.Errorf("%s has the version %s and nothing else: //cache:override says so", fn.Name, fn.Version)
	}
	for i := range x.Parts {
		x.Parts[i].File = relative(x.Parts[i].File)
		x.Parts[i].Place.File = relative(x.Parts[i].Place.File)
	}
	return fn, x, nil
}

// find returns the function that a name means: all of its name, or a part after a slash or dot.
func find(result *generator.Result, name string) (generator.Function, error) {
	var found []generator.Function
	for _, fn := range result.Functions {
		if fn.Name == name {
			return fn, nil
		}
		if strings.HasSuffix(fn.Name, "."+name) || strings.HasSuffix(fn.Name, "/"+name) || fn.Wrapper == name {
			found = append(found, fn)
		}
	}
	switch len(found) {
	case 0:
		return generator.Function{}, fmt.Errorf("no cached function is called %s; cachegen list ./... prints all", name)
	case 1:
		return found[0], nil
	}
	var names []string
	for _, fn := range found {
		names = append(names, fn.Name)
	}
	return generator.Function{}, fmt.Errorf("%s can be %s", name, strings.Join(names, " or "))
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
