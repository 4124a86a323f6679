// Cachegen caches a function in memory and in a folder.
package main

import (
	"context"
	"fmt"
)

type report struct{ Low, High int }

//cache:auto
func forecast(_ context.Context, city string, days int) (report, error) {
	return report{days, len(city)}, nil
}

func main() { fmt.Println(cachedForecast(context.Background(), "Berlin", 3)) }
