package main

import (
	"context"
	"crypto/rand"
	"errors"

	"golang.org/x/sync/errgroup"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/cacheimpl"
	"github.com/cachegen/cachegen/runtime/inspect"
)

// city is what generated code makes of a city's name and a number.
type city struct {
	City string
	N    int
}

func (c city) AppendCacheKey(b []byte) []byte {
	return cacheimpl.AppendInt(cacheimpl.AppendString(b, c.City), int64(c.N))
}

// fill stores n results of a function, as programs do, and returns the keys of their items.
func fill(ctx context.Context, url string, n, payload int) (keys []string, err error) {
	c, err := cache.New(cache.Config{URL: url, MemoryEntries: 1})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, c.Close(context.WithoutCancel(ctx))) }()
	f := cacheimpl.NewFunction[city, []byte](cacheimpl.Spec{
		Name: "example.com/weather.Forecast", Version: "v1:00112233445566778899aabbccddeeff",
	})
	g, ctx := errgroup.WithContext(cache.WithCache(ctx, c))
	g.SetLimit(64)
	for i := range n {
		g.Go(func() error {
			result := make([]byte, payload)
			_, _ = rand.Read(result)
			return f.Put(ctx, city{"Berlin", i}, result)
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return names(context.WithoutCancel(ctx), url)
}

func names(ctx context.Context, url string) ([]string, error) {
	in, err := inspect.Open(ctx, url)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	var names []string
	for info, err := range in.LeastUsed(ctx, 0) { // all
		if err != nil {
			return nil, err
		}
		names = append(names, info.Key)
	}
	return names, nil
}
