package command

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

// runCachePrune makes a store small.
func runCachePrune(ctx context.Context, c *command, args []string) int {
	f, rf := c.cacheFlags(), c.removeFlags()
	most := size(-1)
	c.flags.Var(&most, "max-bytes", "the `size` that the store may keep, like 500MB or 20GiB")
	if code, ok := c.parse(args); !ok {
		return code
	}
	switch {
	case c.flags.NArg() > 0:
		return c.fail(fmt.Errorf("unexpected argument %q", c.flags.Arg(0)))
	case most < 0:
		return c.fail(errors.New("cache prune: say how much may stay by -max-bytes"))
	}
	i, err := c.inspect(ctx, f, rf.quiet)
	if err != nil {
		return c.fail(err)
	}
	return c.end(i, exitOK, i.prune(ctx, int64(most), i.pruning(rf, f.json)))
}

func (i *inspection) prune(ctx context.Context, most int64, p *pruning) error {
	if !p.dry {
		return p.end(i.Prune(ctx, most, p.add))
	}
	for info, err := range i.LeastUsed(ctx, most) {
		if err != nil {
			return p.end(err)
		}
		p.add(info)
	}
	return p.end(nil)
}

// pruning says what is pruned: items of which no more is known than a listing tells.
type pruning struct {
	*removeFlags
	i      *inspection
	json   bool
	array  array
	did    string
	items  int64
	bytes  int64
	failed error
}

func (i *inspection) pruning(f *removeFlags, asJSON bool) *pruning {
	p := &pruning{removeFlags: f, i: i, json: asJSON, array: array{w: i.out}, did: "removed"}
	if f.dry {
		p.did = "would remove"
	}
	return p
}

// pruned is the JSON form of an item that was pruned.
type pruned struct {
	Name string    `json:"name"`
	Size int64     `json:"size"`
	Used time.Time `json:"used,omitzero"`
}

// prunedTotal is the JSON form of all of them.
type prunedTotal struct {
	Items int64 `json:"items"`
	Bytes int64 `json:"bytes"`
}

func (p *pruning) add(info store.Info) {
	p.items++
	p.bytes += info.Size
	used := info.Modified
	if info.Accessed.After(used) {
		used = info.Accessed
	}
	switch {
	case p.quiet || p.failed != nil:
	case p.json:
		p.failed = p.array.add(pruned{info.Key, info.Size, used})
	default:
		_, p.failed = fmt.Fprintf(p.i.out, "%s  %7s  %9s  %s\n", p.did, showAge(used), showSize(info.Size), info.Key)
	}
}

func (p *pruning) end(err error) error {
	err = errors.Join(err, p.failed)
	switch {
	case p.json && p.quiet:
		return errors.Join(err, p.i.json(prunedTotal{p.items, p.bytes}))
	case p.json:
		return errors.Join(err, p.array.end())
	}
	fmt.Fprintf(p.i.out, "%s %s, %s\n", p.did, count(p.items, "item", "items"), showSize(p.bytes))
	return err
}
