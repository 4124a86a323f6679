package memory

import (
	"iter"
	"math/bits"
	"sync/atomic"
	"unsafe"
)

// table finds entries by their hashes, which are all different. Readers take no lock; writers have
// the tier's.
//
// It is an extendible hash table (Fagin et al., TODS '79): the upper bits of a hash choose a leaf,
// the lower ones a bucket in it. A bucket is one cache line: seven pointers, and a word with a byte
// of each one's hash and a count of the entries that found the bucket full and went on to the next
// one. An entry never moves within a leaf, so a reader needs no versions. A full leaf is replaced
// by a larger one or by two: those who are reading it find it as it was. So nobody ever waits for a
// table that doubles.
type table struct {
	dir atomic.Pointer[directory]
	n   int
}

// directory has as many leaves as there are values of the upper bits that count; several of them
// are the same where fewer bits do.
type directory struct {
	shift  uint8  // 63 - the number of upper bits that count
	mask   uint64 // the number of buckets of a leaf, less one
	leaves []leaf
}

type leaf struct {
	first atomic.Pointer[bucket]
	count *count // for writers
}

// count is what writers know of a leaf.
type count struct {
	n     int
	depth uint8 // how many upper bits its hashes have in common
}

const (
	perBucket = 7
	// fullBuckets is how many entries a leaf has for each bucket when it is full: some of them went
	// on to the next one.
	fullBuckets = 6
	// maxBuckets is the size at which a leaf is split in two: 32 KiB, which Go aligns and gives no
	// header.
	maxBuckets = 512
)

// The seven tags in a bucket's word, each with its lowest or its highest bit set.
const (
	lowest  = 0x0001010101010101
	highest = 0x0080808080808080
	// one is an entry more that went on to the next bucket.
	one = 1 << 56
	// many of them are no longer counted.
	many = 255
)

type bucket struct {
	tags  atomic.Uint64 // a byte each, 0 where the slot is free
	slots [perBucket]atomic.Pointer[Header]
}

// tagOf returns seven bits of the hash that choose neither leaf nor bucket, with the highest bit
// set.
func tagOf(hash uint64) uint64 { return hash>>32&0x7f | 0x80 }

func (d *directory) at(hash uint64) *leaf { return &d.leaves[hash>>1>>(d.shift&63)] }

func (d *directory) depth() uint8 { return 63 - d.shift }

// nth returns a bucket of the leaf that begins with first. A leaf is a pointer to its first bucket,
// and not a slice, for it is replaced in one atomic step, and another pointer on the way to a
// bucket would be another miss of the processor's cache.
func nth(first *bucket, i uint64) *bucket {
	return (*bucket)(unsafe.Add(unsafe.Pointer(first), i*uint64(unsafe.Sizeof(bucket{}))))
}

// find returns the entry with the hash, or nil.
func (t *table) find(hash uint64) *Header {
	d := t.dir.Load()
	if d == nil {
		return nil
	}
	first := d.at(hash).first.Load()
	want := tagOf(hash) * lowest
	for i := hash; ; i++ {
		b := nth(first, i&d.mask)
		tags := b.tags.Load()
		differ := tags ^ want
		// A byte that is 0 has its highest bit set here, and some that are not: the hash decides.
		for m := (differ - lowest) & ^differ & highest; m != 0; m &= m - 1 {
			if h := b.slots[uint(bits.TrailingZeros64(m))>>3%8].Load(); h != nil && h.hash == hash {
				return h
			}
		}
		if tags < one || i-hash == d.mask {
			return nil
		}
	}
}

// place is where an entry is.
type place struct {
	leaf   *leaf
	bucket *bucket
	slot   int
	steps  uint64 // buckets that it went past
}

// seek returns where the entry with the hash is.
func (t *table) seek(hash uint64) (p place, ok bool) {
	d := t.dir.Load()
	if d == nil {
		return p, false
	}
	p.leaf = d.at(hash)
	first := p.leaf.first.Load()
	for ; ; p.steps++ {
		p.bucket = nth(first, (hash+p.steps)&d.mask)
		tags := p.bucket.tags.Load()
		for p.slot = range perBucket {
			if byte(tags>>(8*p.slot)) == byte(tagOf(hash)) && p.bucket.slots[p.slot].Load().hash == hash {
				return p, true
			}
		}
		if tags < one || p.steps == d.mask {
			return p, false
		}
	}
}

// replace puts h where there is an entry with its hash.
func (t *table) replace(h *Header) {
	if p, ok := t.seek(h.hash); ok {
		p.bucket.slots[p.slot].Store(h)
	}
}

