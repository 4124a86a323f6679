package engine

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/cachegen/cachegen/runtime/internal/background"
	"github.com/cachegen/cachegen/runtime/internal/clock"
	"github.com/cachegen/cachegen/runtime/internal/marks"
	"github.com/cachegen/cachegen/runtime/internal/memory"
	"github.com/cachegen/cachegen/runtime/internal/settings"
)

// Cache is a place where results are kept: a memory tier for each function, in front of stores.
type Cache struct {
	config    Config
	file      *settings.File // that says where results are stored; nil: none. The rest of it may change
	clock     *clock.Clock
	open      bool    // whether code and environment leave the mode open
	auditOpen bool    // and the share that is audited
	ceiling   Mode    // the environment's bypass or readonly, or 0
	made      request // its making, when the mode refresh was asked for by default
	room      *memory.Room
	states    states
	tiers     tiers
	pending   pending
	own       stamps           // of results that it wrote lately
	marks     *marks.Table     // of what is not stored
	writes    *background.Pool // what is short: nothing waits for a refresh
	refreshes *background.Pool
	looks     *background.Pool // at what others changed: it waits for nothing else
	audits    *background.Pool // few at once, and what finds no place is left out
	faults    faults
	observer  *Observer // told of all its calls; nil: nobody
	closing   atomic.Bool
	closed    atomic.Bool // stores are used no more
	mistake   error       // in the settings: this cache stands in for one that can't be made, and has no store
}

// refusal returns why a change of results would not reach the store that others share, or nil: the
// cache is closed, or its settings can't be right.
func (c *Cache) refusal() error {
	if c.closing.Load() {
		return ErrClosed
	}
	return c.mistake
}

// NewCache returns a cache as c says, and where it says nothing the environment.
func NewCache(c Config) (*Cache, error) {
	env, err := environ()
	if err != nil {
		return nil, err
	}
	open, auditOpen := c.Mode == 0 && env.config.Mode == 0, c.Audit == 0 && env.config.Audit == 0
	if c, err = c.over(env.config); err != nil {
		return nil, err
	}
	cache := newCache(c, env.ceiling)
	cache.open, cache.auditOpen, cache.file = open, auditOpen, live.file.Load()
	return cache, nil
}

// NewIsolated returns a cache as c says, whatever the environment says: for tests.
func NewIsolated(c Config) (*Cache, error) {
	if c.Store == nil && c.URL == "" {
		c.URL = NoStore
	}
	c, err := c.over(Config{})
	if err != nil {
		return nil, err
	}
	return newCache(c, 0), nil
}

func newCache(config Config, ceiling Mode) *Cache {
	c := &Cache{config: config, ceiling: ceiling, clock: clock.NewRandom(config.Now, config.Random), room: memory.NewRoom(config.MemoryBytes)}
	if config.Mode == Refresh {
		c.made = c.request()
	}
	c.states.limit = statesIn(config.MemoryBytes)
	c.faults.to = config.Logger
	if told := config.Observe; told != nil {
		observing.Store(true)
		c.observer = &Observer{Event: func(_ context.Context, e Event) { told(e) }}
	}
	c.writes, c.refreshes, c.looks = c.background(), c.background(), c.background()
	c.audits = background.New(background.Config{Workers: auditors, Queue: auditsQueue, Timeout: backgroundTimeout, Report: func(_ string, err error) {
		if !errors.Is(err, background.ErrFull) && !errors.Is(err, background.ErrClosed) {
			c.faults.log("audit", err)
		}
	}})
	if config.Audit > 0 {
		controlled.Store(true)
	}
	c.marks = marks.New(marks.Config{Clock: c.clock})
	c.tiers.open(c)
	return c
}

// MemoryUsed estimates the bytes of all results in memory, and of those that wait to be written.
func (c *Cache) MemoryUsed() int64 { return c.room.Used() + c.writes.Holds() }

// background returns a pool for what nobody waits for.
func (c *Cache) background() *background.Pool {
	return background.New(background.Config{
		Workers: c.config.Workers, Bytes: c.config.MemoryBytes, Timeout: backgroundTimeout,
		Report: func(_ string, err error) {
			if !errors.Is(err, background.ErrFull) && !errors.Is(err, background.ErrClosed) { // who adds a task tells of those
				c.faults.log("background", err)
			}
		},
	})
}

// state returns what the cache has of f in a scope.
func (c *Cache) state(f *Function, s scope) *State {
	home := &c.states
	if f.private != nil {
		home = f.private
	}
	return home.of(address{c, f, s})
}

// cache returns the cache that the settings mean.
func (s *Settings) cache() *Cache {
	if s.Cache != nil {
		return s.Cache
	}
	return Default()
}

// scope returns the scope that the settings mean.
func (c *Cache) scope(s *Settings) scope {
	if s.Scoped {
		return scope{s.Project, s.Domain}
	}
	return scope{c.config.Project, c.config.Domain}
}

// Close waits until what runs in the background is done, or until ctx ends. Then it closes the
// stores. Later calls do without them.
func (c *Cache) Close(ctx context.Context) error {
	if c.closing.Swap(true) {
		return nil
	}
	audited := c.audits.Close(ctx)
	refreshed := c.refreshes.Close(ctx) // while their results can still be stored
	c.closed.Store(true)
	written := c.writes.Close(ctx)
	return errors.Join(audited, refreshed, written, c.looks.Close(ctx), c.tiers.close(ctx))
}

// nanos is now, for others to read.
func (c *Cache) nanos() int64 { return c.clock.Nanos(c.clock.Now()) }

// Drain waits until what runs in the background is done, or ctx ends.
func (c *Cache) Drain(ctx context.Context) error {
	return errors.Join(c.audits.Drain(ctx), c.refreshes.Drain(ctx), c.writes.Drain(ctx), c.looks.Drain(ctx)) // a refresh ends in a write
}
