// Otter caches a function in memory.
package main

import (
	"context"
	"fmt"

	"github.com/maypok86/otter/v2"
)

type report struct{ Low, High int }

type key struct {
	city string
	days int
}

func forecast(_ context.Context, city string, days int) (report, error) {
	return report{days, len(city)}, nil
}

func main() {
	c := otter.Must(&otter.Options[key, report]{MaximumSize: 10_000})
	load := otter.LoaderFunc[key, report](func(ctx context.Context, k key) (report, error) { return forecast(ctx, k.city, k.days) })
	fmt.Println(c.Get(context.Background(), key{"Berlin", 3}, load))
}
