package thirdpartystore_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/cachegen/cachegen/examples/thirdpartystore"
	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/memory"
	"github.com/cachegen/cachegen/runtime/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

func TestStore(t *testing.T)      { storetest.Run(t, harness) }
func BenchmarkStore(b *testing.B) { storetest.Benchmark(b, harness) }

// harness starts a server with an empty store, which the suite's tests and child processes use, and
// break.
func harness(t testing.TB) storetest.Harness {
	behind := memory.New(memory.Options{})
	t.Cleanup(func() { behind.Close() })
	server := &breakable{works: thirdpartystore.Handler(behind)}
	listener := httptest.NewServer(server)
	t.Cleanup(listener.Close)
	url := strings.Replace(listener.URL, "http", thirdpartystore.Scheme, 1)
	return storetest.Harness{Open: storetest.Opener(url), URL: url, Faults: server.faults(listener)}
}

// breakable is a handler that can be made to answer otherwise.
type breakable struct {
	works  http.Handler
	broken atomic.Pointer[http.HandlerFunc]
}

func (b *breakable) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if broken := b.broken.Load(); broken != nil {
		(*broken)(w, r)
		return
	}
	b.works.ServeHTTP(w, r)
}

// faults are the ways in which a server fails.
func (b *breakable) faults(listener *httptest.Server) map[string]func(t testing.TB) (heal func()) {
	answer := func(f http.HandlerFunc) func(t testing.TB) func() {
		return func(testing.TB) func() {
			b.broken.Store(&f)
			return func() {
				b.broken.Store(nil)
				listener.CloseClientConnections()
			}
		}
	}
	return map[string]func(t testing.TB) (heal func()){
		"hangs":              answer(hang),
		"fails":              answer(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }),
		"breaks off":         answer(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }),
		"answers garbage":    answer(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>Please log in") }),
		"answers half":       answer(func(w http.ResponseWriter, r *http.Request) { b.works.ServeHTTP(half{w}, r) }),
		"finds nothing":      answer(http.NotFound),
		"closes connections": func(testing.TB) func() { listener.CloseClientConnections(); return func() {} },
	}
}

// hang answers when nobody waits for it any more, which a server only notices once it has read the
// request.
func hang(_ http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	<-r.Context().Done()
}

// half writes the first half of what it is given, and says that it was all.
type half struct{ http.ResponseWriter }

func (h half) Write(b []byte) (int, error) {
	_, err := h.ResponseWriter.Write(b[:len(b)/2])
	return len(b), err
}

func TestURLs(t *testing.T) {
	if s, err := store.Open(t.Context(), "cachehttp://"); err == nil {
		s.Close()
		t.Error("a URL without a host opens")
	}
}
