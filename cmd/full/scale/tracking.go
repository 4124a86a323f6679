package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

// tracking measures what the server needs to know who has what, and to tell them.
func (b *bench) tracking(ctx context.Context) error {
	keys := b.keys[:*shared]
	var told atomic.Int64
	var quiet sync.WaitGroup
	watching, stop := context.WithCancel(ctx)
	defer quiet.Wait()
	defer stop()
	var stores []store.Store
	defer func() {
		for _, s := range stores {
			s.Close()
		}
	}()
	for range *watchers {
		w, err := store.Open(ctx, b.url)
		if err != nil {
			return err
		}
		stores = append(stores, w)
		if _, err := w.Get(ctx, "m/none"); err != nil && !errors.Is(err, store.ErrNotFound) { // connects
			return err
		}
		watch, _ := store.As[store.Watcher](w)
		quiet.Go(func() {
			_ = watch.Watch(watching, func(key string) {
				if key != "" {
					told.Add(1)
				}
			})
		})
	}
	time.Sleep(time.Second)
	before, err := b.info(ctx, "used_memory")
	if err != nil {
		return err
	}
	for i, w := range stores {
		if err := readAll(ctx, w, keys); err != nil {
			return err
		}
		if i == 0 || i == len(stores)-1 {
			time.Sleep(time.Second) // buffers go
			after, err := b.info(ctx, "used_memory")
			if err != nil {
				return err
			}
			items, err := b.info(ctx, "tracking_total_items")
			if err != nil {
				return err
			}
			fmt.Printf("tracking           %d processes have %d entries: %.0f notes, %.1f MB\n", i+1, len(keys), items, (after-before)/1e6)
		}
	}
	return b.fanOut(ctx, keys[:200], &told)
}

func readAll(ctx context.Context, s store.Store, keys []string) error {
	for part := range slices.Chunk(keys, 500) {
		if _, err := store.GetMany(ctx, s, part); err != nil {
			return err
		}
	}
	return nil
}

// fanOut replaces entries that all processes have and waits until they were told.
func (b *bench) fanOut(ctx context.Context, keys []string, told *atomic.Int64) error {
	item, err := b.store.Get(ctx, keys[0])
	if err != nil {
		return err
	}
	before, err := b.cpu(ctx)
	if err != nil {
		return err
	}
	told.Store(0)
	var took []time.Duration
	for i, key := range keys {
		start := time.Now()
		if _, err := b.store.Put(ctx, key, store.Item{Value: item.Value, Stamp: start.UnixNano()}); err != nil {
			return err
		}
		for told.Load() < int64((i+1)**watchers) {
			if time.Since(start) > 10*time.Second {
				return fmt.Errorf("%d of %d were told", told.Load(), (i+1)**watchers)
			}
			time.Sleep(20 * time.Microsecond)
		}
		took = append(took, time.Since(start))
	}
	after, err := b.cpu(ctx)
	if err != nil {
		return err
	}
	slices.Sort(took)
	fmt.Printf("fan-out            a put and telling %d processes: median %v, 99%% within %v, server %.2f µs a process\n", *watchers,
		took[len(took)/2].Round(time.Microsecond), took[len(took)*99/100].Round(time.Microsecond),
		(after-before)/float64(len(keys)**watchers)*1e6)
	return nil
}
