package engine

import (
	"context"
	"sync"
	"time"
)

// look is the time for one look into a store. If this process got no processor in that time, the
// store had no chance, and the look gets as much time again. It is the context of what is asked
// then.
type look struct {
	context.Context
	cancel context.CancelCauseFunc

	mu    sync.Mutex
	span  time.Duration
	due   time.Time
	again int // how often it may get more time
	more  time.Duration
	timer *time.Timer
}

const (
	// starved is how late a timer is in a process that gets no processor.
	starved = time.Millisecond
	// mostAgain is how often a look gets more time.
	mostAgain = 3
)

// newLook returns a look that lasts until a moment.
func newLook(parent context.Context, until time.Time) *look {
	now := time.Now()
	l := &look{span: max(until.Sub(now), 0), due: now, again: mostAgain}
	l.due = now.Add(l.span)
	l.Context, l.cancel = context.WithCancelCause(parent)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.timer = time.AfterFunc(l.span, l.ring)
	return l
}

// Deadline returns when the look will have ended at the latest, if the process gets its processors
// from now on. So nobody needs a timer of his own for a later moment.
func (l *look) Deadline() (time.Time, bool) {
	l.mu.Lock()
	last := l.due.Add(time.Duration(l.again) * l.span)
	l.mu.Unlock()
	if d, ok := l.Context.Deadline(); ok && d.Before(last) {
		return d, true
	}
	return last, true
}

// ring ends the look, or gives it more time.
func (l *look) ring() {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	deadline, limited := l.Context.Deadline()
	if l.again == 0 || l.span == 0 || now.Sub(l.due) < starved || limited && deadline.Sub(now) < 2*l.span {
		l.cancel(context.DeadlineExceeded)
		return
	}
	l.again--
	l.more += now.Add(l.span).Sub(l.due)
	l.due = now.Add(l.span)
	l.timer.Reset(l.span)
}

// end ends the look, and returns how much longer it could last than was said at first.
func (l *look) end() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.timer.Stop()
	l.cancel(nil)
	return l.more
}
