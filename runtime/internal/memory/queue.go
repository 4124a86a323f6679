package memory

// queue is a first-in-first-out queue of nodes, any of which can leave.
type queue[E Entry] struct {
	root node[E]
	n    int
}

func (q *queue[E]) push(n *node[E]) {
	if q.root.next == nil {
		q.root.next, q.root.prev = &q.root, &q.root
	}
	n.in = q
	n.prev, n.next = &q.root, q.root.next
	n.prev.next, n.next.prev = n, n
	q.n++
}

func (q *queue[E]) oldest() *node[E] { return q.root.prev }

func (q *queue[E]) remove(n *node[E]) {
	n.prev.next, n.next.prev = n.next, n.prev
	n.prev, n.next, n.in = nil, nil, nil
	q.n--
}

// ghost remembers the hashes that were dropped last, as many as it has room for.
type ghost struct {
	at   map[uint64]int // where in ring
	ring []uint64
	next int
	cap  int
}

// recall forgets the hash and reports whether it was remembered.
func (g *ghost) recall(hash uint64) bool {
	_, ok := g.at[hash]
	delete(g.at, hash)
	return ok
}

func (g *ghost) remember(hash uint64) {
	if len(g.ring) < g.cap {
		g.at[hash] = len(g.ring)
		g.ring = append(g.ring, hash)
		return
	}
	if old := g.ring[g.next]; g.at[old] == g.next {
		delete(g.at, old)
	}
	g.ring[g.next], g.at[hash] = hash, g.next
	g.next = (g.next + 1) % g.cap
}
