package engine

import "sync"

// stamps has the last results that a cache wrote: when their executions began, by stamp.
type stamps struct {
	mu    sync.Mutex
	began map[int64]int64
	ring  []int64 // the stamps
	next  int
}

// stampsKept is how many results those are.
const stampsKept = 4096

// add notes a result that is about to be written.
func (s *stamps) add(stamp, began int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.began == nil {
		s.began = map[int64]int64{}
	}
	if _, known := s.began[stamp]; known {
		return
	}
	if len(s.ring) < stampsKept {
		s.ring = append(s.ring, 0)
	}
	delete(s.began, s.ring[s.next])
	s.ring[s.next], s.began[stamp] = stamp, began
	s.next = (s.next + 1) % stampsKept
}

// of returns when the execution began whose result has the stamp, if that is known.
func (s *stamps) of(stamp int64) (began int64, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	began, ok = s.began[stamp]
	return began, ok
}
