package main

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
	"golang.org/x/sync/errgroup"
)

// room measures the memory that an entry takes.
func (b *bench) room(ctx context.Context) error {
	before, err := b.info(ctx, "used_memory")
	if err != nil {
		return err
	}
	keys, err := fill(ctx, b.url, *entries, *payload)
	if err != nil {
		return err
	}
	after, err := b.info(ctx, "used_memory")
	if err != nil {
		return err
	}
	item, err := b.store.Get(ctx, keys[0])
	if err != nil {
		return err
	}
	own, err := b.usage(ctx, keys[0])
	if err != nil {
		return err
	}
	tracked, err := b.info(ctx, "tracking_total_keys")
	if err != nil {
		return err
	}
	n := float64(*entries)
	fmt.Printf("entries            %d, result of %d bytes\n", *entries, *payload)
	fmt.Printf("envelope           %d bytes\n", len(item.Value))
	fmt.Printf("key                %d bytes\n", len("cachegen:i:")+len(keys[0]))
	fmt.Printf("memory an entry    %.0f bytes: %.0f its own, the rest table and note that somebody has it (%.0f notes)\n", (after-before)/n, own, tracked)
	b.keys = keys
	return nil
}

// calls measures gets and puts: how long they take, how many there are a second, and the server's time for one.
func (b *bench) calls(ctx context.Context) error {
	item, err := b.store.Get(ctx, b.keys[0])
	if err != nil {
		return err
	}
	get := func(ctx context.Context, i int) error {
		_, err := b.store.Get(ctx, b.keys[i%len(b.keys)])
		return err
	}
	put := func(ctx context.Context, i int) error {
		_, err := b.store.Put(ctx, b.keys[i%len(b.keys)], store.Item{Value: item.Value, Stamp: time.Now().UnixNano()})
		return err
	}
	for _, op := range []struct {
		name string
		call func(context.Context, int) error
	}{{"get", get}, {"put", put}} {
		for _, callers := range []int{1, 16, 64} {
			if err := b.timed(ctx, op.name, callers, op.call); err != nil {
				return err
			}
		}
	}
	return nil
}

// timed makes calls for a while and prints what they took.
func (b *bench) timed(ctx context.Context, name string, callers int, call func(context.Context, int) error) error {
	const duration = 2 * time.Second
	before, err := b.cpu(ctx)
	if err != nil {
		return err
	}
	var mu sync.Mutex
	var took []time.Duration
	var next atomic.Int64
	var g errgroup.Group
	start := time.Now()
	for range callers {
		g.Go(func() error {
			var own []time.Duration
			for time.Since(start) < duration {
				began := time.Now()
				if err := call(ctx, int(next.Add(7919))); err != nil {
					return err
				}
				own = append(own, time.Since(began))
			}
			mu.Lock()
			defer mu.Unlock()
			took = append(took, own...)
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	elapsed := time.Since(start)
	after, err := b.cpu(ctx)
	if err != nil {
		return err
	}
	slices.Sort(took)
	n := len(took)
	fmt.Printf("%s, %2d callers    %6.0f a second, median %v, 99%% within %v, server %.1f µs each\n", name, callers,
		float64(n)/elapsed.Seconds(), took[n/2].Round(time.Microsecond), took[n*99/100].Round(time.Microsecond), (after-before)/float64(n)*1e6)
	return nil
}
