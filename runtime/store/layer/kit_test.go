package layer_test

import (
	"context"
	"errors"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

var errBroken = errors.New("broken")

// every calls each method of s once that has a result or can fail.
func every(ctx context.Context, s store.Store) map[string]error {
	errs := map[string]error{}
	_, errs["Get"] = s.Get(ctx, key)
	_, errs["Put"] = s.Put(ctx, key, store.Item{Stamp: 1})
	errs["Delete"] = s.Delete(ctx, key)
	batcher, _ := store.As[store.Batcher](s)
	_, errs["GetMany"] = batcher.GetMany(ctx, []string{key})
	stamper, _ := store.As[store.Stamper](s)
	_, errs["Stamps"] = stamper.Stamps(ctx, []string{key})
	blobber, _ := store.As[store.Blobber](s)
	_, errs["ReadBlob"] = blobber.ReadBlob(ctx, "p")
	_, errs["WriteBlob"] = blobber.WriteBlob(ctx, "p", nil, true)
	errs["DeleteBlob"] = blobber.DeleteBlob(ctx, "p")
	leaser, _ := store.As[store.Leaser](s)
	_, errs["Acquire"] = leaser.Acquire(ctx, key, time.Minute)
	return errs
}
