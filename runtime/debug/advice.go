package cachedebug

import (
	"fmt"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
)

// advice is something that a person may want to change.
type advice struct{ Func, Text string }

const (
	enough = 20                   // calls, before anything is said of them
	cheap  = 2 * time.Microsecond // an execution that takes less is hardly worth a key
)

// adviceOn returns what there is to say of functions and stores.
func adviceOn(rows []row, stores []cache.StoreInfo) (l []advice) {
	for i := range rows {
		for _, rule := range rules {
			if text := rule(&rows[i], stores); text != "" {
				l = append(l, advice{rows[i].Name, text})
			}
		}
	}
	for _, s := range stores {
		if text := health(&s); text != "" {
			l = append(l, advice{"store " + s.Name, text})
		}
	}
	return l
}

// rules say what there is to say of a function, "" for nothing.
var rules = []func(*row, []cache.StoreInfo) string{
	func(r *row, _ []cache.StoreInfo) string { // results that differ from what the function returns
		if r.Stats.Different == 0 {
			return ""
		}
		return fmt.Sprintf("%d of %d audited hits were not what the function returns now: something decides its result that is in neither the key nor "+
			"the version, a clock, an environment, an ignored input. The function's page says where the results differ: follow its name, and show errors.", r.Stats.Different, r.Stats.Audited)
	},
	func(r *row, _ []cache.StoreInfo) string {
		n := r.because(cache.CodeChanged)
		if n == 0 {
			return ""
		}
		return fmt.Sprintf("The code changed since its wrapper was generated, so calls go past the cache: %d up to now. Run go generate.", n)
	},
	func(r *row, _ []cache.StoreInfo) string {
		n := r.because(cache.InputsChanged)
		if n < enough/4 || r.Stats.Hits > n {
			return ""
		}
		return fmt.Sprintf("The inputs of %d calls changed while they ran, so their results are not kept: the function, or its caller, writes to an argument, or "+
			"to a file that is one.", n)
	},
	func(r *row, _ []cache.StoreInfo) string {
		unseen := min(r.because(cache.NeverSeen), r.Stats.Misses) // those that failed come again
		if r.Stats.Hits+r.Stats.Joined+r.Stats.Stale > 0 || unseen < enough || unseen < r.All()/2 {
			return ""
		}
		return fmt.Sprintf("It never hits: each of %d calls had other inputs. Is a request id, a time or a pointer to something large in its key? Compare the "+
			"inputs of two of its calls (follow their keys), or ask Explain; ignore= or key= leaves out what differs.", unseen)
	},
	func(r *row, _ []cache.StoreInfo) string {
		n := r.because(cache.TooOld)
		if n < enough || n < r.All()/5 {
			return ""
		}
		return fmt.Sprintf("%d of %d calls found a result that was too old. Raise max-age, or let stale-while-revalidate hand out the old one meanwhile.", n, r.All())
	},
	func(r *row, _ []cache.StoreInfo) string {
		if r.Stats.Misses < enough || r.Mean() == 0 || r.Mean() > cheap {
			return ""
		}
		return fmt.Sprintf("An execution takes %s: cheaper than its key. It may be faster without a cache.", short(r.Mean()))
	},
	func(r *row, stores []cache.StoreInfo) string {
		read := meanRead(stores)
		if r.Stats.Misses < enough || r.Mean() == 0 || read < r.Mean() || r.Mean() <= cheap {
			return ""
		}
		return fmt.Sprintf("Reading the store takes %s, executing the function %s: the store is slower. store=memory keeps its results in this process.", short(read),
			short(r.Mean()))
	},
	func(r *row, _ []cache.StoreInfo) string {
		if r.Stats.Evicted < enough || r.Stats.Evicted < r.Stats.Misses/2 {
			return ""
		}
		return fmt.Sprintf("Memory dropped %d results for want of room. Raise memory-entries, or the cache's MemoryBytes.", r.Stats.Evicted)
	},
	func(r *row, _ []cache.StoreInfo) string {
		if r.Stats.Unkeyed < enough/4 {
			return ""
		}
		return fmt.Sprintf("%d calls had no key and went past the cache. The last ones below say which part of their inputs has none.", r.Stats.Unkeyed)
	},
	func(r *row, _ []cache.StoreInfo) string {
		if r.Stats.Rejected < enough || r.Stats.Rejected < r.All()/5 {
			return ""
		}
		return fmt.Sprintf("unless or validate kept %d results from being used.", r.Stats.Rejected)
	},
	func(r *row, _ []cache.StoreInfo) string {
		if r.Stats.Failed < enough || r.Stats.Failed < r.Stats.Misses {
			return ""
		}
		return fmt.Sprintf("%d of %d executions failed, and failures are not kept. error-max-age remembers them for a while.", r.Stats.Failed,
			r.Stats.Failed+r.Stats.Misses)
	},
}

// meanRead is how long reading the cache's own store takes.
func meanRead(stores []cache.StoreInfo) time.Duration {
	for _, s := range stores {
		for _, o := range s.Operations {
			if s.Name == "default" && o.Kind == cache.Reading && o.Count >= enough {
				return o.Total / time.Duration(o.Count)
			}
		}
	}
	return 0
}

// health says what is wrong with a store.
func health(s *cache.StoreInfo) string {
	if s.Failure != nil {
		return "It could not be opened: calls go without it."
	}
	for _, o := range s.Operations {
		switch {
		case o.Resting:
			return fmt.Sprintf("It fails, and is left alone for a moment at a time: %d of %d operations of the kind %s failed or gave no answer in time, and %d "+
				"were not tried. Calls go without it.", o.Failed, o.Count, o.Kind, o.Refused)
		case o.Count >= enough && o.Failed > o.Count/10:
			return fmt.Sprintf("%d of %d operations of the kind %s failed, or gave no answer in time.", o.Failed, o.Count, o.Kind)
		}
	}
	return ""
}
