package cachetest

import (
	"strings"
	"sync"
	"testing"
)

// log is where a cache tells of faults: the test's log, until the test ends.
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

// end says that the test is about to end: then it has no log any more.
func (l *log) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended = true
}
