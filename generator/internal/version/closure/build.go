package closure

import (
	"slices"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// What a build decides about is no part of a version: which code the modules outside have, and what the linker writes into variables.
// Generated code lists both for the runtime, which asks the build information of the program.

// Modules are the modules other than its own that the function reaches, in order. One whose code is in the version, because it is
// local or vendored, may come from elsewhere in a program: from a release where the workspace or the replacement does not hold. So it
// is listed too, with the place where it was found.
func (c *Closure) Modules() []string {
	var list []string
	own := c.g.packages[c.root.ID.Package]
	add := func(p *facts.PackageInfo) {
		switch {
		case p == nil || p.Module == "" || own != nil && p.Module == own.Module:
		case p.Place != "":
			list = append(list, p.Module+" => "+p.Place)
		default:
			list = append(list, p.Module)
		}
	}
	for path := range c.outside {
		add(c.g.packages[path])
	}
	for n := range c.All() {
		if p := c.g.packages[n.ID.Package]; p != nil && p.Local && n.Kind.Content() {
			add(p)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// Linked are the variables in the closure that the linker can set, in order, [facts.CCode] and [facts.MainCode].
func (c *Closure) Linked() []string {
	var names []string
	if len(c.ofPrograms) > 0 {
		names = append(names, facts.MainCode)
	}
	for n := range c.All() {
		names = append(names, n.Linked...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// LinkedAlone are those that the root itself mentions.
func (c *Closure) LinkedAlone() []string {
	var names []string
	for _, e := range c.root.Edges {
		if n := c.g.nodes[e.To]; n != nil {
			names = append(names, n.Linked...)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
