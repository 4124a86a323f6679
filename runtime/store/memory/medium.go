package memory

import (
	"cmp"
	"container/list"
	"strings"
	"sync"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

// medium holds the items that all users of one name share.
type medium struct {
	options Options

	mu    sync.Mutex
	items map[string]*list.Element // of *entry
	// used has the entries other than marks, the most recently used first. marks has the marks,
	// which go only when that of their group takes their place.
	used, marks list.List
	bytes       int64
	blobs       map[string][]byte
	leases      map[string]*lease
	users       map[*Store]bool
}

// entry is an item of a medium.
type entry struct {
	key                string
	item               store.Item
	modified, accessed time.Time
	hits               int64
}

func (e *entry) cost() int64 { return int64(len(e.key)+len(e.item.Value)) + overhead }

func (e *entry) info() store.Info {
	return store.Info{
		Key: e.key, Size: int64(len(e.item.Value)), Stamp: e.item.Stamp,
		Modified: e.modified, Accessed: e.accessed, Hits: e.hits,
	}
}

func newMedium(o Options) *medium {
	return &medium{
		options: Options{Entries: cmp.Or(o.Entries, DefaultEntries), Bytes: cmp.Or(o.Bytes, DefaultBytes)},
		items:   map[string]*list.Element{},
		blobs:   map[string][]byte{},
		leases:  map[string]*lease{},
		users:   map[*Store]bool{},
	}
}

func (m *medium) get(key string, now time.Time) (store.Item, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	el := m.items[key]
	if el == nil {
		return store.Item{}, store.ErrNotFound
	}
	e := el.Value.(*entry)
	if !e.item.Expires.IsZero() && now.After(e.item.Expires) {
		m.drop(el)
		return store.Item{}, store.ErrNotFound
	}
	e.accessed = now
	e.hits++
	m.list(key).MoveToFront(el)
	return e.item, nil
}

// stamp returns the stamp of key's item, if there is one.
func (m *medium) stamp(key string) (int64, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if el := m.items[key]; el != nil {
		return el.Value.(*entry).item.Stamp, true
	}
	return 0, false
}

func (m *medium) put(by *Store, key string, item store.Item, now time.Time) (bool, error) {
	replaces := item
	item.Replaces = 0
	e := &entry{key: key, item: item, modified: now, accessed: now}
	if e.cost() > m.options.Bytes {
		return false, store.ErrTooLarge
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if el := m.items[key]; el != nil {
		if !replaces.MayReplace(el.Value.(*entry).item.Stamp) {
			return false, nil
		}
		m.drop(el)
	}
	m.insert(e)
	if m.isFull() {
		m.groupMarks()
	}
	for m.isFull() && m.used.Len() > 0 {
		m.drop(m.used.Back())
	}
	m.tell(by, key)
	return true, nil
}

func (m *medium) isFull() bool { return len(m.items) > m.options.Entries || m.bytes > m.options.Bytes }

func (m *medium) delete(by *Store, key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if el := m.items[key]; el != nil {
		m.drop(el)
		m.tell(by, key)
	}
}

// list returns the list that has key's entry.
func (m *medium) list(key string) *list.List {
	if strings.HasPrefix(key, store.MarkPrefix) {
		return &m.marks
	}
	return &m.used
}

// insert adds an entry whose key has none. The caller has the lock.
func (m *medium) insert(e *entry) {
	m.items[e.key] = m.list(e.key).PushFront(e)
	m.bytes += e.cost()
}

// drop removes an entry. The caller has the lock.
func (m *medium) drop(el *list.Element) {
	e := el.Value.(*entry)
	m.list(e.key).Remove(el)
	delete(m.items, e.key)
	m.bytes -= e.cost()
}

func (m *medium) join(s *Store) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.users[s] = true
}

// part removes the user s and frees its leases.
func (m *medium) part(s *Store) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.users, s)
	for _, l := range m.leases {
		if l.holder == s {
			m.free(l)
		}
	}
}
