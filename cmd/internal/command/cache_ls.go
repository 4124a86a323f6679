package command

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/cachegen/cachegen/runtime/inspect"
)

// runCacheLs prints entries as they come.
func runCacheLs(ctx context.Context, c *command, args []string) int {
	f := c.filterFlags()
	if code, ok := c.parse(args); !ok {
		return code
	}
	filter, err := c.wanted(ctx, f)
	if err != nil {
		return c.fail(err)
	}
	i, err := c.inspect(ctx, f.cacheFlags, false)
	if err != nil {
		return c.fail(err)
	}
	return c.end(i, exitOK, i.ls(ctx, filter, f.json))
}

func (i *inspection) ls(ctx context.Context, filter inspect.Filter, asJSON bool) error {
	p := i.printer(asJSON, "")
	for e, err := range i.Entries(ctx, filter) {
		if err != nil {
			return errors.Join(p.end(), err)
		}
		if err := p.add(&e); err != nil {
			return err
		}
	}
	return p.end()
}

// printer prints entries: as a table whose columns have fixed widths, for there may be more entries than memory has room for, or as
// JSON.
type printer struct {
	i      *inspection
	array  *array // nil: a table
	before string // what the table's lines begin with
	n      int
}

func (i *inspection) printer(asJSON bool, before string) *printer {
	p := &printer{i: i, before: before}
	if asJSON {
		p.array = &array{w: i.out}
	}
	return p
}

const columns = "%s%-12s  %7s  %7s  %9s  %-11s  %s\n"

func (p *printer) add(e *inspect.Entry) error {
	if p.array != nil {
		return p.array.add(e)
	}
	if p.n++; p.n == 1 {
		fmt.Fprintf(p.i.out, columns, strings.Repeat(" ", len(p.before)), "KEY", "AGE", "COST", "SIZE", "VERSION", "CALL")
	}
	completed := e.Completed
	if completed.IsZero() {
		completed = e.Modified
	}
	_, err := fmt.Fprintf(p.i.out, columns,
		p.before, e.ID[:min(12, len(e.ID))], showAge(completed), showTime(e.Cost), showSize(e.Size), clip(printable(e.Version), 11), callOf(e))
	return err
}

func (p *printer) end() error {
	if p.array != nil {
		return p.array.end()
	}
	return nil
}

// clip returns the beginning of a text.
func clip(text string, runes int) string {
	if r := []rune(text); len(r) > runes {
		return string(r[:runes-1]) + "…"
	}
	return text
}

// callOf returns what an entry is the result of, and what else became of it.
func callOf(e *inspect.Entry) string {
	call := e.Namespace + "(" + e.Inputs + ")"
	switch e.State {
	case inspect.Failed:
		call += " failed: " + e.Error
	case inspect.Forgotten:
		call += " forgotten"
	case inspect.Damaged:
		call = e.Name + " damaged: " + e.Damage
	}
	return printable(call)
}
