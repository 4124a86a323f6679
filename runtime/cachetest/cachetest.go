package cachetest

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/engine"
	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/dir"
	"github.com/cachegen/cachegen/runtime/store/memory"
)

// Cache is a cache that belongs to one test. No other test sees its entries, and no environment
// variable changes it. So tests with a cache each can run in parallel. All methods are safe for
// concurrent use.
type Cache struct {
	t        testing.TB
	settings settings
	engine   *engine.Cache
	// join returns a further user of the store.
	join     func() store.Store
	faults   *faults
	recorder engine.Recorder // nil for New's
}

// Option is an option of [New] and [Record].
type Option func(*settings)

type settings struct {
	dir      string
	clock    *Clock
	audit    bool
	recorder recorderSettings
}

// Dir keeps the store in a folder, such as t.TempDir(), instead of memory. Programs that the test
// starts can share the folder.
func Dir(path string) Option { return func(s *settings) { s.dir = path } }

// WithClock makes the cache take the time from clock.
func WithClock(clock *Clock) Option { return func(s *settings) { s.clock = clock } }

// New returns an empty cache that belongs to the test. It has memory in front of a store, and both
// are gone when the test ends. The store is in memory too, unless there is the option [Dir].
// Results are encoded for the store and decoded again, as in a program with a shared store.
func New(t testing.TB, options ...Option) *Cache {
	t.Helper()
	c := &Cache{t: t, faults: new(faults)}
	for _, o := range options {
		o(&c.settings)
	}
	c.join = c.inMemory()
	if c.settings.dir != "" {
		c.join = c.inFolder
	}
	c.open()
	return c
}

// inMemory returns what joins a new store in memory.
func (c *Cache) inMemory() func() store.Store {
	medium := memory.New(memory.Options{})
	c.t.Cleanup(func() { _ = medium.Close() })
	return func() store.Store { return medium.Join() }
}

// inFolder opens the store in the folder of [Dir].
func (c *Cache) inFolder() store.Store {
	c.t.Helper()
	s, err := dir.New(c.settings.dir, dir.Options{})
	if err != nil {
		c.t.Fatalf("cachetest: %v", err)
	}
	return s
}

// open makes the cache itself, and closes it when the test ends.
func (c *Cache) open() {
	c.t.Helper()
	log := &log{t: c.t}
	config := engine.Config{Store: &faulty{c.join(), c.faults}, Recorder: c.recorder, Logger: slog.New(slog.NewTextHandler(log, nil))}
	if c.settings.audit {
		config.Audit, config.Observe = 1, c.audited
	}
	if c.settings.clock != nil {
		config.Now = c.settings.clock.Now
	}
	e, err := engine.NewIsolated(config)
	if err != nil {
		c.t.Fatalf("cachetest: %v", err)
	}
	c.engine = e
	c.t.Cleanup(func() {
		c.Mend()
		defer log.end()
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := e.Close(ctx); err != nil {
			c.t.Errorf("cachetest: closing the cache: %v", err)
		}
	})
}

// Context returns a context in which cached calls use c.
func (c *Cache) Context(ctx context.Context) context.Context {
	return engine.With(ctx, func(s *engine.Settings) { s.Cache, s.Patient = c.engine, c.faults.patient })
}

// OtherProcess returns a cache that shares only the store with c, as another process does, or the
// same program after a restart. It waits until c has written its results. Faults of [Cache.Break]
// concern the store, so both caches meet them.
func (c *Cache) OtherProcess() *Cache {
	c.t.Helper()
	c.Flush()
	o := &Cache{t: c.t, settings: c.settings, join: c.join, faults: c.faults, recorder: c.recorder}
	o.open()
	return o
}

// Flush waits until the cache has done its work in the background: writes to the store, and
// refreshes.
func (c *Cache) Flush() {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := c.engine.Drain(ctx); err != nil {
		c.t.Errorf("cachetest: waiting for the background: %v", err)
	}
}
