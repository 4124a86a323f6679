package command

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/cachegen/cachegen/runtime/inspect"
)

// runCacheStat prints what the store has of each function.
func runCacheStat(ctx context.Context, c *command, args []string) int {
	f := c.filterFlags()
	if code, ok := c.parse(args); !ok {
		return code
	}
	filter, err := c.wanted(ctx, f)
	if err != nil {
		return c.fail(err)
	}
	i, err := c.inspect(ctx, f.cacheFlags, true)
	if err != nil {
		return c.fail(err)
	}
	return c.end(i, exitOK, i.stat(ctx, filter, f.json))
}

func (i *inspection) stat(ctx context.Context, filter inspect.Filter, asJSON bool) error {
	stats, fault := i.Stat(ctx, filter)
	if fault != nil && len(stats) == 0 {
		return fault
	}
	if asJSON {
		return errors.Join(i.json(stats), fault)
	}
	w := tabwriter.NewWriter(i.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "ENTRIES\tSIZE\tCOST\tREADS\tSAVED\tVERSIONS\t  FUNCTION\n")
	for _, s := range stats {
		statLine(w, &s.Total, fmt.Sprint(len(s.Versions)), nameOf(&s))
	}
	sum := inspect.Sum(stats)
	statLine(w, &sum, "", "all")
	return errors.Join(w.Flush(), fault)
}

func statLine(w *tabwriter.Writer, t *inspect.Total, versions, name string) {
	reads, saved := "-", "-"
	if t.Hits >= 0 {
		reads, saved = fmt.Sprint(t.Hits), showTime(t.Saved)
	}
	fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\t  %s\n", t.Entries, showSize(t.Bytes), showTime(t.Cost), reads, saved, versions, name)
}

// nameOf returns the function's name and how many of its entries are no results.
func nameOf(s *inspect.Stat) string {
	var others []string
	for _, state := range []inspect.State{inspect.Failed, inspect.Forgotten, inspect.Damaged} {
		if n := s.States[state]; n > 0 {
			others = append(others, fmt.Sprintf("%d %s", n, state))
		}
	}
	name := printable(s.Namespace)
	if len(others) > 0 {
		name += " (" + strings.Join(others, ", ") + ")"
	}
	return strings.TrimSpace(name)
}
