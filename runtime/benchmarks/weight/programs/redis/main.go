// Redis caches a function in memory and would in Redis, through go-redis/cache: its ring has no server.
package main

import (
	"context"
	"fmt"
	"time"

	"github.com/go-redis/cache/v9"
)

type report struct{ Low, High int }

func forecast(_ context.Context, city string, days int) (report, error) {
	return report{days, len(city)}, nil
}

func main() {
	ctx := context.Background()
	c := cache.New(&cache.Options{LocalCache: cache.NewTinyLFU(10_000, time.Hour)})
	var r report
	err := c.Once(&cache.Item{Ctx: ctx, Key: "3/Berlin", Value: &r, Do: func(*cache.Item) (any, error) { return forecast(ctx, "Berlin", 3) }})
	fmt.Println(r, err)
}
