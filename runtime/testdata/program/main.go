// Command program calls one cached function, once.
package main

import (
	"context"
	"fmt"
	"os"

	cache "github.com/cachegen/cachegen/runtime"
)

type args struct{ N int }

func (a args) AppendCacheKey(b []byte) []byte { return cache.AppendInt(b, int64(a.N)) }

var doubleCache = cache.NewFunction(cache.Spec[args, int]{Name: "example.com/program.Double", Version: "v1:0"})

func main() {
	ctx := context.Background()
	v, err := doubleCache.Do(ctx, args{21}, func(context.Context) (int, error) {
		fmt.Print("executed ")
		return 42, nil
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(v)
	if err := cache.Close(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
