// Package benchmarks compares generated wrappers with what a person would write by hand for one function, in one run:
//
//	go test -C runtime/benchmarks -bench . -count 8 | benchstat -col /by -
//
// Machines are noisy: read the ratios, and not the nanoseconds.
package benchmarks

//go:generate go run github.com/cachegen/cachegen/cmd/cachegen .
