//go:build race && !simulated

package engine

// slowness is how many times slower than usual a program is because of how it was built: the race
// detector takes its time, unless time is simulated.
const slowness = 20
