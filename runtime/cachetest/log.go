package cachetest

import (
	"strings"
	"sync"
	"testing"
)

// log writes a cache's faults to the test's log, until the test ends.
type log struct {
	mu    sync.Mutex
	t     testing.TB
	ended bool
}

// Write is [io.Writer]'s.
func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.ended {
		l.t.Log(strings.TrimSpace(string(p)))
	}
	return len(p), nil
}

// end stops the writing, before the test ends and has no log any more.
func (l *log) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended = true
}
