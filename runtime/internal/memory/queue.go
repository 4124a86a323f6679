package memory

// queue is a first-in-first-out queue of hashes, in chunks that hold no pointers: the garbage
// collector has nothing to look at. An entry that leaves from the middle leaves its record behind;
// a record counts if its entry has its position.
type queue struct {
	head, tail     *chunk // pushed at head, popped at tail
	in, out        int    // the next place in head and in tail
	pushed, popped uint32 // positions
}

type chunk struct {
	next   *chunk
	hashes []uint64
}

// The sizes of chunks: most functions have few entries.
const firstChunk, lastChunk = 16, 512

// len is the number of records.
func (q *queue) len() int { return int(q.pushed - q.popped) }

func (q *queue) push(hash uint64) (pos uint32) {
	switch {
	case q.head == nil:
		q.head = &chunk{hashes: make([]uint64, firstChunk)}
		q.tail = q.head
	case q.in == len(q.head.hashes):
		q.head.next = &chunk{hashes: make([]uint64, min(2*len(q.head.hashes), lastChunk))}
		q.head, q.in = q.head.next, 0
	}
	q.head.hashes[q.in] = hash
	q.in++
	q.pushed++
	return q.pushed - 1
}

// pop returns the oldest record. There must be one.
func (q *queue) pop() (hash uint64, pos uint32) {
	if q.out == len(q.tail.hashes) {
		q.tail, q.out = q.tail.next, 0
	}
	hash = q.tail.hashes[q.out]
	q.out++
	q.popped++
	return hash, q.popped - 1
}

// ghost has the hashes that were dropped lately, about as many as it has room for: 16 bits of
// each, and 16 of when that was, in lines of four. It may take one hash for another. The entry of
// that one then has a better start than it deserves.
type ghost struct {
	lines [][4]uint32
	now   uint32
	cap   uint32
}

func (g *ghost) line(hash uint64) *[4]uint32 { return &g.lines[hash&uint64(len(g.lines)-1)] }

// step is how many hashes have one time.
func (g *ghost) step() uint32 { return g.cap>>14 + 1 }

func (g *ghost) time() uint32 { return g.now / g.step() & 0xffff }

func (g *ghost) add(hash uint64) {
	if g.lines == nil {
		n := 1
		for 4*n < int(g.cap) {
			n *= 2
		}
		g.lines = make([][4]uint32, n)
	}
	g.now++
	l, now := g.line(hash), g.time()
	oldest := 0
	for i, x := range l {
		if x == 0 {
			oldest = i
			break
		}
		if (now-x)&0xffff > (now-l[oldest])&0xffff {
			oldest = i
		}
	}
	l[oldest] = uint32(hash>>48)<<16 | now
}

// take removes the hash and reports whether it was there.
func (g *ghost) take(hash uint64) bool {
	if g.lines == nil {
		return false
	}
	l := g.line(hash)
	for i, x := range l {
		if x != 0 && x>>16 == uint32(hash>>48) && (g.time()-x)&0xffff <= g.cap/g.step() {
			l[i] = 0
			return true
		}
	}
	return false
}
