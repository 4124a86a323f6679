// Scale measures what docs/design/scale.md computes with, against a redis-server of its own:
//
//	go -C cmd/full run ./scale
package main

import (
	"context"
	"flag"
	"log"

	"github.com/cachegen/cachegen/runtime/store"
)

var (
	entries  = flag.Int("entries", 100_000, "`number` of entries")
	payload  = flag.Int("payload", 1<<10, "`bytes` of a result")
	watchers = flag.Int("watchers", 100, "`number` of processes that follow the server")
	shared   = flag.Int("shared", 5_000, "`number` of entries that each of them has in memory")
)

func main() {
	log.SetFlags(0)
	flag.Parse()
	if err := measure(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func measure(ctx context.Context) error {
	r, err := startRedis()
	if err != nil {
		return err
	}
	defer r.stop()
	s, err := store.Open(ctx, r.url)
	if err != nil {
		return err
	}
	defer s.Close()
	b := &bench{redis: r, store: s}
	for _, step := range []func(context.Context) error{b.room, b.calls, b.look, b.tracking} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// bench is a server with entries.
type bench struct {
	*redis
	store store.Store
	keys  []string // of the entries
}
