// Package marks makes many results unusable with one write, and tells when other processes changed
// theirs.
//
// Tags are expired logically, as in FusionCache: a mark has another edition each time that
// something is marked, and every result that belongs to it and began under another one is unusable
// wherever it is kept. Clearing a namespace is a mark too. Marks are items of the store; a process
// keeps those it needs in a [Table] that follows the store within a second.
package marks

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
	"weak"

	"github.com/cachegen/cachegen/runtime/internal/clock"
	"github.com/cachegen/cachegen/runtime/store"
)

// Config says how a table works. Only Store has no default.
type Config struct {
	// Store has the marks; nil: they are this process's alone.
	Store store.Store
	// Changed is told the keys of items that other processes put or deleted. The key "" says that
	// any item may have changed, possibly by this process. Calls don't overlap. What it drops is
	// gone before a stamp that was read after the change is believed. nil: nobody is told.
	Changed func(key string)
	// Interval is the time between two looks at a store that can't be watched; 0: 500 ms.
	Interval time.Duration
	// Trust is for how long stamps are believed when the store can't confirm that they are the
	// latest; 0: 1 s, less than 0: for ever.
	Trust time.Duration
	// Idle is how long the table follows the store after it was last needed; 0: a minute.
	Idle time.Duration
	// Report is told of faults of the store in the background; nil: nobody is.
	Report func(error)
	// Clock gives stamps, and is told of those that are read; nil: one of the table's own.
	Clock *clock.Clock
}

// Table keeps the marks that this process needs, up to date while it needs them. All methods are
// safe for concurrent use.
//
// A mark stays in the table for as long as anything refers to it. While nothing asks for marks no
// goroutine runs.
type Table struct {
	config Config
	store  store.Store

	current atomic.Bool // what is known is at most a second behind the store
	needed  atomic.Bool // somebody asked since the keeper last looked
	session atomic.Uint64

	mu      sync.Mutex
	marks   map[string]weak.Pointer[Mark] // by key of their items
	keeping bool
	closed  bool
	keeper  keeper // its goroutine's while keeping
	done    sync.WaitGroup
	stop    context.CancelFunc // stops the keeper
}

// New returns a table. It asks nothing of the store before something asks it.
func New(c Config) *Table {
	if c.Changed == nil {
		c.Changed = func(string) {}
	}
	if c.Clock == nil {
		c.Clock = clock.New(nil)
	}
	if c.Report == nil {
		c.Report = func(error) {}
	}
	if c.Interval <= 0 {
		c.Interval = 500 * time.Millisecond
	}
	if c.Trust == 0 {
		c.Trust = time.Second
	}
	if c.Idle <= 0 {
		c.Idle = time.Minute
	}
	t := &Table{config: c, store: c.Store, marks: map[string]weak.Pointer[Mark]{}}
	t.keeper.table = t
	if c.Store != nil {
		t.keeper.watcher, _ = store.As[store.Watcher](c.Store)
	}
	return t
}

// Mark returns the mark with the name. An execution takes the marks of its result before it begins
// and keeps them with it: what is marked while it runs is known in time, with or without a store.
func (t *Table) Mark(name string) *Mark {
	key := itemKey(name)
	t.mu.Lock()
	defer t.mu.Unlock()
	if m := t.marks[key].Value(); m != nil {
		return m
	}
	m := &Mark{name: name, key: key}
	if t.store != nil {
		m.edition.Store(unknown)
	}
	t.marks[key] = weak.Make(m)
	runtime.AddCleanup(m, drop, dropped{weak.Make(t), key})
	return m
}

// dropped is a mark that nothing refers to. It must not refer to the table, which may refer to the
// mark.
type dropped struct {
	table weak.Pointer[Table]
	key   string
}

func drop(d dropped) {
	if t := d.table.Value(); t != nil {
		t.drop(d.key)
	}
}

// drop removes a mark that nothing refers to, unless there is a new one by then.
func (t *Table) drop(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.marks[key].Value() == nil {
		delete(t.marks, key)
	}
}

// Allows reports whether a result is usable as far as this process knows. It does not ask the
// store: false may say only that too little is known, and [Table.Check] knows more. It takes no
// locks and allocates nothing.
func (t *Table) Allows(marks []Held) bool {
	if t.store != nil {
		if !t.needed.Load() {
			t.needed.Store(true)
		}
		if !t.current.Load() {
			return false
		}
	}
	for _, m := range marks {
		if !m.allows() {
			return false
		}
	}
	return true
}

