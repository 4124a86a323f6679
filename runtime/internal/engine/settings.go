package engine

import (
	"context"
	"sync/atomic"
	"time"
)

// controlled is true once this process put settings into a context: until then a hit need not ask its own.
var controlled atomic.Bool

// Settings are what a context says about caching. One context key holds them all.
type Settings struct {
	Mode    Mode
	Asked   int64 // when Mode was chosen, in Unix nanoseconds
	MaxAge  time.Duration
	HasAge  bool
	Project string
	Domain  string
	Scoped  bool
	Run     string
	Cache   *Cache
	Observe func(Event)
}

type settingsKey struct{}

// With returns a context whose settings are those of ctx as set changes them.
func With(ctx context.Context, set func(*Settings)) context.Context {
	controlled.Store(true)
	var s Settings
	if outer := settingsOf(ctx); outer != nil {
		s = *outer
	}
	set(&s)
	return context.WithValue(ctx, settingsKey{}, &s)
}

// settingsOf returns the settings of ctx, or nil.
func settingsOf(ctx context.Context) *Settings {
	if !controlled.Load() {
		return nil
	}
	s, _ := ctx.Value(settingsKey{}).(*Settings)
	return s
}
