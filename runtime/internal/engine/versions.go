package engine

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/entry"
	"github.com/cachegen/cachegen/runtime/internal/key"
	"github.com/cachegen/cachegen/runtime/store"
)

// A store has items that say under which prefixes a function has had results. By them a miss for
// want of an entry is told from a miss because of another version of the code.

// versions is what a state knows of the other prefixes of its function.
type versions struct {
	noted atomic.Bool // its own is in the store, or on its way: no other write waits for it

	mu     sync.Mutex
	read   time.Time
	others []key.Prefix
}

// editionsFor is how long the list of other prefixes is good for.
const editionsFor = time.Minute

// maxEditions is how many other prefixes are looked at.
const maxEditions = 16

// edition says what the state's own prefix was made of.
func (s *State) edition() entry.Edition {
	id := s.identity()
	return entry.Edition{
		Project: id.Project, Domain: id.Domain, Version: id.Version, Modules: id.Modules, Build: id.Build, Salt: id.Salt, Shape: id.Shape,
		Whole: true,
	}
}

// note puts the state's own prefix into the store.
func (s *State) note(ctx context.Context) {
	if s.versions.noted.Swap(true) {
		return
	}
	ed := s.edition()
	value, err := ed.Encode()
	if err != nil {
		return
	}
	name := entry.EditionName(s.segment, s.prefix())
	err = s.tier.do(ctx, writing, func(ctx context.Context, st store.Store) error {
		_, err := st.Put(ctx, name, store.Item{Value: value, Stamp: s.cache.clock.Stamp()})
		return err
	})
	if err != nil {
		s.cache.faults.log(StoreFailed.String(), err)
	}
}

// superseded reports whether the store has a result for the call that another version of the code
// made.
func (v *visit) superseded() bool {
	ctx, cancel := v.looks()
	defer cancel()
	for _, p := range v.state.editions(ctx) {
		if _, err := v.state.read(ctx, v.state.name(v.call.Key(p))); err == nil {
			return true
		}
	}
	return false
}

// editions returns the other prefixes under which the function has had results in the same scope.
// It returns none while another call asks the store for them, because nobody waits longer for that
// than for a look of its own.
func (s *State) editions(ctx context.Context) []key.Prefix {
	k := &s.versions
	if !k.mu.TryLock() {
		return nil
	}
	defer k.mu.Unlock()
	if !k.read.IsZero() && time.Since(k.read) < editionsFor {
		return k.others
	}
	k.read, k.others = time.Now(), nil
	lister, err := s.lister(ctx)
	if err != nil {
		return nil
	}
	for info, err := range lister.List(ctx, entry.Editions+s.segment+"/") {
		if err != nil || len(k.others) == maxEditions {
			break
		}
		if p, ok := s.other(ctx, info.Key); ok {
			k.others = append(k.others, p)
		}
	}
	return k.others
}

// other returns the prefix that an item is about, if it is another one of the same scope.
func (s *State) other(ctx context.Context, name string) (key.Prefix, bool) {
	p, ok := entry.PrefixOf(name)
	if !ok || p == s.prefix() {
		return key.Prefix{}, false
	}
	item, err := s.read(ctx, name)
	if err != nil {
		return key.Prefix{}, false
	}
	e, err := entry.DecodeEdition(item.Value)
	return p, err == nil && e.Project == s.scope.project && e.Domain == s.scope.domain
}
