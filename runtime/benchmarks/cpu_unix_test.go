//go:build unix

package benchmarks

import (
	"syscall"
	"testing"
	"time"
)

// processor reports the time of processors that an iteration of what follows takes, those of the collector and of what runs in the background
// included: on a machine that does other things too it says more than the time on the clock. What it returns is to be deferred.
func processor(b *testing.B) func() {
	began := used()
	return func() { b.ReportMetric(float64(used()-began)/float64(b.N), "cpu-ns/op") }
}

func used() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
