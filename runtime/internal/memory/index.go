package memory

import "sync"

// Index finds things of its owner's that begin with a [Header] by hashes of which no two things have the same. The zero Index is empty. All
// methods are safe for concurrent use; Find takes no lock.
type Index struct {
	mu    sync.Mutex
	table table
}

// Find returns the header of the thing with the hash, or nil.
func (x *Index) Find(hash uint64) *Header { return x.table.find(hash) }

// Put makes h the thing with the hash if stays is false of the one that is there, and returns the one that is there then. One for which there
// is no room, because very many hashes have their first bits in common, is returned and not found later.
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
