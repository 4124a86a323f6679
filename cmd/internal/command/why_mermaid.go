package command

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cachegen/cachegen/generator"
)

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
