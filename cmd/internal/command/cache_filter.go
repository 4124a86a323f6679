package command

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/cachegen/cachegen/runtime/inspect"
)

// filterFlags say which entries are meant.
type filterFlags struct {
	*cacheFlags
	load   *loadFlags
	filter inspect.Filter
	older  age
	size   size
	states string
	stale  bool
}

func (c *command) filterFlags() *filterFlags {
	f := &filterFlags{cacheFlags: c.cacheFlags(), load: new(loadFlags)}
	c.scopeFlags(&f.filter)
	c.flags.StringVar(&f.filter.Version, "version", "", "entries of this `version` of the code")
	c.flags.Var(&f.older, "older", "entries completed longer ago than this `time`, like 36h or 7d")
	c.flags.Var(&f.size, "min-size", "entries of at least this `size`, like 500kB or 10MiB")
	c.flags.StringVar(&f.states, "state", "", "entries in these `states`: result, failed, forgotten, damaged")
	c.flags.BoolVar(&f.stale, "stale", false, "results of versions that the code of the packages named by arguments doesn't have")
	c.flags.StringVar(&f.load.tags, "tags", "", "with -stale and -execute: comma-separated build `tags`")
	return f
}

func (c *command) scopeFlags(f *inspect.Filter) {
	c.flags.StringVar(&f.Func, "func", "", "entries of the function with this `name`, or namespace, or end of it")
	c.flags.StringVar(&f.Project, "project", "", "entries of this `project`")
	c.flags.StringVar(&f.Domain, "domain", "", "entries of this `domain`")
}

// isSet reports whether any filter is.
func (f *filterFlags) isSet() bool {
	g := f.filter
	return g.Func != "" || g.Version != "" || g.Project != "" || g.Domain != "" || f.older > 0 || f.size > 0 || f.states != "" || f.stale
}

// parsed returns the filter. The error reports flags that say nothing sensible.
func (f *filterFlags) parsed() (inspect.Filter, error) {
	g := f.filter
	g.MinSize = int64(f.size)
	if f.older > 0 {
		g.Before = time.Now().Add(-time.Duration(f.older))
	}
	for state := range strings.FieldsFuncSeq(f.states, func(r rune) bool { return r == ',' }) {
		switch s := inspect.State(state); s {
		case inspect.Result, inspect.Failed, inspect.Forgotten, inspect.Damaged:
			g.States = append(g.States, s)
		default:
			return g, fmt.Errorf("-state: %q is none of result, failed, forgotten, damaged", state)
		}
	}
	return g, nil
}

// errReported is the error of what was printed already.
var errReported = errors.New("the packages have errors: what is stale can't be told")

// wanted returns the filter that flags and arguments give. Arguments are packages, and only for -stale.
func (c *command) wanted(ctx context.Context, f *filterFlags) (inspect.Filter, error) {
	g, err := f.parsed()
	if err != nil {
		return g, err
	}
	if !f.stale {
		if c.flags.NArg() > 0 {
			return g, fmt.Errorf("unexpected argument %q", c.flags.Arg(0))
		}
		return g, nil
	}
	result, err := c.generate(ctx, f.load, c.flags.Args())
	if err != nil {
		return g, err
	}
	if c.report(result, false) {
		return g, errReported
	}
	g.Stale = &inspect.Known{Versions: map[string][]string{}, Packages: map[string]bool{}}
	for _, fn := range result.Functions {
		g.Stale.Versions[fn.Namespace] = append(g.Stale.Versions[fn.Namespace], fn.Version)
	}
	for _, path := range result.Packages {
		g.Stale.Packages[path] = true
	}
	return g, nil
}
