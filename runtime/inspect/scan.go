package inspect

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"

	"github.com/cachegen/cachegen/runtime/internal/codec"
	"github.com/cachegen/cachegen/runtime/internal/entry"
	"github.com/cachegen/cachegen/runtime/internal/key"
	"github.com/cachegen/cachegen/runtime/store"
)

// Bounds of a lot: what is read at once.
const (
	lotItems = 128
	lotBytes = 4 << 20
)

// Entries goes through the entries that the filter admits, in no order, and looks whether they can be read. It reads lots that bound the
// memory it needs. An error ends the sequence: what is wrong with single entries is said by them.
func (in *Inspector) Entries(ctx context.Context, f Filter) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		s := scan{in: in, ctx: ctx, filter: &f, marks: markReader{store: in.store}, missed: map[string]store.Info{}}
		s.run(func(e *Entry) bool { return yield(*e, nil) })
		if err := cmp.Or(s.err, s.faults); err != nil {
			yield(Entry{}, err)
		}
	}
}

// patience is how many items in a row may be unreadable before the store counts as away.
const patience = 8

// scan is one way through the store.
type scan struct {
	in     *Inspector
	ctx    context.Context
	filter *Filter
	marks  markReader
	items  int64
	missed map[string]store.Info // listed but not there
	failed int                   // how many items in a row could not be read
	err    error                 // ends it
	faults error                 // of the listing: what it has all the same is gone through
}

// run yields entries until yield says that it is enough, or there is an error.
func (s *scan) run(yield func(*Entry) bool) {
	if !s.list(s.wanted, yield) || len(s.missed) == 0 {
		return
	}
	// What is listed again and not there again was not removed meanwhile: the store can't return it.
	missed := s.missed
	s.missed = map[string]store.Info{}
	again := func(info store.Info) bool {
		_, ok := missed[info.Key]
		return ok
	}
	if !s.list(again, yield) {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(s.missed)) {
		e := newEntry(s.missed[name])
		e.spoil("the store lists it but does not have it")
		if s.filter.admits(&e) && !yield(&e) {
			return
		}
	}
}

func (s *scan) wanted(info store.Info) bool { return s.filter.mayAdmit(info.Key, info.Size) }

// list yields entries of the items that are wanted, and reports whether to go on.
func (s *scan) list(wanted func(store.Info) bool, yield func(*Entry) bool) bool {
	var lot []store.Info
	size := int64(0)
	for _, space := range s.filter.spaces() {
		for info, err := range s.in.list.List(s.ctx, space) {
			if err != nil {
				s.faults = errors.Join(s.faults, err)
				break
			}
			if s.items++; s.items%1024 == 0 {
				s.in.looked(s.items)
			}
			if !wanted(info) {
				continue
			}
			lot, size = append(lot, info), size+info.Size
			if len(lot) < lotItems && size < lotBytes {
				continue
			}
			if !s.read(lot, yield) {
				return false
			}
			lot, size = lot[:0], 0
		}
	}
	ok := s.read(lot, yield)
	s.in.looked(s.items)
	return ok
}

// read yields the entries of a lot.
func (s *scan) read(lot []store.Info, yield func(*Entry) bool) bool {
	names := make([]string, len(lot))
	for i, info := range lot {
		names[i] = info.Key
	}
	found, err := store.GetMany(s.ctx, s.in.store, names)
	if err != nil && s.ctx.Err() != nil {
		s.err = err
		return false
	}
	entries := make([]Entry, 0, len(lot))
	for _, info := range lot {
		if e, ok := s.entry(info, found); ok {
			entries = append(entries, e)
		}
	}
	if s.err == nil {
		s.err = s.marks.apply(s.ctx, entries)
	}
	if s.err != nil {
		return false
	}
	for i := range entries {
		if s.filter.admits(&entries[i]) && !yield(&entries[i]) {
			return false
		}
	}
	return true
}

// entry returns the entry of a listed item, and false if the item is not there.
func (s *scan) entry(info store.Info, found map[string]store.Item) (Entry, bool) {
	e := newEntry(info)
	item, ok := found[info.Key]
	if !ok {
		var err error
		if item, err = s.in.store.Get(s.ctx, info.Key); errors.Is(err, store.ErrCorrupt) {
			e.spoil("the store has it torn or spoiled")
			return e, true
		}
		if errors.Is(err, store.ErrNotFound) {
			s.missed[info.Key] = info
			return e, false
		}
		if s.failed++; err != nil && s.failed <= patience && s.ctx.Err() == nil {
			e.spoil("the store can't read it: " + err.Error())
			return e, true
		}
		if err != nil {
			s.err = err
			return e, false
		}
	}
	s.failed = 0
	e.read(item)
	return e, true
}

// read says what an item does.
func (e *Entry) read(item store.Item) {
	from, err := entry.Decode(item.Value)
	if err != nil {
		e.spoil(err.Error())
		return
	}
	e.fill(from)
	space := key.Entries
	if e.inFailed() {
		space = key.Failed
	}
	if e.Name != key.Name(space, key.Namespace(from.Namespace), from.Key) {
		e.spoil("it is the entry of " + key.Name(space, key.Namespace(from.Namespace), from.Key))
		return
	}
	e.check()
}

// check looks into the inputs and the result. That they decode to the function's types only the program can tell; forms of other versions
// of the runtime are not looked at.
func (e *Entry) check() {
	if e.Codec != codec.Name && e.Codec != "" {
		return
	}
	if err := codec.Wellformed(e.inputs); len(e.inputs) > 0 && err != nil {
		e.spoil(fmt.Sprintf("inputs: %v", err))
	}
	if err := codec.Wellformed(e.payload); e.Codec != "" && err != nil {
		e.spoil(fmt.Sprintf("result: %v", err))
	}
}
