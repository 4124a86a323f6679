package memory

import (
	"maps"
	"sync"
	"testing"
	"unsafe"

	"pgregory.net/rapid"

	_ "github.com/cachegen/cachegen/internal/repeatable"
	"github.com/cachegen/cachegen/runtime/internal/key"
)

// thing is a result.
type thing struct {
	Header
	n    int
	name key.Key
}

var things = Kind[*thing]{
	Entry:  func(h *Header) *thing { return (*thing)(unsafe.Pointer(h)) },
	Header: func(t *thing) *Header { return &t.Header },
	Name:   func(t *thing) key.Key { return t.name },
}

func newThing(n int, stamp, size int64) *thing {
	t := &thing{n: n}
	t.Stamp = stamp
	t.SetSize(size)
	return t
}

func tierOf(entries int, bytes int64) *Typed[*thing] { return newTier(entries, NewRoom(bytes)) }

func newTier(entries int, r *Room) *Typed[*thing] { return New(entries, r, new(Gauge), things) }

// set inserts and trims.
func (c *Typed[E]) set(hash uint64, e E) {
	if c.Insert(hash, e) {
		c.room.Trim()
	}
}

func TestTierIsBoundedByEntries(t *testing.T) {
	c := tierOf(10, 1<<30)
	for n := range 1000 {
		c.set(uint64(n), newThing(n, 1, 1))
	}
	if n := c.gauge.Entries.Load(); n != 10 || c.table.n != 10 {
		t.Errorf("%d entries, %d in the table", n, c.table.n)
	}
}

func TestTierKeepsWhatIsUsed(t *testing.T) {
	c := tierOf(100, 1<<30)
	for n := range 10_000 {
		for often := range 20 {
			if c.Get(uint64(often)) == nil {
				c.set(uint64(often), newThing(often, 1, 1))
			}
		}
		c.set(uint64(1000+n), newThing(n, 1, 1)) // a scan
	}
	for often := range 20 {
		if c.Get(uint64(often)) == nil {
			t.Errorf("the scan drove out %d", often)
		}
	}
}

func TestTierIsBoundedByBytesTogether(t *testing.T) {
	b := NewRoom(1000)
	small, large := newTier(1000, b), newTier(1000, b)
	small.set(1, newThing(1, 1, 10))
	for n := range 100 {
		large.set(uint64(n), newThing(n, 1, 50))
		if used := b.used.Load(); used > 1000 {
			t.Fatalf("%d bytes", used)
		}
	}
	if small.Get(1) == nil {
		t.Error("the larger tier drove out the smaller one's")
	}
	large.set(500, newThing(500, 1, 127)) // an eighth of the room and more
	if large.Get(500) != nil {
		t.Error("keeps what is too large")
	}
	large.set(99, newThing(99, 2, 500))
	if large.Get(99) != nil {
		t.Error("keeps the old entry where the new one is too large")
	}
}

func TestTierKeepsTheNewest(t *testing.T) {
	c := tierOf(10, 1<<30)
	c.set(1, newThing(1, 5, 1))
	c.set(1, newThing(2, 4, 1))
	if got := c.Get(1).n; got != 1 {
		t.Errorf("%d: an older one replaced it", got)
	}
	c.set(1, newThing(3, 5, 1))
	if got := c.Get(1).n; got != 3 {
		t.Errorf("%d: one as old did not replace it", got)
	}
}

