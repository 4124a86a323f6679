package cache

import (
	"context"

	"github.com/cachegen/cachegen/runtime/internal/engine"
)

// Mode says how cached functions use their cache.
type Mode = engine.Mode

// Modes.
const (
	// Use reads entries and writes results. It is the default.
	Use = engine.Use
	// Refresh reads no entry that was there when it was asked for, and writes results.
	Refresh = engine.Refresh
	// Bypass calls functions as if there were no cache.
	Bypass = engine.Bypass
	// ReadOnly reads entries and writes nothing. Stale entries that may be used are not made anew.
	ReadOnly = engine.ReadOnly
	// Frozen reads entries of any age and executes nothing: what is missing is [ErrFrozen].
	Frozen = engine.Frozen
)

// ErrFrozen is the error of a call in mode Frozen that has no entry.
var ErrFrozen = engine.ErrFrozen

// WithMode returns a context in which cached functions follow m, whatever the process's mode is, unless the environment's is bypass
// or readonly: those are a ceiling that code can't lift.
func WithMode(ctx context.Context, m Mode) context.Context { return engine.WithMode(ctx, m) }
