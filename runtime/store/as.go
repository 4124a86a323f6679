package store

import "context"

// Wrapper is a store in front of another one.
type Wrapper interface {
	Store
	// Unwrap returns the store behind.
	Unwrap() Store
}

// As returns s as a T, where T is one of the interfaces beyond [Store]: [Lister], [Leaser],
// [Watcher], [Batcher], [Blobber], [Pruner], [Stamper] or [Grouper]. Use it instead of a type
// assertion. A store in front of another one has a T only if the store behind it has; if the front
// store does not implement T at all, the store behind is the answer. So one wrapper can implement
// all interfaces, and claims nothing that the store behind can't do ([net/http.ResponseController]
// works in the same way).
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

// Stamper is a store that can read the stamps of items without their values. For [Watcher], such a
// read counts as a Get.
type Stamper interface {
	// Stamps returns the stamps of the items that exist among keys, by key. With an error, the
	// returned stamps are right, but some may be missing.
	Stamps(ctx context.Context, keys []string) (map[string]int64, error)
}

// Grouper is a store that puts one mark in the place of many when it needs their room. Say that a
// service forgets a tag for each of a million users: the store has no room for a million marks.
//
// A store replaces marks in this order, which is what makes it safe whenever it stops, and whoever
// reads meanwhile:
//
//  1. It notes which marks of a group ([MarkGroup]) there are.
//  2. It puts an item under the group's key, with a stamp that was never there before, even if the
//     store lost its content since: the time, and more than the last one. It tells watchers, this
//     user's own among them.
//  3. It removes the marks that it noted, but none that was replaced meanwhile.
//
// The runtime takes a mark that is absent for marked when its group was. So it forgets more than
// anybody asked for, and never less.
type Grouper interface {
	// Grouped returns the stamps of the items under the keys of groups, for those that exist. The
	// runtime asks after it found marks to be absent.
	Grouped(ctx context.Context, groups []string) (map[string]int64, error)
}