// TestTierAccounts compares the tier's bookkeeping with what is in it, after random operations.
func TestTierAccounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := tierOf(rapid.IntRange(1, 8).Draw(t, "entries"), 100)
		stamp := int64(0)
		t.Repeat(map[string]func(*rapid.T){
			"set": func(t *rapid.T) {
				stamp++
				n := rapid.IntRange(0, 15).Draw(t, "n")
				h := newThing(n, stamp, rapid.Int64Range(1, 12).Draw(t, "size"))
				if rapid.Bool().Draw(t, "named") {
					h.name = key.Key{byte(n), 1}
				}
				c.set(uint64(n), h)
			},
			"get":    func(t *rapid.T) { c.Get(rapid.Uint64Range(0, 15).Draw(t, "n")) },
			"remove": func(t *rapid.T) { c.Remove(rapid.Uint64Range(0, 15).Draw(t, "n")) },
			"older":  func(t *rapid.T) { c.RemoveOlder(rapid.Uint64Range(0, 15).Draw(t, "n"), stamp) },
			"named":  func(t *rapid.T) { c.RemoveNamed(key.Key{rapid.Byte().Draw(t, "n") % 16, 1}) },
			"evict":  func(*rapid.T) { c.evictOne() },
			"supersede": func(t *rapid.T) {
				c.Supersede(key.Key{rapid.Byte().Draw(t, "n") % 16, 1}, stamp)
			},
			"": func(t *rapid.T) { checkAccounts(t, c) },
		})
	})
}

func checkAccounts(t *rapid.T, c *Typed[*thing]) {
	var entries, newcomers int
	var bytes int64
	names := map[uint64]uint64{}
	for h := range c.table.all() {
		entries, bytes = entries+1, bytes+h.Size()
		if h.isNew() {
			newcomers++
		}
		if name := c.nameOf(h); name != (key.Key{}) {
			names[beginning(name)] = h.hash
		}
	}
	if !maps.Equal(names, c.names) {
		t.Fatalf("names lead to %v, want %v", c.names, names)
	}
	if entries != c.table.n || newcomers != c.newcomers || entries > c.cap {
		t.Fatalf("%d entries, %d new ones, of %d; counted %d, %d", entries, newcomers, c.cap, c.table.n, c.newcomers)
	}
	for what, got := range map[string]int64{"tier": c.bytes.Load(), "room": c.room.used.Load(), "gauge": c.gauge.Bytes.Load()} {
		if got != bytes {
			t.Fatalf("%s: %d bytes, want %d", what, got, bytes)
		}
	}
	if bytes > c.room.limit || c.gauge.Entries.Load() != int64(entries) {
		t.Fatalf("%d bytes, %d entries", bytes, entries)
	}
	if n := c.small.len() + c.main.len(); n < entries || n > 6*entries+4*lastChunk {
		t.Fatalf("%d records of %d entries", n, entries)
	}
}

func TestTierConcurrently(t *testing.T) {
	b := NewRoom(2000)
	tiers := []*Typed[*thing]{newTier(50, b), newTier(50, b)}
	var all sync.WaitGroup
	for g := range 4 {
		all.Go(func() {
			for n := range 2000 {
				c := tiers[(n+g)%2]
				c.set(uint64(n%70), newThing(n%70, int64(n), int64(n%60)))
				if h := c.Get(uint64(n % 70)); h != nil && h.n != n%70 {
					t.Errorf("%d under %d", h.n, n%70)
				}
				if n%50 == 0 {
					c.RemoveAll(func(h *thing) bool { return h.n%2 == 0 })
				}
			}
		})
	}
	all.Wait()
	if used := b.used.Load(); used > b.limit {
		t.Errorf("%d bytes", used)
	}
}

// TestTierKeepsSomeOfALoop goes round twice as many keys as there is room for: some of each round
// are found in the next one.
func TestTierKeepsSomeOfALoop(t *testing.T) {
	const room, keys, rounds = 100, 200, 50
	c := tierOf(room, 1<<30)
	hits := 0
	for range rounds {
		for n := range keys {
			if c.Get(mix(uint64(n)+1)) != nil {
				hits++
			} else {
				c.set(mix(uint64(n)+1), newThing(n, 1, 1))
			}
		}
	}
	if hits < keys*rounds/4 {
		t.Errorf("%d hits of %d", hits, keys*rounds)
	}
}
