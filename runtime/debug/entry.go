package cachedebug

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/cachegen/cachegen/runtime/inspect"
	"github.com/cachegen/cachegen/runtime/internal/engine"
)

// lookTime is how long the page looks into a store.
const lookTime = 3 * time.Second

// entry is the page of one entry's story.
func (p *Page) entry(w http.ResponseWriter, r *http.Request) {
	key := r.FormValue("key")
	data := map[string]any{"Title": "entry", "Key": key, "Values": r.FormValue("values") == "1"}
	if key != "" {
		ctx, cancel := context.WithTimeout(r.Context(), lookTime)
		defer cancel()
		e, err := find(ctx, key)
		if err != nil {
			data["Err"] = err.Error()
		} else {
			data["Entry"] = e
		}
		data["Misses"] = p.misses.of(key)
	}
	render(w, "entry.html", data)
}

// find returns the entry whose key begins with a text.
func find(ctx context.Context, key string) (inspect.Entry, error) {
	c := engine.Used()
	if c == nil {
		return inspect.Entry{}, errors.New("no cached function was called yet")
	}
	s, err := c.StandardStore(ctx)
	if err != nil {
		return inspect.Entry{}, err
	}
	in, err := inspect.New(s)
	if err != nil {
		return inspect.Entry{}, err
	}
	return in.Find(ctx, key)
}

// of returns those whose key begins with a text.
func (m *misses) of(key string) (l []Miss) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := m.next - 1; i >= 0 && i >= m.next-missesKept; i-- {
		if miss := m.all[i%missesKept]; len(miss.Key) >= len(key) && miss.Key[:len(key)] == key {
			l = append(l, miss)
		}
	}
	return l
}
