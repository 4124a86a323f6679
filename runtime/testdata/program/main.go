// Command program calls one cached function, once. With the argument change it then makes results
// unusable in every way, and prints what each returns.
package main

import (
	"context"
	"fmt"
	"os"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/cacheimpl"
)

type args struct{ N int }

func (a args) AppendCacheKey(b []byte) []byte { return cacheimpl.AppendInt(b, int64(a.N)) }

var doubleCache = cacheimpl.NewFunction[args, int](cacheimpl.Spec{Name: "example.com/program.Double", Version: "v1:0"})

func main() {
	ctx := context.Background()
	v, err := cacheimpl.Do(ctx, doubleCache.Core, args{21}, func(context.Context) (int, error) {
		fmt.Print("executed ")
		return 42, nil
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(v)
	if len(os.Args) > 1 && os.Args[1] == "change" {
		fmt.Println("Forget:", doubleCache.Forget(ctx, args{21}))
		fmt.Println("Clear:", doubleCache.Clear(ctx))
		fmt.Println("Put:", doubleCache.Put(ctx, args{21}, 43))
		fmt.Println("ForgetTags:", cache.ForgetTags(ctx, "t"))
		fmt.Println("ForgetRun:", cache.ForgetRun(ctx, "r"))
	}
	if err := cache.Close(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
