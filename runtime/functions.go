package cache

import "github.com/cachegen/cachegen/runtime/internal/engine"

// FunctionInfo describes a cached function of this process.
type FunctionInfo struct {
	Name, Namespace, Version string
	Stats                    Stats
	// Calls counts calls and faults by outcome and reason. Zero counts are left out.
	Calls []CallCount
}

// CallCount is the number of a function's calls with one outcome and reason.
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
