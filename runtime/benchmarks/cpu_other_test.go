//go:build !unix

package benchmarks

import (
	"testing"
	"time"
)

// processor is for systems that tell the time of processors.
func processor(*testing.B) func() { return func() {} }

var began = time.Now()

// used is the time on the clock.
func used() time.Duration { return time.Since(began) }
