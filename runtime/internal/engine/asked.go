package engine

import (
	"sync"

	"github.com/cachegen/cachegen/runtime/internal/clock"
)

// request is a moment at which somebody asked for results anew.
type request struct {
	began int64 // what this process began before is older
	over  int64 // what others wrote with stamps up to that may be older
}

func (c *Cache) request() request {
	return request{c.clock.Stamp(), c.clock.Over() + int64(clock.Margin)}
}

// asked is when a context's mode was chosen, for each cache that calls with the context use. The
// first such call notes it, because a context does not know its caches. The zero value means that
// nobody asked yet.
type asked struct {
	mu sync.Mutex
	at map[*Cache]request
}

// in returns the request to c.
func (a *asked) in(c *Cache) (began, over int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	r, ok := a.at[c]
	if !ok {
		if a.at == nil {
			a.at = map[*Cache]request{}
		}
		r = c.request()
		a.at[c] = r
	}
	return r.began, r.over
}
