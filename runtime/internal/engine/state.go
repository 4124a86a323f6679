package engine

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"

	"github.com/cachegen/cachegen/runtime/internal/codec"
	"github.com/cachegen/cachegen/runtime/internal/entry"
	"github.com/cachegen/cachegen/runtime/internal/extent"
	"github.com/cachegen/cachegen/runtime/internal/key"
	"github.com/cachegen/cachegen/runtime/internal/marks"
	"github.com/cachegen/cachegen/runtime/internal/memory"
)

// State is what a cache has of a function in one scope.
type State struct {
	fn       *Function
	cache    *Cache
	scope    scope
	room     *memory.Room
	memory   *memory.Typed[Held]
	failures *memory.Typed[*failed] // errors that are remembered; nil where none are
	flights  flights
	tier     *tier // where results are stored; nil: nowhere
	versions versions
	segment  string // of the namespace in the names of a store
	identity func() *key.Identity
	prefix   func() key.Prefix
	own      atomic.Pointer[ownMark]
	among    *states
	used     atomic.Int64 // when it was last asked for, by the states' time
}

// scope sets results apart.
type scope struct{ project, domain string }

func newState(at address) *State {
	c, f := at.cache, at.fn
	entries := c.entriesOf(f)
	room := c.room
	if f.private != nil {
		room = memory.NewRoom(c.room.Limit()) // else the cache's room would keep what goes with its receiver
	}
	s := &State{fn: f, cache: c, scope: at.scope, room: room, segment: key.Namespace(f.Namespace())}
	s.memory = memory.New(entries, room, &f.tally.gauge, f.kind())
	if f.Options.ErrorMaxAge > 0 {
		s.failures = memory.New(entries, room, new(memory.Gauge), failures)
	}
	s.tier = c.tierOf(f)
	s.identity = sync.OnceValue(func() *key.Identity { return c.identity(f, at.scope) })
	s.prefix = sync.OnceValue(func() key.Prefix { return s.identity().Prefix() })
	return s
}

// close drops what the state has in memory, for ever.
func (s *State) close() {
	s.memory.Close()
	if s.failures != nil {
		s.failures.Close()
	}
}

// identity returns what all results of f in a scope have in common.
func (c *Cache) identity(f *Function, s scope) *key.Identity {
	uses := f.uses()
	id := &key.Identity{
		Project: s.project, Domain: s.domain, Namespace: f.Namespace(), Version: f.Version,
		Modules: uses.ModuleVersions(), Salt: f.Options.Salt, Build: uses.Settings(), Shape: f.Shape,
	}
	if c.config.Recorder != nil {
		return f.recorded(id)
	}
	return id
}

// name returns the name of the key's entry in a store.
func (s *State) name(k key.Key) string { return key.Name(key.Entries, s.segment, k) }

// failedName returns the name of the key's failed call in a store.
func (s *State) failedName(k key.Key) string { return key.Name(key.Failed, s.segment, k) }

// forget drops the result under the hash from memory.
func (s *State) forget(hash uint64) {
	s.memory.Remove(hash)
	if s.failures != nil {
		s.failures.Remove(hash)
	}
}

// forgetAll drops all results from memory.
func (s *State) forgetAll() {
	s.memory.RemoveAll(func(Held) bool { return true })
	if s.failures != nil {
		s.failures.RemoveAll(func(*failed) bool { return true })
	}
}

// stored reports whether results are stored.
func (s *State) stored() bool { return s.tier != nil }

// table returns the marks that hold for the state's results: the store's, or else the cache's own.
func (s *State) table(ctx context.Context) *marks.Table {
	if s.stored() {
		if t, err := s.tier.follow(ctx); err == nil {
			return t
		}
	}
	return s.cache.marks
}

// follows reports whether others can make a result in memory unusable, as they must be able to.
func (s *State) follows(m *Meta) bool {
	return !s.stored() || m.detail().table == s.tier.table() || s.fn.Options.Target != ""
}

// encode puts the stored form of a result into e. A recording is within that of the call which made
// this one, if there is one.
func (s *State) encode(e *entry.Entry, within key.Key, h Held) error {
	v := reflect.ValueOf(h.Value())
	if s.fn.Options.Share { // Others were measured before they were copied.
		if _, err := extent.Measure(context.Background(), v); err != nil {
			return fmt.Errorf("cache: the result can't be stored: %w", err)
		}
	}
	if s.fn.Options.CheckRoundTrip {
		if err := codec.CheckRoundTrip(v); err != nil {
			return err
		}
	}
	if r := s.cache.config.Recorder; r != nil {
		var err error
		if v, err = r.Encoding(e, within, v); err != nil {
			return err
		}
	}
	b, err := codec.Append(nil, v)
	e.Codec, e.Payload = codec.Name, b
	return err
}

// errCodec says that an entry has a form that this version of the runtime doesn't know.
var errCodec = errors.New("cache: the entry's form is unknown")

// decode reads the result in e into h.
func (s *State) decode(e *entry.Entry, h Held) error {
	if e.Codec != codec.Name {
		return errCodec
	}
	v := reflect.ValueOf(h.Value())
	if err := codec.Decode(e.Payload, v); err != nil {
		return err
	}
	if r := s.cache.config.Recorder; r != nil {
		return r.Decoded(e.Key, v)
	}
	return nil
}
