package engine

import (
	"sync/atomic"
	"time"
)

// lastStamp is the latest stamp of this process.
var lastStamp atomic.Int64

// stamp returns the present moment in Unix nanoseconds. Two stamps of a process are never the same, and a clock that is set back
// by less than a minute does not disturb their order; one that is set back further starts anew. It is the physical part of a
// hybrid logical clock (Kulkarni et al., OPODIS '14).
func stamp() int64 {
	for {
		now, last := time.Now().UnixNano(), lastStamp.Load()
		if now <= last && last-now < int64(time.Minute) {
			now = last + 1
		}
		if lastStamp.CompareAndSwap(last, now) {
			return now
		}
	}
}
