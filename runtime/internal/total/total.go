// Package total adds up what is counted of functions that have one name, as the instances of a
// generic function do, and of stores that have one name in several caches.
package total

import (
	"slices"

	cache "github.com/cachegen/cachegen/runtime"
)

// ByName returns the functions with those of one name as one, in the order in which the names come
// first. The namespace and version are those of the first.
func ByName(all []cache.FunctionInfo) []cache.FunctionInfo {
	var l []cache.FunctionInfo
	at := map[string]int{}
	for _, f := range all {
		i, ok := at[f.Name]
		if !ok {
			at[f.Name] = len(l)
			f.Calls = slices.Clone(f.Calls)
			l = append(l, f)
			continue
		}
		add(&l[i].Stats, &f.Stats)
		l[i].Calls = addCalls(l[i].Calls, f.Calls)
	}
	return l
}

func add(s, more *cache.Stats) {
	s.Hits += more.Hits
	s.Misses += more.Misses
	s.Joined += more.Joined
	s.Stale += more.Stale
	s.Refreshed += more.Refreshed
	s.Bypassed += more.Bypassed
	s.MemoryHits += more.MemoryHits
	s.StoreHits += more.StoreHits
	s.TargetHits += more.TargetHits
	s.Failed += more.Failed
	s.Unkeyed += more.Unkeyed
	s.Rejected += more.Rejected
	s.Evicted += more.Evicted
	s.TooLarge += more.TooLarge
	s.Audited += more.Audited
	s.Different += more.Different
	s.Faults += more.Faults
	s.Saved += more.Saved
	s.Spent += more.Spent
	s.Entries += more.Entries
	s.Bytes += more.Bytes
}

func addCalls(to, more []cache.CallCount) []cache.CallCount {
	for _, c := range more {
		i := slices.IndexFunc(to, func(o cache.CallCount) bool { return o.Outcome == c.Outcome && o.Reason == c.Reason })
		if i < 0 {
			to = append(to, c)
		} else {
			to[i].Calls += c.Calls
		}
	}
	return to
}
