// Package engine is the part of the runtime that knows no user type: the memory tier, joining, ages, modes, stores and counters.
// It is compiled once, whatever the number of cached functions; package runtime is the thin generic layer on top of it.
package engine
