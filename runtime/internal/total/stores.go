package total

import (
	"cmp"
	"slices"

	cache "github.com/cachegen/cachegen/runtime"
)

// Stores returns the stores of caches, or of the default cache if there are none, with those of one
// name as one, in the order in which the names come first. One that failed to open, or is left
// alone, makes the whole so.
func Stores(caches []*cache.Cache) []cache.StoreInfo {
	if len(caches) == 0 {
		return cache.Stores()
	}
	var l []cache.StoreInfo
	for _, c := range caches {
		for _, s := range c.Stores() {
			i := slices.IndexFunc(l, func(o cache.StoreInfo) bool { return o.Name == s.Name })
			if i < 0 {
				l = append(l, s)
			} else {
				addStore(&l[i], &s)
			}
		}
	}
	return l
}

func addStore(s, more *cache.StoreInfo) {
	s.Open = s.Open && more.Open
	s.Failure = cmp.Or(s.Failure, more.Failure)
	for i := range s.Operations { // each store has the same kinds, and each kind the same bounds
		o, m := &s.Operations[i], &more.Operations[i]
		o.Count += m.Count
		o.Failed += m.Failed
		o.Refused += m.Refused
		o.Resting = o.Resting || m.Resting
		o.Total += m.Total
		for j := range o.Within {
			o.Within[j].Count += m.Within[j].Count
		}
	}
}
