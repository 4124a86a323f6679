package engine

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/settings"
	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/layer"
)

// Config is package runtime's.
type Config struct {
	URL             string
	Store           store.Store
	Stores          map[string]store.Store
	Project, Domain string
	Mode            Mode
	MemoryEntries   int
	MemoryBytes     int64
	StoreTimeout    time.Duration
	Workers         int
	Observe         func(Event)
	Logger          *slog.Logger
	// Now is the time; nil is time.Now. It is for tests with clocks that go wrong.
	Now func() time.Time
	// Random returns a number from 0 to n-1; nil is rand.Int64N. It is for simulations that are to
	// be repeated.
	Random func(n int64) int64
	// Audit is the share of hits that are executed too. AuditFloats says which floats count as
	// equal in the comparison.
	Audit       float64
	AuditFloats func(was, is float64) bool
	// Recorder makes the cache play back recordings; nil is a cache as any other.
	Recorder Recorder
}

const (
	defaultEntries    = 10_000
	defaultBytes      = 128 << 20
	defaultTimeout    = 5 * time.Second
	defaultWorkers    = 8
	backgroundTimeout = 5 * time.Minute
)

// NoStore as a URL says that a cache has memory only.
const NoStore = "none"

// environment is what CACHEGEN_* variables say.
type environment struct {
	config  Config
	ceiling Mode // bypass or readonly, which code can't lift
}

func environ() (environment, error) {
	mode, err := ParseMode(os.Getenv("CACHEGEN_MODE"))
	if err != nil {
		return environment{ceiling: Bypass}, fmt.Errorf("CACHEGEN_MODE: %w", err)
	}
	audit, err := settings.ParseShare(os.Getenv("CACHEGEN_AUDIT"))
	if err != nil {
		return environment{ceiling: Bypass}, fmt.Errorf("CACHEGEN_AUDIT: %w", err)
	}
	file, err := loadSettings()
	if err != nil {
		return environment{ceiling: Bypass}, fmt.Errorf("CACHEGEN_CONFIG: %w", err)
	}
	e := environment{config: Config{
		Audit: audit,
		URL:   os.Getenv("CACHEGEN_STORE"), Project: os.Getenv("CACHEGEN_PROJECT"), Domain: os.Getenv("CACHEGEN_DOMAIN"), Mode: mode,
	}}
	if mode == Bypass || mode == ReadOnly {
		e.ceiling = mode
	}
	if file != nil {
		e.config.URL = cmp.Or(e.config.URL, file.Store)
		e.config.MemoryEntries = file.MemoryEntries
	}
	return e, nil
}

// over returns c with what it leaves open filled in by the environment, and by defaults.
func (c Config) over(e Config) (Config, error) {
	if c.URL != "" && c.Store != nil {
		return c, errors.New("cache: Config has both a URL and a Store")
	}
	if c.Mode > Frozen || c.MemoryEntries < 0 || c.MemoryBytes < 0 || c.StoreTimeout < 0 || c.Workers < 0 || !(c.Audit >= 0 && c.Audit <= 1) {
		return c, errors.New("cache: Config has a number that is out of range")
	}
	if c.Store == nil {
		c.URL = cmp.Or(c.URL, e.URL, defaultURL())
		if err := checkURL(c.URL); err != nil {
			return c, err
		}
	}
	c.Project, c.Domain = cmp.Or(c.Project, e.Project), cmp.Or(c.Domain, e.Domain)
	c.Mode = cmp.Or(c.Mode, e.Mode, Use)
	c.Audit = cmp.Or(c.Audit, e.Audit)
	c.MemoryEntries = cmp.Or(c.MemoryEntries, e.MemoryEntries, defaultEntries)
	c.MemoryBytes = cmp.Or(c.MemoryBytes, defaultBytes)
	c.StoreTimeout = cmp.Or(c.StoreTimeout, defaultTimeout)
	c.Workers = cmp.Or(c.Workers, defaultWorkers)
	return c, nil
}

// checkURL returns an error if a store's URL can't be right. A store that is away may come back.
func checkURL(url string) error {
	if url == NoStore {
		return nil
	}
	return layer.Check(url)
}

// Configure makes the default cache be as c says, unless it was used or configured.
func Configure(c Config) error {
	standard.mu.Lock()
	defer standard.mu.Unlock()
	if standard.cache.Load() != nil {
		return errors.New("cache: Configure comes after the default cache was used or configured")
	}
	cache, err := NewCache(c)
	if err != nil {
		return err
	}
	standard.cache.Store(cache)
	return nil
}

// Default returns the default cache. If nobody configured it, it is made as the environment says. A
// mistake in the environment is logged. Then calls bypass the cache, and Forget, Put, Clear and tags
// return the mistake.
func Default() *Cache {
	if c := standard.cache.Load(); c != nil {
		return c
	}
	standard.mu.Lock()
	defer standard.mu.Unlock()
	if c := standard.cache.Load(); c != nil {
		return c
	}
	c, err := NewCache(Config{})
	if err != nil {
		slog.Default().Error("cachegen: results are not cached", "err", err)
		c = newCache(Config{URL: NoStore, Mode: Bypass, MemoryEntries: 1, Workers: 1}, Bypass)
		c.mistake = err
	}
	standard.cache.Store(c)
	return c
}
