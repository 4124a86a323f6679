package command

import (
	"context"
	"fmt"
	"slices"

	"github.com/cachegen/cachegen/generator"
	"github.com/cachegen/cachegen/runtime/inspect"
)

// runDiff tells which caches a change invalidates and why.
func runDiff(ctx context.Context, c *command, args []string) int {
	f := c.loadFlags()
	rev := c.flags.String("base", "HEAD", "the git `revision` to compare with")
	asJSON := c.flags.Bool("json", false, "print a JSON array")
	url := c.flags.String("store", "", "a store `URL`: count the entries and the computing time that the change throws away")
	if code, ok := c.parse(args); !ok {
		return code
	}
	diffs, failed, err := c.diff(ctx, f, *rev, c.flags.Args())
	if err != nil {
		return c.fail(err)
	}
	if *url != "" {
		if err := losses(ctx, *url, diffs); err != nil {
			return c.fail(err)
		}
	}
	switch {
	case *asJSON:
		if code := c.printJSON(diffs); code != exitOK {
			return code
		}
	default:
		c.printDiffs(diffs, c.flags.Args())
	}
	if failed {
		return exitError
	}
	return exitOK
}

// invalidation is a cache whose entries a change leaves behind.
type invalidation struct {
	difference
	Namespace string `json:"namespace"`
	// Why is set where no definition changed: the function is new or gone, its types or options are others.
	Why string `json:"why,omitempty"`
	// Loss is what a store has for the version before.
	Loss *inspect.Total `json:"loss,omitempty"`
}

// losses asks a store what it has for the versions that a change leaves behind.
func losses(ctx context.Context, url string, diffs []invalidation) error {
	in, err := inspect.Open(ctx, url)
	if err != nil {
		return err
	}
	defer in.Close()
	codes := make([]inspect.Code, len(diffs))
	for i, d := range diffs {
		codes[i] = inspect.Code{Namespace: d.Namespace, Version: d.Before}
	}
	totals, err := in.Of(ctx, codes...)
	if err != nil {
		return err
	}
	for i, t := range totals {
		if diffs[i].Before != "" {
			diffs[i].Loss = &t
		}
	}
	return nil
}

// diff compares the cached functions of packages with those of a revision.
func (c *command) diff(ctx context.Context, f *loadFlags, rev string, patterns []string) (diffs []invalidation, failed bool, err error) {
	now, err := c.generateIn(ctx, f, "", patterns)
	if err != nil {
		return nil, false, err
	}
	failed = c.report(now, f.werror)
	b, err := checkOut(ctx, rev)
	if err != nil {
		return nil, false, err
	}
	defer b.remove()
	before, err := c.generateIn(ctx, f, b.here, patterns)
	if err != nil {
		return nil, false, fmt.Errorf("at %s: %w", rev, err)
	}
	failed = c.reportAt(b, before) || failed
	diffs = invalidated(before, now)
	for _, d := range diffs {
		b.rename(d.Changes)
		shorten(d.Changes)
	}
	return diffs, failed, nil
}

// invalidated returns the caches whose entries are left behind between two results, those that are new, and those that are gone.
func invalidated(before, now *generator.Result) []invalidation {
	diffs := []invalidation{}
	old := map[string]generator.Function{}
	for _, fn := range before.Functions {
		old[fn.Name] = fn
	}
	for _, fn := range now.Functions {
		was, ok := old[fn.Name]
		delete(old, fn.Name)
		switch {
		case !ok && slices.Contains(before.Broken, fn.Package): // it may have been there
		case !ok:
			diffs = append(diffs, invalidation{difference: difference{Function: fn.Name, Now: fn.Version}, Namespace: fn.Namespace, Why: "is new"})
		case was.Version != fn.Version || was.Shape != fn.Shape || was.Namespace != fn.Namespace:
			d := invalidation{difference: difference{Function: fn.Name, Before: was.Version, Now: fn.Version}, Namespace: was.Namespace, Why: reason(was, fn)}
			if x, y := before.Explain(fn.Name), now.Explain(fn.Name); x != nil && y != nil && was.Version != fn.Version {
				d.Changes = generator.Compare(x, y)
			}
			diffs = append(diffs, d)
		}
	}
	for _, fn := range before.Functions {
		if _, gone := old[fn.Name]; gone && !slices.Contains(now.Broken, fn.Package) {
			diffs = append(diffs, invalidation{
				difference: difference{Function: fn.Name, Before: fn.Version}, Namespace: fn.Namespace, Why: "is not cached any more",
			})
		}
	}
	return diffs
}

// reason says what changed of a function beside its code.
func reason(was, is generator.Function) string {
	switch {
	case was.Namespace != is.Namespace:
		return fmt.Sprintf("has another namespace: %s → %s", was.Namespace, is.Namespace)
	case was.Shape != is.Shape:
		return "has other inputs, or other types of inputs or results"
	case was.Code == "" || is.Code == "":
		return fmt.Sprintf("is overridden: version %s → %s", was.Version, is.Version)
	}
	return ""
}

// shorten makes the places of changes relative to the current directory.
func shorten(changes []generator.Change) {
	for _, change := range changes {
		for i := range change.Path {
			change.Path[i].File = relative(change.Path[i].File)
		}
	}
}

func (c *command) printDiffs(diffs []invalidation, patterns []string) {
	for _, d := range diffs {
		if d.Why != "" {
			fmt.Fprintf(c.stdout, "%s %s\n", d.Function, d.Why)
		}
		if len(d.Changes) > 0 {
			c.printChanges(d.difference)
		}
		if d.Loss != nil {
			fmt.Fprintf(c.stdout, "  throws away %s of %s, which took %s to compute\n",
				count(d.Loss.Entries, "entry", "entries"), count(d.Loss.Bytes, "byte", "bytes"), showTime(d.Loss.Cost))
		}
	}
	switch {
	case len(diffs) > 0:
	case len(patterns) == 0:
		fmt.Fprintln(c.stdout, "no cache of this package is invalidated; cachegen diff ./... looks at all")
	default:
		fmt.Fprintln(c.stdout, "no cache is invalidated")
	}
}
