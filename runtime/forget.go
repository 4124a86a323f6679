package cache

import (
	"context"

	"github.com/cachegen/cachegen/runtime/internal/engine"
)

// ForgetTags makes all results in the scope of ctx unusable that have one of the tags, whatever their function, in all processes that
// share the store, and what executions under way come to. It writes a mark a tag and deletes nothing. With an error other processes
// may still use them.
func ForgetTags(ctx context.Context, tags ...string) error { return engine.ForgetTags(ctx, tags...) }

// ForgetRun is ForgetTags for all results of the run called id, of functions with per=run.
func ForgetRun(ctx context.Context, id string) error { return engine.ForgetRun(ctx, id) }
