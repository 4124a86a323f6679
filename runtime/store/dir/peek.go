package dir

import (
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

// mostPeeked is the size from which an item's file is not peeked at: then the goroutine that waits
// for [Store.Get] hardly counts.
const mostPeeked = 64 << 10

// Peek implements [store.Peeker] where the system can tell whether it would have to wait for the
// disk. It leaves to Get whatever is not plain: damage, a folder that is to be looked for again, an
// access time that is to be set.
func (s *Store) Peek(key string) (store.Item, bool) {
	if s.distant || s.closed.Err() != nil || store.CheckKey(key) != nil {
		return store.Item{}, false
	}
	now := time.Now()
	f := s.home.sure(now)
	if f == nil {
		return store.Item{}, false
	}
	var buf [512]byte // A name has less than 256.
	file, ok := f.cached.read(appendPath(buf[:0], key))
	if !ok || touchDue(file.written, file.accessed, now) {
		return store.Item{}, false
	}
	item, err := parseItem(file.content, key)
	if err != nil || !item.Expires.IsZero() && now.After(item.Expires) {
		return store.Item{}, false
	}
	return item, true
}

// cachedFile is a file's content, and when it was written and last read.
type cachedFile struct {
	content           []byte
	written, accessed time.Time
}
