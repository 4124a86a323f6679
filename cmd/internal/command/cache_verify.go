package command

import (
	"context"
	"errors"
	"fmt"

	"github.com/cachegen/cachegen/runtime/inspect"
)

// runCacheVerify looks whether entries can be read.
func runCacheVerify(ctx context.Context, c *command, args []string) int {
	f := c.filterFlags()
	execute := c.flags.Bool("execute", false, "build the program of the package that is named, execute its functions for the inputs that the store has in full, and compare")
	if code, ok := c.parse(args); !ok {
		return code
	}
	if *execute {
		return runVerifyExecute(ctx, c, f)
	}
	filter, err := c.wanted(ctx, f)
	if err != nil {
		return c.fail(err)
	}
	i, err := c.inspect(ctx, f.cacheFlags, true)
	if err != nil {
		return c.fail(err)
	}
	damaged, err := i.verify(ctx, filter, f.json)
	code := exitOK
	if damaged > 0 {
		code = exitFindings
	}
	return c.end(i, code, err)
}

// verify prints damaged entries and returns how many there are.
func (i *inspection) verify(ctx context.Context, filter inspect.Filter, asJSON bool) (damaged int64, err error) {
	p := i.printer(asJSON, "")
	var all inspect.Total
	var fault error
	for e, err := range i.Entries(ctx, filter) {
		if err != nil {
			fault = err
			break
		}
		all.Add(&e)
		if e.State != inspect.Damaged {
			continue
		}
		damaged++
		if err := p.add(&e); err != nil {
			return damaged, err
		}
	}
	if err := p.end(); err != nil || asJSON {
		return damaged, errors.Join(err, fault)
	}
	_, err = fmt.Fprintf(i.out, "looked at %s, %s: %d damaged\n", count(all.Entries, "entry", "entries"), showSize(all.Bytes), damaged)
	return damaged, errors.Join(err, fault)
}
