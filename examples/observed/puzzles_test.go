package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
	cachedebug "github.com/cachegen/cachegen/runtime/debug"
)

// begin begins the outage of the store.
var begin func()

// TestMain has all hits of the default cache audited, over a store that will hang.
func TestMain(m *testing.M) {
	var err error
	if begin, err = useFrail(cache.Config{Audit: 1}); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// page is what somebody sees who opens the page, without markup.
func page(t *testing.T, url, part string) string {
	t.Helper()
	r, err := http.Get(url + "/debug/cachegen/" + part)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// eventually waits for what happens in the background.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !holds(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal(what)
		}
	}
}

// TestPuzzles solves the five puzzles of README.md.
func TestPuzzles(t *testing.T) {
	p := cachedebug.New(cachedebug.Config{Every: 50 * time.Millisecond})
	defer p.Close()
	s := httptest.NewServer(handler(p))
	defer s.Close()
	ctx := t.Context()
	var differs []string
	told := make(chan string, 1000)
	stop := cache.Watch(cache.Observer{Event: func(_ context.Context, e cache.Event) {
		if e.Reason == cache.Differs {
			told <- e.Err.Error()
		}
	}})
	defer stop()
	for n := range 40 {
		at := fmt.Sprintf("%s/item?name=item-1&currency=%s&user=ada", s.URL, []string{"EUR", "SEK"}[n%2])
		r, _ := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
		r.Header.Set("X-Request-Id", fmt.Sprint(n))
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			t.Fatal(answer.Status)
		}
		time.Sleep(5 * time.Millisecond)
	}

	t.Run("an ignored input that matters", func(t *testing.T) {
		eventually(t, "no audit found it", func() bool { return PriceCache.Stats().Different > 0 })
	})
	t.Run("a clock in a helper", func(t *testing.T) {
		eventually(t, "no audit found it", func() bool { return OfferedCache.Stats().Different > 0 })
		close := time.After(time.Second)
		for done := false; !done; {
			select {
			case text := <-told:
				differs = append(differs, text)
			case <-close:
				done = true
			}
		}
		all := strings.Join(differs, "\n")
		for _, want := range []string{"main.Price(Item:\"item-1\"): int: ", "Offered(Item:\"item-1\"): Offer.Until.Nanos: "} {
			if !strings.Contains(all, want[strings.Index(want, "("):]) {
				t.Errorf("no %s in\n%s", want, all)
			}
		}
		if text := page(t, s.URL, ""); !strings.Contains(text, "audited hits were not what the function returns now") {
			t.Error("the page does not say so")
		}
	})
	t.Run("an age that is too short", func(t *testing.T) {
		if text := page(t, s.URL, ""); !strings.Contains(text, "found a result that was too old. Raise max-age") {
			t.Error("the page does not say so")
		}
		time.Sleep(5 * time.Millisecond)
		if x := RatingCache.Explain(ctx, RatingArgs{"item-1"}).String(); !strings.Contains(x, "max-age is 2ms") {
			t.Error(x)
		}
	})
	t.Run("a request id in the key", func(t *testing.T) {
		if text := page(t, s.URL, ""); !strings.Contains(text, "It never hits: each of 40 calls had other inputs") {
			t.Error("the page does not say so")
		}
		x := RecommendedCache.Explain(ctx, RecommendedArgs{Request{"99", "ada"}}).String()
		if !strings.Contains(x, `input R: {ID:"99" User:"ada"} here, {ID:`) {
			t.Error(x)
		}
	})
	t.Run("a store that times out", func(t *testing.T) {
		begin()
		eventually(t, "the page does not say so", func() bool {
			_, _ = CachedStock(ctx, fmt.Sprint("new ", time.Now()))
			return strings.Contains(page(t, s.URL, ""), "It fails, and is left alone for a moment at a time")
		})
		metrics := httptest.NewRecorder()
		handler(p).ServeHTTP(metrics, httptest.NewRequest(http.MethodGet, "/metrics", nil))
		if !strings.Contains(metrics.Body.String(), `cachegen_store_operations_failed_total{operation="read",store="default"}`) {
			t.Error("no metric says so")
		}
		if x := StockCache.Explain(ctx, StockArgs{"new"}).String(); !strings.Contains(x, "not found: store failed") {
			t.Error(x)
		}
	})
}

// TestSpans has the workload's spans written to a file.
func TestSpans(t *testing.T) {
	name := filepath.Join(t.TempDir(), "spans.json")
	end, err := trace2file(name)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = CachedStock(t.Context(), "spans")
	end()
	b, err := os.ReadFile(name)
	if err != nil || !strings.Contains(string(b), `"cachegen.execute"`) {
		t.Errorf("%s, %v", b, err)
	}
}
