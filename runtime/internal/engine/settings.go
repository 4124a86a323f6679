package engine

import (
	"context"
	"slices"
	"sync/atomic"
	"time"
)

// controlled is true once this process put settings into a context. Until then a hit need not look
// at its context.
var controlled atomic.Bool

// observing is true once this process had an observer anywhere. Until then nobody need look for
// observers of hits.
var observing atomic.Bool

// Settings are what a context says about caching. One context key holds them all.
type Settings struct {
	// Mode is the mode, 0 if none was chosen, and Asked when it was.
	Mode  Mode
	Asked *asked
	// MaxAge stands for the functions' limits if HasMaxAge.
	MaxAge    time.Duration
	HasMaxAge bool
	// Project and Domain stand for the cache's if Scoped.
	Project, Domain string
	Scoped          bool
	// Run is the run's name, "" if there is none.
	Run string
	// Cache is where results are, nil for the default.
	Cache *Cache
	// Observers are told of what happens.
	Observers []*Observer
	// Patient reports whether calls wait for the store for all of [Config.StoreTimeout]; nil is never.
	// It is for tests: whether a call is a hit must not depend on how busy the machine is.
	Patient func() bool
}

type settingsKey struct{}

// With returns a context whose settings are those of ctx as set changes them.
func With(ctx context.Context, set func(*Settings)) context.Context {
	controlled.Store(true)
	s := SettingsOf(ctx)
	set(&s)
	return context.WithValue(ctx, settingsKey{}, &controls{Settings: s})
}

// SettingsOf returns the settings of ctx.
func SettingsOf(ctx context.Context) Settings { return *settingsOf(ctx) }

// unset are the settings of contexts that have none.
var unset Settings

// settingsOf returns the settings of ctx, which nobody may change.
func settingsOf(ctx context.Context) *Settings {
	if s := settingsIn(ctx); s != nil {
		return s
	}
	return &unset
}

// settingsIn returns the settings that ctx has, which nobody may change, or nil.
func settingsIn(ctx context.Context) *Settings {
	if !controlled.Load() {
		return nil
	}
	if c, _ := ctx.Value(settingsKey{}).(*controls); c != nil {
		return &c.Settings
	}
	return nil
}

// WithObserver returns a context whose calls are told to o too.
func WithObserver(ctx context.Context, o *Observer) context.Context {
	observing.Store(true)
	return With(ctx, func(s *Settings) { s.Observers = append(slices.Clip(s.Observers), o) })
}

// WithMode returns a context in which calls follow m.
func WithMode(ctx context.Context, m Mode) context.Context {
	return With(ctx, func(s *Settings) { s.Mode, s.Asked = m, new(asked) })
}
