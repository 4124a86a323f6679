package cache

import (
	"time"

	"github.com/cachegen/cachegen/runtime/internal/engine"
	"github.com/cachegen/cachegen/runtime/internal/latency"
)

// StoreInfo describes a store of a cache, and what was asked of it since the cache was made.
type StoreInfo struct {
	// Name is "default" for the cache's own, or the name that functions say in store=.
	Name string
	// Place is where it is, without user, password and options: a folder's path or a URL; "" where the program opened it.
	Place string
	// Open says that it is open, which the first call that needs it sees to. Failure is why it could not be opened.
	Open    bool
	Failure error
	// Operations are what was asked of it, by kind: Reading, Writing, Looking.
	Operations []StoreOperations
}

// StoreOperations is what was asked of a store, of one kind.
type StoreOperations struct {
	Kind Kind
	// Count is how many operations were asked, Failed how many of them the store failed or gave no answer in time.
	Count, Failed int64
	// Refused are those that were not asked, because the store was left alone for a moment after faults. Resting says that it is
	// now.
	Refused int64
	Resting bool
	// Total is the time that all took, Within how many took no longer than a bound, by growing bounds. What took longer than the
	// last bound is in Count alone.
	Total  time.Duration
	Within []Bucket
}

// Bucket is how many operations took no longer than a bound.
type Bucket struct {
	Bound time.Duration
	Count int64
}

// Quantile returns a bound of what the share q of the operations took at most, 0 where there are none. It is no finer than the buckets.
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

// Stores returns the cache's stores, by name.
func (c *Cache) Stores() []StoreInfo { return storesOf(c.engine) }

// Stores returns the stores of the default cache, by name: none before it is first used.
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
