// Ristretto caches a function in memory.
package main

import (
	"context"
	"fmt"
	"strconv"

	"github.com/dgraph-io/ristretto/v2"
)

type report struct{ Low, High int }

func forecast(_ context.Context, city string, days int) (report, error) {
	return report{days, len(city)}, nil
}

func main() {
	c, err := ristretto.NewCache(&ristretto.Config[string, report]{NumCounters: 100_000, MaxCost: 10_000, BufferItems: 64})
	if err != nil {
		panic(err)
	}
	k := strconv.Itoa(3) + "/Berlin"
	r, ok := c.Get(k)
	if !ok {
		r, err = forecast(context.Background(), "Berlin", 3)
		c.Set(k, r, 1)
	}
	fmt.Println(r, err)
}
