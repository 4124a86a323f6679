package cache

import "github.com/cachegen/cachegen/runtime/internal/engine"

// FunctionInfo describes a cached function of this process.
type FunctionInfo struct {
	Name, Namespace, Version string
	Stats                    Stats
}

// Functions returns all cached functions of this process, in the order in which they were made.
func Functions() []FunctionInfo {
	var l []FunctionInfo
	for _, f := range engine.Functions() {
		l = append(l, FunctionInfo{f.Name, f.Namespace(), f.Version, Stats(f.Stats())})
	}
	return l
}
