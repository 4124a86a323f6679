package cache

import (
	"context"

	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/layer"
)

// Open opens the store that url names, for [Config]. Options of any URL put layers in front of the
// store: compress, encrypt=env:NAME and limit=SIZE. Several URLs separated by spaces are a chain,
// the nearest store first; see [layer.Open]. The schemes dir: and memory: are always there. Others
// come with the import of their driver, and the error for an unknown scheme names the import.
func Open(ctx context.Context, url string) (store.Store, error) { return layer.Open(ctx, url) }
