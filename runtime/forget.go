package cache

import (
	"context"

	"github.com/cachegen/cachegen/runtime/internal/engine"
)

// ForgetTags makes all results in the scope of ctx unusable that have one of the tags, of all
// functions, in all processes that share the store. Results of executions under way become unusable
// too. It writes one mark for each tag, and deletes nothing. After an error other processes may
// still use the old results.
func ForgetTags(ctx context.Context, tags ...string) error { return engine.ForgetTags(ctx, tags...) }

// ForgetRun makes all results of the run called id unusable, of functions with per=run. Otherwise
// it is like ForgetTags.
func ForgetRun(ctx context.Context, id string) error { return engine.ForgetRun(ctx, id) }
