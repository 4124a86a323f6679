package tenants

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
)

// site is a server that counts requests, and says so.
type site struct {
	requests atomic.Int64
	control  string
	broken   bool
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n := s.requests.Add(1)
	if s.broken {
		http.Error(w, "broken", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Cache-Control", s.control)
	fmt.Fprintf(w, "%s %s %d", r.Header.Get("X-Tenant"), r.Header.Get("Accept-Language"), n)
}

// RoundTrip answers in the process: the network's time is not a test's.
func (s *site) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Result(), nil
}

// isolated returns a context with a cache of its own, in memory.
func isolated(t *testing.T) context.Context {
	t.Helper()
	c, err := cache.New(cache.Config{URL: "none"})
	if err != nil {
		t.Fatal(err)
	}
	return cache.WithCache(t.Context(), c)
}

func expect(t *testing.T, ctx context.Context, client *http.Client, url, want string) {
	t.Helper()
	if page, err := Get(ctx, client, url); err != nil || page.Body != want {
		t.Errorf("got %q, %v, want %q", page.Body, err, want)
	}
}

func TestTenantsAreApart(t *testing.T) {
	server := httptest.NewServer(&site{control: "max-age=60"})
	defer server.Close()
	ctx, client := isolated(t), server.Client()
	for range 2 {
		expect(t, With(ctx, "acme"), client, server.URL, "acme en 1")
		expect(t, With(ctx, "globex"), client, server.URL, "globex en 2")
		expect(t, WithLanguage(With(ctx, "acme"), "de"), client, server.URL, "acme de 3")
		expect(t, WithLanguage(With(ctx, "acme"), "en"), client, server.URL, "acme en 1")
		expect(t, With(ctx, "acme"), client, server.URL+"/prices", "acme en 4")
	}
}

func TestServerSaysHowLong(t *testing.T) {
	for control, holds := range map[string]time.Duration{
		"max-age=60":                    time.Minute,
		`private, MAX-AGE="120"`:        2 * time.Minute,
		"no-store":                      0,
		"max-age=60, no-cache":          0,
		"":                              0,
		"max-age=never":                 0,
		"max-age=99999999999999999999s": 0,
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx, s := isolated(t), &site{control: control}
			client := &http.Client{Transport: s}
			expect(t, ctx, client, "http://site/", " en 1")
			if holds == 0 {
				expect(t, ctx, client, "http://site/", " en 2")
				return
			}
			time.Sleep(holds)
			expect(t, ctx, client, "http://site/", " en 1")
			time.Sleep(time.Nanosecond)
			expect(t, ctx, client, "http://site/", " en 2")
		})
	}
}

func TestServerFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, s := isolated(t), &site{control: "max-age=60"}
		client := &http.Client{Transport: s}
		expect(t, ctx, client, "http://site/", " en 1")
		s.broken = true
		time.Sleep(time.Hour)
		expect(t, ctx, client, "http://site/", " en 1")
		if n := s.requests.Load(); n != 2 {
			t.Errorf("%d requests: the server has to be asked first", n)
		}
		time.Sleep(time.Minute + 1)
		if page, err := Get(ctx, client, "http://site/"); err == nil {
			t.Errorf("%q is too old even for that", page.Body)
		}
		s.broken = false
		expect(t, ctx, client, "http://site/", " en 4")
	})
}
