// Sturdyc caches a function in memory.
package main

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/viccon/sturdyc"
)

type report struct{ Low, High int }

func forecast(_ context.Context, city string, days int) (report, error) {
	return report{days, len(city)}, nil
}

func main() {
	c := sturdyc.New[report](10_000, 10, time.Hour, 10)
	fmt.Println(c.GetOrFetch(context.Background(), strconv.Itoa(3)+"/Berlin", func(ctx context.Context) (report, error) {
		return forecast(ctx, "Berlin", 3)
	}))
}
