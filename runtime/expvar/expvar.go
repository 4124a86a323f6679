// Package cachevar publishes the counters of all cached functions of a process, and of the default
// cache's stores, with package expvar: at /debug/vars, under the name cachegen.
package cachevar

import (
	"expvar"
	"sync"

	cache "github.com/cachegen/cachegen/runtime"
)

// Name is the name of the variable.
const Name = "cachegen"

// Publish publishes the variable. Further calls do nothing.
var Publish = sync.OnceFunc(func() { expvar.Publish(Name, expvar.Func(value)) })

// published is the value of the variable. Durations are in nanoseconds.
type published struct {
	Functions map[string][]cache.FunctionInfo `json:"functions"`
	Stores    []cache.StoreInfo               `json:"stores"`
}

func value() any {
	p := published{Functions: map[string][]cache.FunctionInfo{}, Stores: cache.Stores()}
	for _, f := range cache.Functions() {
		p.Functions[f.Name] = append(p.Functions[f.Name], f)
	}
	return p
}
