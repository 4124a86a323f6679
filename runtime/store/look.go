package store

import "context"

type looking struct{}

// ToLook returns a context for [Open] with which it makes nothing: a folder or a table that is
// missing is [ErrNoStore].
func ToLook(ctx context.Context) context.Context { return context.WithValue(ctx, looking{}, true) }

// OnlyLooks reports whether a store is opened to look into what is there.
func OnlyLooks(ctx context.Context) bool { return ctx.Value(looking{}) != nil }
