package memory

import (
	"sync"
	"testing"

	"pgregory.net/rapid"

	_ "github.com/cachegen/cachegen/internal/repeatable"
	"github.com/cachegen/cachegen/runtime/internal/key"
)

// thing is a result.
type thing struct {
	n           int
	stamp, size int64
	name        key.Key
}

func (t *thing) Stamp() int64  { return t.stamp }
func (t *thing) Size() int64   { return t.size }
func (t *thing) Name() key.Key { return t.name }

func newThing(n int, stamp, size int64) *thing { return &thing{n: n, stamp: stamp, size: size} }

func tierOf(entries int, bytes int64) *Tier[*thing] {
	return New[*thing](entries, NewRoom(bytes), new(Gauge))
}

// set inserts and trims.
func (c *Tier[E]) set(hash uint64, e E) {
	if c.Insert(hash, e) {
		c.room.Trim()
	}
}

func TestTierIsBoundedByEntries(t *testing.T) {
	c := tierOf(10, 1<<30)
	for n := range 1000 {
		c.set(uint64(n), newThing(n, 1, 1))
	}
	if n := c.gauge.Entries.Load(); n != 10 || c.m.Size() != 10 {
		t.Errorf("%d entries, %d in the map", n, c.m.Size())
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
	small, large := New[*thing](1000, b, new(Gauge)), New[*thing](1000, b, new(Gauge))
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
	large.set(500, newThing(500, 1, 126)) // an eighth of the room and more
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
				h := newThing(n, stamp, rapid.Int64Range(1, 20).Draw(t, "size"))
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

func checkAccounts(t *rapid.T, c *Tier[*thing]) {
	var entries, bytes int64
	var names []key.Key
	for hash, n := range c.m.All() {
		m := n.entry
		if n.hash != hash || n.in == nil {
			t.Fatalf("node %d under %d, in a queue: %t", n.hash, hash, n.in != nil)
		}
		entries, bytes = entries+1, bytes+m.size
		if m.name != (key.Key{}) {
			names = append(names, m.name)
			if c.names[m.name] != hash {
				t.Fatalf("name %x leads to %d", m.name[:2], c.names[m.name])
			}
		}
	}
	if len(names) != len(c.names) || int(entries) != c.small.n+c.main.n || entries > int64(c.cap) {
		t.Fatalf("%d names for %d; %d entries, %d + %d queued, of %d", len(c.names), len(names), entries, c.small.n, c.main.n, c.cap)
	}
	for what, got := range map[string]int64{"tier": c.bytes.Load(), "budget": c.room.used.Load(), "gauge": c.gauge.Bytes.Load()} {
		if got != bytes {
			t.Fatalf("%s: %d bytes, want %d", what, got, bytes)
		}
	}
	if bytes > c.room.limit || c.gauge.Entries.Load() != entries || len(c.ghost.ring) > c.cap {
		t.Fatalf("%d bytes, %d entries, %d ghosts", bytes, entries, len(c.ghost.ring))
	}
}

func TestTierConcurrently(t *testing.T) {
	b := NewRoom(2000)
	tiers := []*Tier[*thing]{New[*thing](50, b, new(Gauge)), New[*thing](50, b, new(Gauge))}
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
