package engine

import (
	"fmt"
	"strings"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/explain"
)

// String returns the explanation as text: what a call finds, or why it finds nothing, the nearest
// entries, and what the key is made of.
func (x *Explanation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s(%s)\n", x.Func, x.Inputs)
	x.verdict(&b)
	for i := range x.Near {
		near(&b, &x.Near[i])
	}
	if x.Partial {
		fmt.Fprintf(&b, "  only %d entries were looked at: there may be nearer ones\n", x.Looked)
	}
	if x.Err != nil {
		fmt.Fprintf(&b, "  not all could be looked at: %s\n", strings.ReplaceAll(x.Err.Error(), "\n", "; "))
	}
	x.parts(&b)
	return b.String()
}

// verdict says what the call finds.
func (x *Explanation) verdict(b *strings.Builder) {
	if x.Found {
		fmt.Fprintf(b, "  found in %s: completed %s, took %v\n", inTier(x.Tier), moment(x.Completed), x.Cost.Round(time.Microsecond))
		return
	}
	why := x.Reason.String()
	switch {
	case x.Detail != "" && why != "":
		why += ": " + x.Detail
	case x.Detail != "":
		why = x.Detail
	}
	fmt.Fprintf(b, "  not found: %s\n", why)
	if x.Reason == NeverSeen && x.Near == nil && !x.Partial {
		b.WriteString("  the cache has nothing else of this function either\n")
	}
}

// inTier is a tier in a sentence.
func inTier(t Tier) string {
	if t == MemoryTier {
		return "memory"
	}
	return "the " + t.String()
}

// near says how an entry differs.
func near(b *strings.Builder, n *explain.Near) {
	b.WriteString("  near:")
	if n.Key != "" {
		b.WriteString(" " + n.Key[:min(12, len(n.Key))])
	}
	fmt.Fprintf(b, " (%s), completed %s", n.Inputs, moment(n.Completed))
	if n.Revision != "" {
		fmt.Fprintf(b, ", made by revision %s", n.Revision)
	}
	fmt.Fprintf(b, ", took %v\n", n.Cost.Round(time.Microsecond))
	for _, d := range n.Differences {
		fmt.Fprintf(b, "    %s\n", d)
		if d.What == "version" && n.Key != "" {
			fmt.Fprintf(b, "    what changed: cachegen cache why %s\n", n.Key[:min(12, len(n.Key))])
		}
	}
}

// parts says what the key is made of.
func (x *Explanation) parts(b *strings.Builder) {
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(b, "  %-10s %s\n", name, value)
		}
	}
	line("key", x.Key)
	line("mode", x.Mode.String())
	line("namespace", x.Namespace)
	line("version", x.Version)
	line("revision", x.Revision)
	for _, m := range x.Modules {
		line("module", explain.Module(m))
	}
	line("build", strings.Join(x.Build, ", "))
	line("project", x.Project)
	line("domain", x.Domain)
	line("run", x.Run)
	line("salt", x.Salt)
	line("types", x.Shape)
}
