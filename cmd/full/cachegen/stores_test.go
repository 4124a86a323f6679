package main

import (
	"context"
	"strings"
	"testing"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/cacheimpl"
	"github.com/cachegen/cachegen/runtime/store/storetest/server"
)

// TestStores looks into and tidies each kind of store that is on a server.
func TestStores(t *testing.T) {
	for name, start := range map[string]func(testing.TB) server.Service{
		"redis": func(t testing.TB) server.Service { return server.StartRedis(t) },
		"s3":    server.StartS3, "gs": server.StartGCS, "dynamodb": server.StartDynamoDB,
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t)
			url := s.URL(s.Addr, "team")
			if name == "dynamodb" {
				url += "&create"
			}
			fill(t, url, "v1:1", 0, 100)
			fill(t, url, "v1:2", 100, 130)
			for _, test := range []struct{ args, want string }{
				{"stat", "         2  example.com/m.Double\n"},
				{"ls -min-size 1 -version v1:1", "example.com/m.Double(N:7)\n"},
				{"verify", "looked at 130 entries, "},
				{"prune -max-bytes 1GB", "removed 0 items, 0 B\n"},
				{"prune -n -max-bytes 0", "would remove 130 items, "},
				{"rm -q -version v1:1 -older 1ns", "removed 100 entries, "},
				{"prune -q -max-bytes 100", "removed 30 items, "},
				{"ls -json", "[]\n"},
			} {
				args := append(strings.Fields("cache "+test.args), "-store", url)
				if out := run(t, args...); !strings.Contains(out, test.want) {
					t.Errorf("%s: %s, want %q", test.args, out, test.want)
				}
			}
			fill(t, url, "v1:1", 0, 3)
			out := run(t, "cache", "clear", "-q", "-func", "m.Double", "-store", url)
			if _, rest, _ := strings.Cut(out, "\n"); !strings.HasPrefix(out, "store: ") || !strings.HasPrefix(rest, "removed 3 entries, ") {
				t.Errorf("clear: %s", out)
			}
		})
	}
}

type number struct{ N int }

func (a number) AppendCacheKey(b []byte) []byte { return cacheimpl.AppendInt(b, int64(a.N)) }

// fill computes results of a version into the store at url.
func fill(t *testing.T, url, version string, from, to int) {
	t.Helper()
	c, err := cache.New(cache.Config{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	f := cacheimpl.NewFunction[number, int](cacheimpl.Spec{Name: "example.com/m.Double", Version: version})
	ctx := cache.WithCache(t.Context(), c)
	for i := from; i < to; i++ {
		if _, err := cacheimpl.Do(ctx, f.Core, number{i}, func(context.Context) (int, error) { return 2 * i, nil }); err != nil {
			t.Error(err)
		}
	}
	if err := c.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
}
