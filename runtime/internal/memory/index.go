package memory

import "sync"

// Index finds things by their hashes. Each thing begins with a [Header], and no two have the same
// hash. The zero Index is empty. All methods are safe for concurrent use; Find takes no lock.
type Index struct {
	mu    sync.Mutex
	table table
}

// Find returns the header of the thing with the hash, or nil.
func (x *Index) Find(hash uint64) *Header { return x.table.find(hash) }

// Put makes h the thing with the hash, unless stays reports true of the thing that is there. It
// returns the thing that is there afterwards. If very many hashes have their first bits in common,
// there may be no room: then Put returns h, and Find does not find it.
func (x *Index) Put(hash uint64, h *Header, stays func(*Header) bool) *Header {
	x.mu.Lock()
	defer x.mu.Unlock()
	h.hash = hash
	switch old := x.table.find(hash); {
	case old == nil:
		x.table.insert(h)
	case stays(old):
		return old
	default:
		x.table.replace(h)
	}
	return h
}

// Remove removes h, if it is there.
func (x *Index) Remove(h *Header) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.table.find(h.hash) == h {
		x.table.remove(h.hash)
	}
}

// Len is how many things there are.
func (x *Index) Len() int {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.table.n
}
