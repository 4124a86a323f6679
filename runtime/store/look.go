package store

import "context"

type looking struct{}

// ToLook returns a context with which [Open] makes no folder and no table. A missing one is
// [ErrNoStore].
func ToLook(ctx context.Context) context.Context { return context.WithValue(ctx, looking{}, true) }

// OnlyLooks reports whether ctx is from [ToLook]. An [Opener] then makes nothing that is missing.
func OnlyLooks(ctx context.Context) bool { return ctx.Value(looking{}) != nil }
