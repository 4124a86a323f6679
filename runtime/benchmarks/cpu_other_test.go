//go:build !unix

package benchmarks

import "testing"

// processor is for systems that tell the time of processors.
func processor(*testing.B) func() { return func() {} }
