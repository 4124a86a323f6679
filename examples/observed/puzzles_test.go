package main

import (
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
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
func page(t *testing.T, shop, part string) string {
	t.Helper()
	r, err := http.Get(shop + "/debug/cachegen/" + part)
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

	for _, puzzle := range []struct{ name, function, differs string }{
		{"an ignored input that matters", "Price", `(Item:"item-1"): int: `},
		{"a clock in a helper", "Offered", `(Item:"item-1"): Offer.Until.Nanos: `},
	} {
		t.Run(puzzle.name, func(t *testing.T) {
			eventually(t, "the page does not say so", func() bool {
				return strings.Contains(page(t, s.URL, ""), "audited hits were not what the function returns now")
			})
			name := ""
			for _, f := range cache.Functions() {
				if strings.HasSuffix(f.Name, "."+puzzle.function) {
					name = f.Name
				}
			}
			eventually(t, "the function's page does not say where", func() bool {
				return strings.Contains(html.UnescapeString(page(t, s.URL, "function?values=1&name="+url.QueryEscape(name))), puzzle.differs)
			})
		})
	}
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
