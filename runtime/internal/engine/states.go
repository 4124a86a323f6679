package engine

import (
	"cmp"
	"slices"
	"sync"
	"sync/atomic"
)

// states are those of one cache, or of a function that has its own.
type states struct {
	// limit bounds how many there are; 0: not at all.
	limit int
	// made counts those that were made: the time by which their use is told.
	made atomic.Int64

	mu sync.RWMutex
	m  map[address]*State
}

// stateBytes is about what a state takes without results.
const stateBytes = 5 << 10

// statesIn returns how many states there may be besides so many bytes of results: a quarter of
// them.
func statesIn(bytes int64) int { return int(max(bytes/4/stateBytes, 16)) }

// address says which state is meant.
type address struct {
	cache *Cache
	fn    *Function
	scope scope
}

// of returns the state at the address, which is made if there is none.
func (s *states) of(at address) *State {
	if st := s.at(at); st != nil {
		return st
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.m == nil {
		s.m = map[address]*State{}
	}
	if st := s.m[at]; st != nil {
		return st
	}
	if s.limit > 0 && len(s.m) >= s.limit {
		s.drop(s.limit/8 + 1)
	}
	st := newState(at)
	st.among = s
	st.used.Store(s.made.Add(1))
	s.m[at] = st
	return st
}

// at returns the state at the address, nil if there is none.
func (s *states) at(at address) *State {
	s.mu.RLock()
	st := s.m[at]
	s.mu.RUnlock()
	if st != nil {
		st.touch()
	}
	return st
}

// touch notes that the state is used.
func (st *State) touch() {
	if now := st.among.made.Load(); st.used.Load() != now {
		st.used.Store(now)
	}
}

// drop drops the n states that were not used for longest, with their entries in memory. A call that
// has such a state goes on with it, but no other call finds its result. The caller has the lock.
func (s *states) drop(n int) {
	type use struct {
		at   address
		when int64
	}
	uses := make([]use, 0, len(s.m))
	for at, st := range s.m {
		uses = append(uses, use{at, st.used.Load()})
	}
	slices.SortFunc(uses, func(a, b use) int { return cmp.Compare(a.when, b.when) })
	for _, u := range uses[:min(n, len(uses))] {
		s.m[u.at].close()
		delete(s.m, u.at)
	}
}

func (s *states) all() []*State {
	s.mu.RLock()
	defer s.mu.RUnlock()
	l := make([]*State, 0, len(s.m))
	for _, st := range s.m {
		l = append(l, st)
	}
	return l
}
