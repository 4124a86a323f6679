package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
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
	fn, now, err := c.explain(ctx, f, "", c.flags.Arg(0))
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
	_, before, err := c.explain(ctx, f, b.here, fn.Name)
	if err != nil {
		return c.fail(fmt.Errorf("at %s: %w", *rev, err))
	}
	changes := generator.Compare(before, now)
	b.rename(*rev, changes)
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

// explain loads the packages around dir and explains the version of the function that name means.
func (c *command) explain(ctx context.Context, f *loadFlags, dir, name string) (generator.Function, *generator.Explanation, error) {
	result, err := c.generateIn(ctx, f, dir, []string{"./..."})
	if err != nil {
		return generator.Function{}, nil, err
	}
	fn, err := find(result, name)
	if err != nil {
		if dir == "" {
			c.report(result, false)
		}
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
func (b *base) rename(rev string, changes []generator.Change) {
	for _, change := range changes {
		for i := range change.Path {
			if short, ok := cutDir(change.Path[i].File, b.dir); ok {
				change.Path[i].File = rev + ":" + short
			}
		}
	}
}

func (c *command) printJSON(v any) int {
	e := json.NewEncoder(c.stdout)
	e.SetEscapeHTML(false)
	e.SetIndent("", "\t")
	if err := e.Encode(v); err != nil {
		return c.fail(err)
	}
	return exitOK
}

// printExplanation prints the closure as a tree.
func (c *command) printExplanation(x *generator.Explanation) int {
	fmt.Fprintf(c.stdout, "%s  %s\n", x.Function, x.Version)
	children := make([][]int, len(x.Parts))
	for i, d := range x.Parts {
		if d.From >= 0 {
			children[d.From] = append(children[d.From], i)
		}
	}
	var walk func(i, depth int)
	walk = func(i, depth int) {
		d := x.Parts[i]
		// A wrapper is its function to users.
		if d.From >= 0 && d.Name != x.Parts[d.From].Name {
			fmt.Fprintf(c.stdout, "%s%s %s%s\n", strings.Repeat("  ", depth), d.Reason, title(d), place(d.Place))
			depth++
		}
		for _, child := range children[i] {
			walk(child, depth)
		}
	}
	if len(x.Parts) > 0 {
		walk(0, 1)
	}
	definitions, lines := 0, 0
	for _, d := range x.Parts {
		if d.Hash != "" {
			definitions++
			lines += d.Lines
		}
	}
	fmt.Fprintf(c.stdout, "%d definitions, %d lines\n", definitions, lines)
	for _, m := range x.Modules {
		fmt.Fprintf(c.stdout, "module outside: %s, by its version in the program\n", m)
	}
	if x.Platform {
		fmt.Fprintln(c.stdout, "other on other platforms: GOOS and GOARCH join the key")
	}
	for _, w := range x.Warnings {
		fmt.Fprintln(c.stdout, w)
	}
	return exitOK
}

// title is a definition with its kind, where the name does not tell.
func title(d generator.Definition) string {
	switch d.Kind {
	case "function", "type", "variable", "constant", "wrapper":
		return d.Name
	}
	return d.Kind + " " + d.Name
}

func place(p generator.Place) string {
	if p.File == "" {
		return ""
	}
	return fmt.Sprintf("  %s:%d", p.File, p.Line)
}

// printChanges prints what made a version change.
func (c *command) printChanges(d difference) {
	if d.Before == d.Now {
		fmt.Fprintf(c.stdout, "%s  %s, as before\n", d.Function, d.Now)
		return
	}
	fmt.Fprintf(c.stdout, "%s  %s → %s\n", d.Function, d.Before, d.Now)
	for _, change := range d.Changes {
		what := change.What
		if len(change.Details) > 0 {
			what = strings.Join(change.Details, ", ")
		}
		fmt.Fprintf(c.stdout, "  %s %s: %s\n", change.Kind, change.Name, what)
		for _, step := range change.Path[min(1, len(change.Path)):] {
			at := ""
			if step.File != "" {
				at = fmt.Sprintf("  %s:%d", step.File, step.Line)
			}
			fmt.Fprintf(c.stdout, "    %s %s%s\n", step.Reason, step.Name, at)
		}
	}
}

// printMermaid prints the closure as a flowchart.
func (c *command) printMermaid(x *generator.Explanation) int {
	fmt.Fprintln(c.stdout, "flowchart LR")
	for i, d := range x.Parts {
		fmt.Fprintf(c.stdout, "\tn%d[\"%s\"]\n", i, mermaidText(title(d)))
		if d.From >= 0 {
			fmt.Fprintf(c.stdout, "\tn%d -- \"%s\" --> n%d\n", d.From, mermaidText(d.Reason), i)
		}
	}
	return exitOK
}

// printMermaidChanges prints the paths to what changed.
func (c *command) printMermaidChanges(function string, changes []generator.Change) int {
	fmt.Fprintln(c.stdout, "flowchart LR")
	var names []string
	node := func(name string) int {
		i := slices.Index(names, name)
		if i < 0 {
			i = len(names)
			names = append(names, name)
			fmt.Fprintf(c.stdout, "\tn%d[\"%s\"]\n", i, mermaidText(name))
		}
		return i
	}
	drawn := map[string]bool{}
	for _, change := range changes {
		from := node(function)
		for _, step := range change.Path[min(1, len(change.Path)):] {
			to := node(step.Name)
			line := fmt.Sprintf("\tn%d -- \"%s\" --> n%d\n", from, mermaidText(step.Reason), to)
			if !drawn[line] {
				drawn[line] = true
				fmt.Fprint(c.stdout, line)
			}
			from = to
		}
		fmt.Fprintf(c.stdout, "\tclass n%d changed\n", from)
	}
	fmt.Fprintln(c.stdout, "\tclassDef changed stroke-width:3px")
	return exitOK
}

func mermaidText(s string) string { return strings.ReplaceAll(s, `"`, "#quot;") }
