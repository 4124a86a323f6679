package command

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/cachegen/cachegen/runtime/inspect"
)

// removeFlags are the flags of what removes.
type removeFlags struct {
	dry, quiet bool
}

func (c *command) removeFlags() *removeFlags {
	f := new(removeFlags)
	c.flags.BoolVar(&f.dry, "n", false, "print what would be removed, remove nothing")
	c.flags.BoolVar(&f.quiet, "q", false, "print no line for each entry, only what they come to")
	return f
}

// removal says what is removed, or would be.
type removal struct {
	*removeFlags
	i       *inspection
	json    bool
	printer *printer
	total   inspect.Total
	kept    int
	err     error
}

func (i *inspection) removal(f *removeFlags, asJSON bool) *removal {
	did := "removed "
	if f.dry {
		did = "would remove "
	}
	return &removal{removeFlags: f, i: i, json: asJSON, printer: i.printer(asJSON, did)}
}

func (r *removal) add(e *inspect.Entry) {
	r.total.Add(e)
	if r.quiet || r.err != nil {
		return
	}
	r.err = r.printer.add(e)
}

// end prints what was removed in all. It is said also after an error.
func (r *removal) end(err error) error {
	err = errors.Join(err, r.err)
	switch {
	case r.json && r.quiet:
		return errors.Join(err, r.i.json(r.total))
	case r.json:
		return errors.Join(err, r.printer.end())
	}
	fmt.Fprintf(r.i.out, "%s%s, %s, computed in %s\n",
		r.printer.before, count(r.total.Entries, "entry", "entries"), showSize(r.total.Bytes), showTime(r.total.Cost))
	if r.kept > 0 {
		fmt.Fprintf(r.i.out, "kept %s of the last hour, which hold back executions that began before\n", count(int64(r.kept), "removal", "removals"))
	}
	return err
}

func count(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// remove removes the entries, or says that it would.
func (r *removal) remove(ctx context.Context, entries iter.Seq2[inspect.Entry, error]) error {
	removable := func(yield func(inspect.Entry, error) bool) {
		for e, err := range entries {
			if err == nil && e.Kept() {
				r.kept++
				continue
			}
			if !yield(e, err) {
				return
			}
		}
	}
	if !r.dry {
		return r.i.Remove(ctx, removable, r.add)
	}
	for e, err := range removable {
		if err != nil {
			return err
		}
		r.add(&e)
	}
	return nil
}

// runCacheRm removes entries.
func runCacheRm(ctx context.Context, c *command, args []string) int {
	f, rf := c.filterFlags(), c.removeFlags()
	all := c.flags.Bool("all", false, "all entries")
	if code, ok := c.parse(args); !ok {
		return code
	}
	byKey := c.flags.NArg() > 0 && !f.stale
	switch {
	case byKey && (f.isSet() || *all):
		return c.fail(errors.New("cache rm: either keys or filters say what to remove"))
	case !byKey && !f.isSet() && !*all:
		return c.fail(errors.New("cache rm: say what to remove, by keys or filters, or -all"))
	}
	var filter inspect.Filter
	if !byKey {
		var err error
		if filter, err = c.wanted(ctx, f); err != nil {
			return c.fail(err)
		}
	}
	i, err := c.inspect(ctx, f.cacheFlags, rf.quiet)
	if err != nil {
		return c.fail(err)
	}
	entries := i.Entries(ctx, filter)
	if byKey {
		if entries, err = i.named(ctx, c.flags.Args()); err != nil {
			return c.end(i, exitError, err)
		}
	}
	r := i.removal(rf, f.json)
	return c.end(i, exitOK, r.end(r.remove(ctx, entries)))
}

// named returns the entries with the keys. Nothing is removed if one of them is not there.
func (i *inspection) named(ctx context.Context, keys []string) (iter.Seq2[inspect.Entry, error], error) {
	var entries []inspect.Entry
	for _, key := range keys {
		e, err := i.Find(ctx, key)
		if err != nil {
			return nil, err
		}
		entries = append(entries, e)
	}
	return func(yield func(inspect.Entry, error) bool) {
		for _, e := range entries {
			if !yield(e, nil) {
				return
			}
		}
	}, nil
}

// runCacheClear clears functions.
func runCacheClear(ctx context.Context, c *command, args []string) int {
	f, rf := c.cacheFlags(), c.removeFlags()
	var filter inspect.Filter
	c.scopeFlags(&filter)
	all := c.flags.Bool("all", false, "all functions")
	if code, ok := c.parse(args); !ok {
		return code
	}
	switch {
	case c.flags.NArg() > 0:
		return c.fail(fmt.Errorf("unexpected argument %q", c.flags.Arg(0)))
	case filter.Func == "" && !*all:
		return c.fail(errors.New("cache clear: say which function by -func, or -all"))
	}
	i, err := c.inspect(ctx, f, rf.quiet)
	if err != nil {
		return c.fail(err)
	}
	r := i.removal(rf, f.json)
	if rf.dry {
		err = r.remove(ctx, i.Entries(ctx, filter))
	} else {
		err = i.Clear(ctx, filter, r.add)
	}
	return c.end(i, exitOK, r.end(err))
}
