package engine

import "sync"

// stamps remembers of the last results that a cache wrote when their executions began, by stamp.
type stamps struct {
	mu    sync.Mutex
	began map[int64]int64
	ring  []int64 // the stamps
	next  int
}

// remembered is how many results are.
const remembered = 4096

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
	if len(s.ring) < remembered {
		s.ring = append(s.ring, 0)
	}
	delete(s.began, s.ring[s.next])
	s.ring[s.next], s.began[stamp] = stamp, began
	s.next = (s.next + 1) % remembered
}

// of returns when the execution began whose result has the stamp, if it is remembered.
func (s *stamps) of(stamp int64) (began int64, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	began, ok = s.began[stamp]
	return began, ok
}
