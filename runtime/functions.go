package cache

import "github.com/cachegen/cachegen/runtime/internal/engine"

// FunctionInfo describes a cached function of this process.
type FunctionInfo struct {
	Name, Namespace, Version string
	Stats                    Stats
	// Calls are how many calls, and faults, came to what and why, those that are none left out.
	Calls []CallCount
}

// CallCount is how many calls of a function came to the same.
type CallCount struct {
	Outcome Outcome
	Reason  Reason
	Calls   int64
}

// Functions returns all cached functions of this process, in the order in which they were made.
func Functions() []FunctionInfo {
	var l []FunctionInfo
	for _, f := range engine.Functions() {
		info := FunctionInfo{Name: f.Name, Namespace: f.Namespace(), Version: f.Version, Stats: Stats(f.Stats())}
		for _, t := range f.Tallies() {
			info.Calls = append(info.Calls, CallCount(t))
		}
		l = append(l, info)
	}
	return l
}
