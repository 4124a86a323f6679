package cache

import (
	"context"

	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/layer"
)

// Open opens the store that url names, for [Config], with the layers that it asks for: options of any URL are compress, encrypt=env:NAME
// and limit=SIZE, and several URLs separated by spaces are a chain, the nearest first, as [layer.Open] says. The schemes dir: and
// memory: are always there; others come with the import of their driver, and the error of an unknown one says which that is.
func Open(ctx context.Context, url string) (store.Store, error) { return layer.Open(ctx, url) }
