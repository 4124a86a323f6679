//lint:file-ignore U1000 Fields of the types here are there to be found by reflection.

package engine

import (
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	_ "github.com/cachegen/cachegen/internal/repeatable"
	"github.com/cachegen/cachegen/runtime/internal/key"
)

// thing is a result.
type thing struct {
	Meta
	n int
}

func (t *thing) Value() any { return &t.n }

func newThing(n int, began, size int64) *thing {
	return &thing{Meta: Meta{Began: began, size: size}, n: n}
}

func memoryOf(entries int, bytes int64) *memory {
	return newMemory(entries, &budget{limit: bytes}, new(gauge))
}

func TestMemoryIsBoundedByEntries(t *testing.T) {
	c := memoryOf(10, 1<<30)
	for n := range 1000 {
		c.set(uint64(n), newThing(n, 1, 1))
	}
	if n := c.count.entries.Load(); n != 10 || c.m.Size() != 10 {
		t.Errorf("%d entries, %d in the map", n, c.m.Size())
	}
}

func TestMemoryKeepsWhatIsUsed(t *testing.T) {
	c := memoryOf(100, 1<<30)
	for n := range 10_000 {
		for often := range 20 {
			if c.get(uint64(often)) == nil {
				c.set(uint64(often), newThing(often, 1, 1))
			}
		}
		c.set(uint64(1000+n), newThing(n, 1, 1)) // a scan
	}
	for often := range 20 {
		if c.get(uint64(often)) == nil {
			t.Errorf("the scan drove out %d", often)
		}
	}
}

func TestMemoryIsBoundedByBytesTogether(t *testing.T) {
	b := &budget{limit: 1000}
	small, large := newMemory(1000, b, new(gauge)), newMemory(1000, b, new(gauge))
	small.set(1, newThing(1, 1, 10))
	for n := range 100 {
		large.set(uint64(n), newThing(n, 1, 50))
		if used := b.used.Load(); used > 1000 {
			t.Fatalf("%d bytes", used)
		}
	}
	if small.get(1) == nil {
		t.Error("the larger tier drove out the smaller one's")
	}
	large.set(500, newThing(500, 1, 126)) // an eighth of the room and more
	if large.get(500) != nil {
		t.Error("keeps what is too large")
	}
	large.set(99, newThing(99, 2, 500))
	if large.get(99) != nil {
		t.Error("keeps the old entry where the new one is too large")
	}
}

func TestMemoryKeepsTheNewest(t *testing.T) {
	c := memoryOf(10, 1<<30)
	c.set(1, newThing(1, 5, 1))
	c.set(1, newThing(2, 4, 1))
	if got := c.get(1).(*thing).n; got != 1 {
		t.Errorf("%d: an older one replaced it", got)
	}
	c.set(1, newThing(3, 5, 1))
	if got := c.get(1).(*thing).n; got != 3 {
		t.Errorf("%d: one as old did not replace it", got)
	}
}

// TestMemoryAccounts compares the tier's bookkeeping with what is in it, after random operations.
func TestMemoryAccounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := memoryOf(rapid.IntRange(1, 8).Draw(t, "entries"), 100)
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
			"get":    func(t *rapid.T) { c.get(rapid.Uint64Range(0, 15).Draw(t, "n")) },
			"remove": func(t *rapid.T) { c.remove(rapid.Uint64Range(0, 15).Draw(t, "n")) },
			"older":  func(t *rapid.T) { c.removeOlder(rapid.Uint64Range(0, 15).Draw(t, "n"), stamp) },
			"named":  func(t *rapid.T) { c.removeNamed(key.Key{rapid.Byte().Draw(t, "n") % 16, 1}) },
			"evict":  func(*rapid.T) { c.evictOne() },
			"supersede": func(t *rapid.T) {
				c.supersede(key.Key{rapid.Byte().Draw(t, "n") % 16, 1}, stamp)
			},
			"": func(t *rapid.T) { checkAccounts(t, c) },
		})
	})
}

func checkAccounts(t *rapid.T, c *memory) {
	var entries, bytes int64
	var names []key.Key
	for hash, n := range c.m.All() {
		m := n.held.About()
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
	for what, got := range map[string]int64{"tier": c.bytes.Load(), "budget": c.budget.used.Load(), "gauge": c.count.bytes.Load()} {
		if got != bytes {
			t.Fatalf("%s: %d bytes, want %d", what, got, bytes)
		}
	}
	if bytes > c.budget.limit || c.count.entries.Load() != entries || len(c.ghost.ring) > c.cap {
		t.Fatalf("%d bytes, %d entries, %d ghosts", bytes, entries, len(c.ghost.ring))
	}
}

func TestMemoryConcurrently(t *testing.T) {
	b := &budget{limit: 2000}
	tiers := []*memory{newMemory(50, b, new(gauge)), newMemory(50, b, new(gauge))}
	var all sync.WaitGroup
	for g := range 4 {
		all.Go(func() {
			for n := range 2000 {
				c := tiers[(n+g)%2]
				c.set(uint64(n%70), newThing(n%70, int64(n), int64(n%60)))
				if h := c.get(uint64(n % 70)); h != nil && h.(*thing).n != n%70 {
					t.Errorf("%d under %d", h.(*thing).n, n%70)
				}
				if n%50 == 0 {
					c.removeAll(func(h Held) bool { return h.(*thing).n%2 == 0 })
				}
			}
		})
	}
	all.Wait()
	if used := b.used.Load(); used > b.limit {
		t.Errorf("%d bytes", used)
	}
}

func TestSizeOf(t *testing.T) {
	type node struct {
		next *node
		_    [24]byte
	}
	ring := &node{}
	ring.next = &node{next: ring}
	long := &node{}
	for range 1_000_000 {
		long = &node{next: long}
	}
	text := "0123456789"
	for name, test := range map[string]struct {
		v         any
		low, high int64
	}{
		"int":            {new(int), 8, 8},
		"string":         {&text, 26, 26},
		"bytes":          {new(make([]byte, 1000)), 1000, 1100},
		"texts":          {new(slices.Repeat([]string{text}, 1000)), 26_000, 27_000},
		"map":            {&map[int]string{1: text, 2: text}, 50, 100},
		"nested":         {&[][]int{make([]int, 100), make([]int, 100)}, 1600, 1700},
		"ring":           {&ring, 64, 80},
		"long list":      {&long, 32 * 1000, 40_000_000},
		"nil":            {new(*node), 8, 8},
		"any":            {new(any([]int{1, 2, 3})), 24, 80},
		"function":       {new(func() {}), 8, 8},
		"array of texts": {&[2]string{text, text}, 52, 52},
	} {
		if got := sizeOf(test.v) - overhead; got < test.low || got > test.high {
			t.Errorf("%s: %d bytes, want %d to %d", name, got, test.low, test.high)
		}
	}
}

func TestTooDeep(t *testing.T) {
	type node struct{ next *node }
	list := func(n int) *node {
		var l *node
		for range n {
			l = &node{l}
		}
		return l
	}
	ring := &node{}
	ring.next = ring
	type tree struct{ left, right *tree }
	diamond := &tree{}
	for range 400 { // 2^400 ways, and not deep
		diamond = &tree{diamond, diamond}
	}
	for name, test := range map[string]struct {
		v    any
		want bool
	}{
		"flat":    {new(int), false},
		"short":   {new(list(400)), false},
		"long":    {new(list(2000)), true},
		"ring":    {&ring, true},
		"diamond": {&diamond, false},
		"maps":    {new(map[string]any{"a": map[string]any{"b": []any{1}}}), false},
	} {
		if got := TooDeep(test.v); got != test.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
