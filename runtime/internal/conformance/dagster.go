package conformance

import "context"

// resource is what Dagster calls one: configured once, and used by what computes.
type resource struct{ Table string }

// shared doesn't depend on the resource.
//
//cache:auto ignore=r
func (r *resource) shared(ctx context.Context, key string) (int, error) {
	return execute(ctx, "shared", key)
}

// keyed depends on the resource's configuration.
//
//cache:auto
func (r resource) keyed(ctx context.Context, key string) (int, error) {
	return execute(ctx, "keyed", r.Table, key)
}

// own belongs to one resource.
//
//cache:auto per=receiver
func (r *resource) own(ctx context.Context, key string) (int, error) {
	return execute(ctx, "own", key)
}

// asset has several results.
//
//cache:auto
func asset(ctx context.Context, key string) (rows []string, n int, err error) {
	n, err = execute(ctx, "asset", key)
	return []string{key, key}, n, err
}
