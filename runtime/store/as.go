package store

import "context"

// Wrapper is a store in front of another one.
type Wrapper interface {
	Store
	// Unwrap returns the store behind.
	Unwrap() Store
}

// As finds what s can do beyond [Store]: s as a T, where T is [Lister], [Leaser], [Watcher],
// [Batcher], [Blobber], [Pruner] or [Stamper]. Ask it rather than asserting the type: a store in
// front of another one has a T only if the one behind has; if it has no opinion on T, the one
// behind is the answer. So wrappers can be written for all that stores may be able to do, and claim
// nothing that theirs can't ([net/http.ResponseController] has the idea).
func As[T any](s Store) (T, bool) {
	w, ok := s.(Wrapper)
	if !ok {
		t, ok := s.(T)
		return t, ok
	}
	behind, ok := As[T](w.Unwrap())
	if front, opinion := s.(T); ok && opinion {
		return front, true
	}
	return behind, ok
}

// Stamper is a store that can tell the stamps of items without their values. [Watcher] takes it for
// a Get.
type Stamper interface {
	// Stamps returns the stamps of the items that exist among keys, by key. With an error, those
	// that are returned are right, but may not be all.
	Stamps(ctx context.Context, keys []string) (map[string]int64, error)
}
