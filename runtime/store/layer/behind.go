package layer

import (
	"errors"
	"fmt"

	"github.com/cachegen/cachegen/runtime/store"
)

// behind returns the store behind a layer as a T. It is one, because [store.As] asked it first.
func behind[T any](s store.Store) (T, error) {
	t, ok := store.As[T](s)
	if !ok {
		return t, fmt.Errorf("layer: %w by the store behind", errors.ErrUnsupported)
	}
	return t, nil
}
