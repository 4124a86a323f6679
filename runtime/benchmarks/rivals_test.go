package benchmarks

import (
	"context"
	"strconv"
	"sync"
	"time"

	"github.com/Yiling-J/theine-go"
	"github.com/dgraph-io/ristretto/v2"
	"github.com/hashicorp/golang-lru/v2"
	"github.com/hashicorp/golang-lru/v2/expirable"
	"github.com/maypok86/otter/v2"
	"github.com/puzpuzpuz/xsync/v4"
	"github.com/viccon/sturdyc"
)

// Each rival is a function like the wrapper's, for the same two arguments, written once at start as a careful person writes it: no closure
// is made by a hit, and the key is a struct wherever the library takes one.

// rival makes a cache of so many entries in front of [Forecast], which may be used until an age, 0 for no limit.
type rival func(entries int, age time.Duration) func(ctx context.Context, city string, days int) (Report, error)

// key is what a person makes of the arguments.
type key struct {
	city string
	days int
}

// rivals are all that are compared, by the name in the figures. Those that say nothing of ages are left out where an age is compared,
// and those without a bound, map and xsync, where one is.
var rivals = map[string]struct {
	rival
	ages, bounded bool
}{
	"map":       {byMap, false, false},
	"xsync":     {byXsync, false, false},
	"otter":     {byOtter, true, true},
	"theine":    {byTheine, true, true},
	"golanglru": {byGolangLRU, true, true},
	"ristretto": {byRistretto, true, true},
	"sturdyc":   {bySturdyc, true, true},
}

// byMap is a map behind a lock: what a person writes first.
func byMap(int, time.Duration) func(context.Context, string, int) (Report, error) {
	var mu sync.RWMutex
	m := map[key]Report{}
	return func(ctx context.Context, city string, days int) (Report, error) {
		k := key{city, days}
		mu.RLock()
		r, ok := m[k]
		mu.RUnlock()
		if ok {
			return r, nil
		}
		r, err := Forecast(ctx, city, days, nil)
		if err == nil {
			mu.Lock()
			m[k] = r
			mu.Unlock()
		}
		return r, err
	}
}

// byXsync loads first, as the documentation of Map advises for reads that mostly hit, and stores what it made.
func byXsync(int, time.Duration) func(context.Context, string, int) (Report, error) {
	m := xsync.NewMap[key, Report]()
	return func(ctx context.Context, city string, days int) (Report, error) {
		k := key{city, days}
		if r, ok := m.Load(k); ok {
			return r, nil
		}
		r, err := Forecast(ctx, city, days, nil)
		if err == nil {
			r, _ = m.LoadOrStore(k, r)
		}
		return r, err
	}
}

// byOtter has a loader that is made once and captures nothing: "create a Loader and pass it to Get" (otter's user guide, Loading). Get joins
// calls in flight, as the wrapper does.
func byOtter(entries int, age time.Duration) func(context.Context, string, int) (Report, error) {
	o := &otter.Options[key, Report]{MaximumSize: entries}
	if age > 0 {
		o.ExpiryCalculator = otter.ExpiryWriting[key, Report](age)
	}
	c := otter.Must(o)
	var load otter.Loader[key, Report] = otter.LoaderFunc[key, Report](func(ctx context.Context, k key) (Report, error) {
		return Forecast(ctx, k.city, k.days, nil)
	})
	return func(ctx context.Context, city string, days int) (Report, error) {
		return c.Get(ctx, key{city, days}, load)
	}
}

// byTheine is a loading cache, the kind that joins calls in flight: "loading cache's Get method will compute the value using loader function
// when there is a miss" (its README).
func byTheine(entries int, age time.Duration) func(context.Context, string, int) (Report, error) {
	c, err := theine.NewBuilder[key, Report](int64(entries)).Loading(
		func(ctx context.Context, k key) (theine.Loaded[Report], error) {
			r, err := Forecast(ctx, k.city, k.days, nil)
			return theine.Loaded[Report]{Value: r, Cost: 1, TTL: age}, err
		}).Build()
	if err != nil {
		panic(err)
	}
	return func(ctx context.Context, city string, days int) (Report, error) {
		return c.Get(ctx, key{city, days})
	}
}

// byGolangLRU gets, and adds what it made: the package loads nothing itself. Where results age it is the package's expirable cache, as its
// README says.
func byGolangLRU(entries int, age time.Duration) func(context.Context, string, int) (Report, error) {
	var c interface {
		Get(key) (Report, bool)
		Add(key, Report) bool
	}
	if age > 0 {
		c = expirable.NewLRU[key, Report](entries, nil, age)
	} else {
		l, err := lru.New[key, Report](entries)
		if err != nil {
			panic(err)
		}
		c = l
	}
	return func(ctx context.Context, city string, days int) (Report, error) {
		k := key{city, days}
		if r, ok := c.Get(k); ok {
			return r, nil
		}
		r, err := Forecast(ctx, city, days, nil)
		if err == nil {
			c.Add(k, r)
		}
		return r, err
	}
}

// byRistretto has ten counters for each entry and the buffers that its documentation advises. Its keys are strings or integers, so one is
// put together: with strconv, the fastest way that is still readable.
func byRistretto(entries int, age time.Duration) func(context.Context, string, int) (Report, error) {
	c, err := ristretto.NewCache(&ristretto.Config[string, Report]{
		NumCounters: int64(entries) * 10, MaxCost: int64(entries), BufferItems: 64, IgnoreInternalCost: true,
	})
	if err != nil {
		panic(err)
	}
	return func(ctx context.Context, city string, days int) (Report, error) {
		k := strconv.Itoa(days) + "/" + city
		if r, ok := c.Get(k); ok {
			return r, nil
		}
		r, err := Forecast(ctx, city, days, nil)
		if err == nil {
			c.SetWithTTL(k, r, 1, age)
		}
		return r, err
	}
}

// bySturdyc gets or fetches, as its README does it: a key that is a string, and a function that captures the arguments. It has an age in any
// case; where none is asked for it is a day.
func bySturdyc(entries int, age time.Duration) func(context.Context, string, int) (Report, error) {
	if age == 0 {
		age = 24 * time.Hour
	}
	c := sturdyc.New[Report](entries, 10, age, 10)
	return func(ctx context.Context, city string, days int) (Report, error) {
		return c.GetOrFetch(ctx, strconv.Itoa(days)+"/"+city, func(ctx context.Context) (Report, error) {
			return Forecast(ctx, city, days, nil)
		})
	}
}
