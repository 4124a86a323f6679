package main

import (
	"context"
	"fmt"
	"time"

	"github.com/cachegen/cachegen/runtime/inspect"
)

// look measures how fast a store is gone through.
func (b *bench) look(ctx context.Context) error {
	in, err := inspect.New(b.store)
	if err != nil {
		return err
	}
	start := time.Now()
	stats, err := in.Stat(ctx, inspect.Filter{})
	if err != nil {
		return err
	}
	fmt.Printf("cachegen cache stat %.0f entries a second\n", float64(inspect.Sum(stats).Entries)/time.Since(start).Seconds())
	return nil
}
