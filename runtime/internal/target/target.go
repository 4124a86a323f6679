package target

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"github.com/cachegen/cachegen/runtime/store"
)

// ErrUnreadable says that there is something at a path that is no result of the type. It is left
// alone.
var ErrUnreadable = errors.New("target: unreadable")

// Load reads the result at path into what v points to, which must be zero. The error is
// [store.ErrNotFound] if there is none, [ErrUnreadable] if what is there is something else, or else
// a fault of the store; v is of no use then.
func Load(ctx context.Context, b store.Blobber, path string, f Format, v reflect.Value) error {
	data, err := b.ReadBlob(ctx, path)
	if err != nil {
		return fmt.Errorf("target: %s: %w", path, err)
	}
	if err := f.Decode(data, v); err != nil {
		return fmt.Errorf("%w: %s: %w", ErrUnreadable, path, err)
	}
	return nil
}

// Save writes what v points to at path, unless there is something already and replace is false;
// then it returns false.
func Save(ctx context.Context, b store.Blobber, path string, f Format, v reflect.Value, replace bool) (bool, error) {
	data, err := f.Encode(v)
	if err != nil {
		return false, err
	}
	ok, err := b.WriteBlob(ctx, path, data, replace)
	if err != nil {
		return false, fmt.Errorf("target: %s: %w", path, err)
	}
	return ok, nil
}
