package engine

import (
	"context"
	"errors"
	"strings"

	"github.com/cachegen/cachegen/runtime/internal/key"
	"github.com/cachegen/cachegen/runtime/store"
)

// changed notes that the item under a name was put or deleted, or any item if the name is "". What
// is in memory is compared with the store in the background, because it may be this process that
// wrote the item.
func (t *tier) changed(name string) {
	if name == "" {
		for _, s := range t.states() {
			s.flights.Doubt(func(key.Key) bool { return true })
			s.check(s.memory.Names())
		}
		return
	}
	segment, k, ok := parseName(name)
	if !ok {
		return
	}
	for _, s := range t.states() {
		if s.segment == segment {
			if s.flights.Doubt(func(name key.Key) bool { return name == k }) || s.memory.Named(k) != nil {
				s.check([]key.Key{k})
			}
		}
	}
}

// states returns the states whose results are in the tier.
func (t *tier) states() []*State {
	var l []*State
	for _, s := range t.cache.states.all() {
		if s.stored() && s.tier == t {
			l = append(l, s)
		}
	}
	return l
}

func parseName(name string) (segment string, k key.Key, ok bool) {
	rest, ok := strings.CutPrefix(name, key.Entries)
	if !ok {
		return "", key.Key{}, false
	}
	segment, digits, ok := strings.Cut(rest, "/")
	if !ok {
		return "", key.Key{}, false
	}
	k, err := key.Parse(digits)
	return segment, k, err == nil
}

// together is how many stamps are asked for at once.
const together = 500

// check compares the entries under keys with the store in the background, and drops those from
// memory that differ.
func (s *State) check(keys []key.Key) {
	for len(keys) > 0 {
		some := keys[:min(len(keys), together)]
		keys = keys[len(some):]
		ok := s.cache.looks.Go(context.Background(), "", func(ctx context.Context) error {
			s.compare(ctx, some)
			return nil
		})
		if !ok {
			for _, k := range some {
				s.memory.RemoveNamed(k)
			}
		}
	}
}

// compare drops the entries under keys from memory, unless the store has the same or is about to
// get them. Executions that began before what the store has are not joined any more.
func (s *State) compare(ctx context.Context, keys []key.Key) {
	saved := map[key.Key]int64{} // asked before the store is
	for _, k := range keys {
		if h := s.memory.Named(k); h != nil && h.About().stored() {
			saved[k] = h.About().Stamp
		}
	}
	session := s.tier.table().Session()
	stamps, err := s.stamps(ctx, keys)
	now := s.cache.clock.Stamp()
	if err != nil {
		s.cache.faults.log("watching", err)
		s.unfollow(keys, now)
		return
	}
	for _, k := range keys {
		h := s.memory.Named(k)
		if h == nil {
			continue
		}
		stamp, there := h.About().Stamp, stamps[k]
		switch {
		case there == stamp || saved[k] != stamp && s.cache.supersedes(h.About(), there):
			h.About().follow(session)
		case there > stamp || saved[k] == stamp:
			s.memory.RemoveNamed(k)
		default:
			h.About().follow(0) // it may have been removed: the next call looks
		}
		if there == stamp {
			delete(stamps, k) // no news
		}
	}
	s.flights.Replaced(stamps, now)
}

// unfollow has the entries under keys compared with the store at their next use, because they may
// have changed. What is being made or read under these keys is not kept.
func (s *State) unfollow(keys []key.Key, now int64) {
	for _, k := range keys {
		if h := s.memory.Named(k); h != nil {
			h.About().follow(0)
		}
	}
	s.flights.Unsettle(keys, now)
}

// stamps returns the stamps of those of the keys that the store has.
func (s *State) stamps(ctx context.Context, keys []key.Key) (map[key.Key]int64, error) {
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = s.name(k)
	}
	byName, err := ask(ctx, s.tier, looking, func(ctx context.Context, st store.Store) (map[string]int64, error) {
		return stampsOf(ctx, st, names)
	})
	stamps := make(map[key.Key]int64, len(byName))
	for i, k := range keys {
		if stamp, ok := byName[names[i]]; ok {
			stamps[k] = stamp
		}
	}
	return stamps, err
}

// stampsOf returns the stamps of the items that there are under names.
func stampsOf(ctx context.Context, st store.Store, names []string) (map[string]int64, error) {
	if stamper, ok := store.As[store.Stamper](st); ok {
		return stamper.Stamps(ctx, names)
	}
	stamps := make(map[string]int64, len(names))
	for _, name := range names {
		item, err := st.Get(ctx, name)
		if err == nil {
			stamps[name] = item.Stamp
		} else if !errors.Is(err, store.ErrNotFound) {
			return stamps, err
		}
	}
	return stamps, nil
}

// announce tells other processes that an item was replaced or removed, if they can't watch the
// store.
func (s *State) announce(ctx context.Context) error {
	t, err := s.tier.follow(ctx)
	if err != nil {
		return err
	}
	return t.Announce(ctx)
}