// Session is another one each time when anything may have changed: what the store was asked about
// since a session began it tells the changes of, until the next one begins. A table without a store
// has one that never ends, session 0.
func (t *Table) Session() uint64 { return t.session.Load() }

// Follows reports whether the table hears of changes in the store at present.
func (t *Table) Follows() bool { return t.current.Load() }

// Check reports whether a result is usable, and asks the store where this process doesn't know. The
// result was there, in memory or in the store, before the call. A fault of the store makes the
// result unusable.
func (t *Table) Check(ctx context.Context, held []Held) (bool, error) {
	marks := make([]*Mark, len(held))
	for i, h := range held {
		marks[i] = h.Mark
	}
	editions, err := t.Know(ctx, marks)
	if err != nil {
		return false, err
	}
	for i, h := range held {
		if !Usable(h.Known, editions[i]) {
			return false, nil
		}
	}
	return true, nil
}

// Know returns the editions of marks as they are now or were within the last second. What this
// process doesn't know it asks the store, in one round trip for all of it, if the store can read
// several items. Without marks it only has the table follow the store.
func (t *Table) Know(ctx context.Context, marks []*Mark) ([]int64, error) {
	if t.store != nil {
		t.keep()
	}
	editions := make([]int64, len(marks))
	asked := make([]int, 0, len(marks))
	for i, m := range marks {
		editions[i] = m.edition.Load()
		if t.store != nil && (editions[i] == unknown || !t.current.Load()) {
			asked = append(asked, i)
		}
	}
	// Others may mark while this process reads. After a few tries the last answer has to do: it
	// came after the call began.
	for try := 0; len(asked) > 0; try++ {
		again, err := t.read(ctx, marks, asked, editions)
		if err != nil {
			return nil, fmt.Errorf("marks: %w", err)
		}
		if !again || try == 2 {
			break
		}
	}
	return editions, nil
}

// Set marks names: what began until now is unusable from now on in this process, and within a
// second in others. With an error what the store says goes on to hold.
func (t *Table) Set(ctx context.Context, names ...string) error {
	if len(names) == 0 {
		return nil
	}
	marks := t.raise(names)
	if t.store == nil {
		return nil
	}
	// The table has the marks until they are in the store: nobody reads what was there before in
	// the meantime.
	defer runtime.KeepAlive(marks)
	defer t.written(marks)
	for _, m := range marks {
		if err := t.impose(ctx, m.key, newItem(m.name)); err != nil {
			return fmt.Errorf("marks: %w", err)
		}
	}
	return t.Announce(ctx)
}

// Raise is the part of Set that concerns this process. It lasts for as long as the marks that it
// returns are referred to, or until the store says something else.
func (t *Table) Raise(names ...string) []*Mark {
	marks := t.raise(names)
	if t.store != nil {
		t.written(marks)
	}
	return marks
}

// raise marks names in this process. Until [Table.written] the store is not asked about them.
func (t *Table) raise(names []string) (marks []*Mark) {
	for _, name := range names {
		marks = append(marks, t.Mark(name))
	}
	now := t.config.Clock.Stamp()
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, m := range marks {
		if t.store == nil {
			m.mark(editionOf(newItem(m.name)), now)
			continue
		}
		m.mark(marking, now)
		m.writing++
	}
	return marks
}

// written has the store asked about marks again: others may have written theirs after this process
// did, or before.
func (t *Table) written(marks []*Mark) {
	now := t.config.Clock.Stamp()
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, m := range marks {
		m.writing--
		m.forget(now)
	}
}

// forget makes the edition of the item's mark unknown, or those of its marks if it is a group's.
func (t *Table) forget(key string) {
	if store.MarkGroup(key) == "" {
		t.forgetEach(func(mark string) bool { return store.MarkGroup(mark) == key })
		return
	}
	now := t.config.Clock.Stamp()
	t.mu.Lock()
	defer t.mu.Unlock()
	if m := t.marks[key].Value(); m != nil {
		m.forget(now)
	}
}

func (t *Table) forgetAll() { t.forgetEach(func(string) bool { return true }) }

// forgetEach makes the editions of those marks unknown whose items have keys that match.
func (t *Table) forgetEach(matches func(key string) bool) {
	now := t.config.Clock.Stamp()
	t.mu.Lock()
	defer t.mu.Unlock()
	for key, p := range t.marks {
		if m := p.Value(); m != nil && matches(key) {
			m.forget(now)
		}
	}
}
