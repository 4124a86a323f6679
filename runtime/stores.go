package cache

import (
	"time"

	"github.com/cachegen/cachegen/runtime/internal/engine"
	"github.com/cachegen/cachegen/runtime/internal/latency"
)

// StoreInfo describes a store of a cache, and its operations since the cache was made.
type StoreInfo struct {
	// Name is "default" for the cache's own store, or the name in the functions' option store=.
	Name string
	// Place is the store's folder or URL, without user, password and options; "" if the program
	// opened the store.
	Place string
	// Open reports whether the store is open; the first call that needs the store opens it. Failure
	// says why it could not be opened.
	Open    bool
	Failure error
	// Operations are the store's operations by kind: Reading, Writing, Looking.
	Operations []StoreOperations
}

// StoreOperations describes the operations of one kind of a store.
type StoreOperations struct {
	Kind Kind
	// Count is the number of operations. Failed is the number of those that returned an error, or
	// no answer in time.
	Count, Failed int64
	// Refused is the number of operations that the store was not asked, because it was left alone
	// for a moment after faults. Resting reports whether it is left alone now.
	Refused int64
	Resting bool
	// Total is the time that all operations took. Within counts them by their duration, with
	// growing bounds. Operations beyond the last bound are in Count alone.
	Total  time.Duration
	Within []Bucket
}

// Bucket counts the operations that took at most a time.
type Bucket struct {
	Bound time.Duration
	Count int64
}

// Quantile returns a time within which the share q of the operations ended; 0 if there were none.
// It is as fine as the buckets.
func (o *StoreOperations) Quantile(q float64) (d time.Duration) {
	if o.Count == 0 {
		return 0
	}
	for _, b := range o.Within {
		if d = b.Bound; float64(b.Count) >= q*float64(o.Count) {
			break
		}
	}
	return d
}

// Stores returns the stores of the cache, sorted by name.
func (c *Cache) Stores() []StoreInfo { return storesOf(c.engine) }

// Stores returns the stores of the default cache, sorted by name. There are none before the cache
// is first used.
func Stores() []StoreInfo {
	c := engine.Used()
	if c == nil {
		return nil
	}
	return storesOf(c)
}

func storesOf(c *engine.Cache) []StoreInfo {
	var l []StoreInfo
	for _, s := range c.Stores() {
		info := StoreInfo{Name: s.Name, Place: s.Place, Open: s.Open, Failure: s.Failure}
		for _, u := range s.Kinds {
			info.Operations = append(info.Operations, operationsOf(u))
		}
		l = append(l, info)
	}
	return l
}

func operationsOf(u engine.KindUse) StoreOperations {
	o := StoreOperations{Kind: u.Kind, Count: u.Took.N(), Failed: u.Failed, Refused: u.Refused, Resting: u.Resting, Total: u.Took.Total}
	n := int64(0)
	for i := range latency.Buckets - 1 {
		bound, _ := latency.Bound(i)
		n += u.Took.In[i]
		o.Within = append(o.Within, Bucket{bound, n})
	}
	return o
}
