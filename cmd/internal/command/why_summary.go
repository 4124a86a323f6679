package command

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/cachegen/cachegen/generator"
)

// most is how many lines each part of a summary has at most.
const most = 6

// share is what a group of definitions contributes.
type share struct {
	name               string
	definitions, lines int
}

// printSummary says what a closure is made of: what the function reaches itself, by which it comes to all the rest, and how much that is by
// package and by the rule that reaches it.
func (c *command) printSummary(x *generator.Explanation) {
	c.printBranches(x)
	c.printShares("by package", x, packageOf)
	c.printShares("by rule", x, func(d generator.Definition) string { return d.Reason })
	fmt.Fprintln(c.stdout, "-full prints all of them")
}

// printBranches prints the definitions that the function reaches itself with what they bring along, the greatest first.
func (c *command) printBranches(x *generator.Explanation) {
	below := make([]int, len(x.Parts))
	for i := len(x.Parts) - 1; i > 0; i-- { // what reaches a definition comes before it
		below[i]++
		if from := x.Parts[i].From; from >= 0 {
			below[from] += below[i]
		}
	}
	var branches []int
	for i, d := range x.Parts {
		// A wrapper is its function to users.
		if i != 0 && d.Name != x.Function && d.From >= 0 && x.Parts[d.From].Name == x.Function {
			branches = append(branches, i)
		}
	}
	slices.SortStableFunc(branches, func(a, b int) int { return cmp.Compare(below[b], below[a]) })
	for n, i := range branches {
		if n == most {
			fmt.Fprintf(c.stdout, "  and %s more\n", count(int64(len(branches)-most), "definition", "definitions"))
			break
		}
		d := x.Parts[i]
		fmt.Fprintf(c.stdout, "  %s %s%s", d.Reason, title(d), place(d.Place))
		if below[i] > 1 {
			fmt.Fprintf(c.stdout, "  with %s below", count(int64(below[i]-1), "definition", "definitions"))
		}
		fmt.Fprintln(c.stdout)
	}
}

// printShares prints how much each group of definitions is, the greatest first.
func (c *command) printShares(title string, x *generator.Explanation, group func(generator.Definition) string) {
	index := map[string]int{}
	var shares []share
	for _, d := range x.Parts {
		name := group(d)
		if d.Hash == "" || name == "" {
			continue
		}
		if _, ok := index[name]; !ok {
			index[name] = len(shares)
			shares = append(shares, share{name: name})
		}
		s := &shares[index[name]]
		s.definitions, s.lines = s.definitions+1, s.lines+d.Lines
	}
	slices.SortStableFunc(shares, func(a, b share) int {
		return cmp.Or(cmp.Compare(b.definitions, a.definitions), cmp.Compare(a.name, b.name))
	})
	fmt.Fprintf(c.stdout, "%s:\n", title)
	w := tabwriter.NewWriter(c.stdout, 0, 0, 2, ' ', 0)
	for i, s := range shares {
		if i == most {
			fmt.Fprintf(w, "  and %d more\n", len(shares)-most)
			break
		}
		fmt.Fprintf(w, "  %s\t%s\t%s\n", s.name, count(int64(s.definitions), "definition", "definitions"), count(int64(s.lines), "line", "lines"))
	}
	w.Flush()
}

// packageOf is the import path of a definition.
func packageOf(d generator.Definition) string {
	slash := strings.LastIndexByte(d.Name, '/') + 1
	name, _, _ := strings.Cut(d.Name[slash:], ".")
	return d.Name[:slash] + name
}
