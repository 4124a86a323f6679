package conformance

import (
	"context"
	"log/slog"

	cache "github.com/cachegen/cachegen/runtime"
)

//cache:auto
func automatic(ctx context.Context, n int) (int, error) { return execute(ctx, "automatic", n) }

// overridden and overriddenToo are one function whose code changed and whose version didn't; overriddenNext is the next version.
//
//cache:override version=1.0 namespace=flyte/overridden
func overridden(ctx context.Context, n int) (int, error) { return execute(ctx, "overridden", n) }

//cache:override version=1.0 namespace=flyte/overridden
func overriddenToo(ctx context.Context, n int) (int, error) {
	return execute(ctx, "overridden", "otherwise", n)
}

//cache:override version=1.1 namespace=flyte/overridden
func overriddenNext(ctx context.Context, n int) (int, error) { return execute(ctx, "overridden", n) }

//cache:override version=1.0 namespace=flyte/overridden salt=pepper
func overriddenSalted(ctx context.Context, n int) (int, error) { return execute(ctx, "overridden", n) }

//cache:disable max-age=1h
func disabled(ctx context.Context, n int) (int, error) { return execute(ctx, "disabled", n) }

//cache:auto ignore=log,verbose
func ignoring(ctx context.Context, n int, log *slog.Logger, verbose bool) (int, error) {
	log.DebugContext(ctx, "executed", "n", n)
	return execute(ctx, "ignoring", n)
}

// text and number have the same name of an input, and inputs that read alike.
//
//cache:override version=1 namespace=flyte/interface
func text(ctx context.Context, v string) (int, error) { return execute(ctx, "text", v) }

//cache:override version=1 namespace=flyte/interface
func number(ctx context.Context, v int) (int, error) { return execute(ctx, "number", v) }

// several is called with its numbers one by one, or with a slice of them.
//
//cache:auto
func several(ctx context.Context, ns ...int) (int, error) { return execute(ctx, "several", len(ns)) }

//cache:auto serialize=1s
func serialized(ctx context.Context, n int) (int, error) { return execute(ctx, "serialized", n) }

// image is what a task runs in: a policy makes it a part of the version.
//
//cache:reviewed
func image(ctx context.Context, _ cache.VersionParams) (string, error) {
	name, err := imageName(ctx)
	return name, err
}

//cache:auto policy=body,image
func inImage(ctx context.Context, n int) (int, error) { return execute(ctx, "inImage", n) }

type imageKey struct{}

//cache:reviewed
func imageName(ctx context.Context) (string, error) {
	switch v := ctx.Value(imageKey{}).(type) {
	case string:
		return v, nil
	case error:
		return "", v
	}
	return "", nil
}

// outer reaches the wrapper of another cached function.
//
//cache:auto
func outer(ctx context.Context, n int) (int, error) {
	inner, err := cachedAutomatic(ctx, n)
	if err != nil {
		return 0, err
	}
	n, err = execute(ctx, "outer", n)
	return 100*n + inner, err
}

// step is one of a program that goes on where it was ended.
//
//cache:auto per=run
func step(ctx context.Context, n int) (int, error) { return execute(ctx, "step", n) }
