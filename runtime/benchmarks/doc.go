// Package benchmarks compares generated wrappers with what a careful person writes by hand for one function: on a plain map, and on the
// libraries that people use, each as its own documentation advises (rivals_test.go says what that is). One command runs all of it ten
// times, a process each, and prints medians and ratios:
//
//	go run -C runtime/benchmarks ./compare
//
// Machines are noisy: read the ratios, and not the nanoseconds.
package benchmarks

//go:generate go run github.com/cachegen/cachegen/cmd/cachegen .
