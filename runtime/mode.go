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
	// Refresh uses no entry that existed before the context asked for Refresh, and writes results.
	Refresh = engine.Refresh
	// Bypass calls functions as if there were no cache.
	Bypass = engine.Bypass
	// ReadOnly reads entries and writes nothing. It does not refresh stale entries.
	ReadOnly = engine.ReadOnly
	// Frozen reads entries of any age and executes nothing. A call without an entry returns
	// [ErrFrozen].
	Frozen = engine.Frozen
)

// ErrFrozen is the error of a call in mode Frozen that has no entry.
var ErrFrozen = engine.ErrFrozen

// WithMode returns a context in which cached functions use mode m, whatever the mode of the process
// is. Code can't lift the modes bypass and readonly of the environment.
func WithMode(ctx context.Context, m Mode) context.Context { return engine.WithMode(ctx, m) }
