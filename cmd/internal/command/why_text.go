package command

import (
	"fmt"
	"strings"

	"github.com/cachegen/cachegen/generator"
)

// screen is how many definitions are printed one by one without being asked for.
const screen = 20

// printExplanation prints the closure as a tree, or says what it is made of if that would fill more than a screen.
func (c *command) printExplanation(x *generator.Explanation, full bool) int {
	fmt.Fprintf(c.stdout, "%s  %s\n", x.Function, x.Version)
	if full || len(x.Parts) <= screen {
		c.printTree(x)
	} else {
		c.printSummary(x)
	}
	definitions, lines := 0, 0
	for _, d := range x.Parts {
		if d.Hash != "" {
			definitions++
			lines += d.Lines
		}
	}
	fmt.Fprintf(c.stdout, "%s, %s\n", count(int64(definitions), "definition", "definitions"), count(int64(lines), "line", "lines"))
	for _, m := range x.Modules {
		fmt.Fprintf(c.stdout, "module outside: %s, by its version in the program\n", m)
	}
	for _, v := range x.Linked {
		switch v {
		case "C":
			fmt.Fprintln(c.stdout, "C code: the flags of the C compiler join the key")
		case "main":
			fmt.Fprintln(c.stdout, "programs differ in what they do before the call: the path of the main package joins the key")
		default:
			fmt.Fprintf(c.stdout, "the linker can set %s: its -X joins the key\n", v)
		}
	}
	for _, w := range x.Warnings {
		fmt.Fprintln(c.stdout, w)
	}
	return exitOK
}

// printTree prints all definitions, each below what reaches it first.
func (c *command) printTree(x *generator.Explanation) {
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
}

// title is a definition with its kind, where the name does not tell.
func title(d generator.Definition) string {
	if d.Kind == "implementations" && strings.HasPrefix(d.Name, "functions ") {
		return "functions of one signature" // the name goes on with a digest of it
	}
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
