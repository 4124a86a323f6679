// Package repeatable is imported for its effect by tests and suites that use rapid: their runs are
// alike unless a seed is given.
//
//	go test ./runtime -run TestModel -rapid.seed=$RANDOM -rapid.checks=2000
package repeatable

import (
	"flag"

	_ "pgregory.net/rapid" // declares the flag
)

func init() {
	if err := flag.Set("rapid.seed", "1"); err != nil {
		panic(err)
	}
}
