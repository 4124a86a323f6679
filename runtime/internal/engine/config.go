package engine

import (
	"context"
	"errors"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
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
}

// Configure makes the default cache be as c says, unless it was used.
func Configure(c Config) error { return errors.New("cache: the default cache is in use") }

// Close ends what runs in the background.
func (c *Cache) Close(ctx context.Context) error { return nil }

// CloseDefault closes the default cache if it was used.
func CloseDefault(ctx context.Context) error { return nil }

// Private returns a function that counts for f but keeps its results apart, in memory only.
func (f *Function) Private() *Function { return f }

// Unkeyed notes a call without a key.
func (f *Function) Unkeyed(ctx context.Context, err error) { f.counts.bypassed.Add(1) }

// ErrFrozen is the error of a call in mode Frozen that has no entry.
var ErrFrozen = errors.New("cache: no entry, and the mode is frozen")

// WithMode returns a context in which calls follow m.
func WithMode(ctx context.Context, m Mode) context.Context {
	return With(ctx, func(s *Settings) { s.Mode, s.Asked = m, time.Now().UnixNano() })
}
