package runtime

import (
	"context"

	"github.com/cachegen/cachegen/runtime/store"
)

// Open opens the store that url names, for [Config]. The schemes dir: and memory: are always there; others come with the import of
// their driver, and the error of an unknown one says which that is.
func Open(ctx context.Context, url string) (store.Store, error) { return store.Open(ctx, url) }