// insert adds h, whose hash is not there, and reports whether there was room: there always is,
// unless hashes have very much in common.
func (t *table) insert(h *Header) bool {
	d := t.dir.Load()
	if d == nil {
		d = newDirectory(0, 1)
		d.leaves[0].first.Store(newLeaf(1))
		d.leaves[0].count = new(count)
		t.dir.Store(d)
	}
	l := d.at(h.hash)
	for l.count.n >= max(int(d.mask+1)*fullBuckets, perBucket) {
		if !t.grow(d, l, h.hash) {
			return false
		}
		d = t.dir.Load()
		l = d.at(h.hash)
	}
	put(l.first.Load(), d.mask, h)
	l.count.n++
	t.n++
	return true
}

// put puts h into the first free slot of the leaf from its bucket on.
func put(first *bucket, mask uint64, h *Header) {
	for i := h.hash; ; i++ {
		b := nth(first, i&mask)
		tags := b.tags.Load()
		if free := ^tags & highest; free != 0 {
			slot := bits.TrailingZeros64(free) >> 3
			b.slots[slot].Store(h)
			b.tags.Store(tags | tagOf(h.hash)<<(8*slot))
			return
		}
		if tags>>56 < many {
			b.tags.Store(tags + one)
		}
	}
}

// remove drops the entry with the hash.
func (t *table) remove(hash uint64) {
	p, ok := t.seek(hash)
	if !ok {
		return
	}
	p.bucket.tags.Store(p.bucket.tags.Load() &^ (0xff << (8 * p.slot)))
	p.bucket.slots[p.slot].Store(nil)
	first, mask := p.leaf.first.Load(), t.dir.Load().mask
	for i := range p.steps {
		b := nth(first, (hash+i)&mask)
		if tags := b.tags.Load(); tags>>56 < many { // what is no longer counted stays
			b.tags.Store(tags - one)
		}
	}
	p.leaf.count.n--
	t.n--
}

func newLeaf(buckets int) *bucket { return &make([]bucket, buckets)[0] }

func newDirectory(depth uint8, buckets int) *directory {
	return &directory{shift: 63 - depth, mask: uint64(buckets - 1), leaves: make([]leaf, 1<<depth)}
}

// entries yields those of a leaf.
func entries(first *bucket, mask uint64) iter.Seq[*Header] {
	return func(yield func(*Header) bool) {
		for i := range mask + 1 {
			b := nth(first, i)
			for s := range b.slots {
				if h := b.slots[s].Load(); h != nil && !yield(h) {
					return
				}
			}
		}
	}
}

// grow makes room in the leaf of the hash, and reports whether it could.
func (t *table) grow(d *directory, l *leaf, hash uint64) bool {
	if d.mask+1 < maxBuckets {
		t.enlarge(d)
		return true
	}
	if depth := l.count.depth + 1; depth > d.depth() {
		if 1<<depth > 64+t.n/64 { // with hashes that are any good it is a tenth of that
			return false
		}
		d = doubled(d)
	}
	split(d, l, hash)
	t.dir.Store(d)
	return true
}

// enlarge replaces the only leaf by one of twice its size.
func (t *table) enlarge(d *directory) {
	buckets := 2 * int(d.mask+1)
	larger := newDirectory(0, buckets)
	first := newLeaf(buckets)
	for h := range entries(d.leaves[0].first.Load(), d.mask) {
		put(first, larger.mask, h)
	}
	larger.leaves[0].first.Store(first)
	larger.leaves[0].count = d.leaves[0].count
	t.dir.Store(larger)
}

// doubled returns a directory with the same leaves in which another bit counts.
func doubled(d *directory) *directory {
	twice := newDirectory(d.depth()+1, int(d.mask+1))
	for i := range twice.leaves {
		twice.leaves[i].first.Store(d.leaves[i/2].first.Load())
		twice.leaves[i].count = d.leaves[i/2].count
	}
	return twice
}

// split puts two leaves in d where l is, to which the hash belongs.
func split(d *directory, l *leaf, hash uint64) {
	depth := l.count.depth + 1
	halves := [2]*bucket{newLeaf(maxBuckets), newLeaf(maxBuckets)}
	counts := [2]*count{{depth: depth}, {depth: depth}}
	for h := range entries(l.first.Load(), d.mask) {
		i := h.hash >> (64 - depth) & 1
		put(halves[i], d.mask, h)
		counts[i].n++
	}
	each := uint64(1) << (d.depth() - depth)     // leaves of the directory for each half
	from := hash >> 1 >> d.shift &^ (2*each - 1) // the first of them
	for i := range 2 * each {
		d.leaves[from+i].first.Store(halves[i/each])
		d.leaves[from+i].count = counts[i/each]
	}
}

// all yields all entries. The table must not change meanwhile.
func (t *table) all() iter.Seq[*Header] {
	return func(yield func(*Header) bool) {
		d := t.dir.Load()
		if d == nil {
			return
		}
		var last *bucket
		for i := range d.leaves {
			first := d.leaves[i].first.Load()
			if first == last {
				continue
			}
			last = first
			for h := range entries(first, d.mask) {
				if !yield(h) {
					return
				}
			}
		}
	}
}
