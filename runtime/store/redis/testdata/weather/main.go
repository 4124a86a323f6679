package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
	_ "github.com/cachegen/cachegen/runtime/store/redis"
)

// main obeys one command a line, and answers each with one line.
func main() {
	ctx := context.Background()
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		command, argument, _ := strings.Cut(in.Text(), " ")
		fmt.Println(obey(ctx, command, argument))
	}
	if err := cache.Close(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func obey(ctx context.Context, command, argument string) string {
	switch command {
	case "forecast":
		report, err := CachedForecast(ctx, argument)
		if err != nil || report.City != argument {
			return fmt.Sprintf("wrong: %v, %v", report, err)
		}
		return report.Asked
	case "forget":
		return fmt.Sprint(ForecastCache.Forget(ctx, ForecastArgs{City: argument}))
	case "forgettags":
		return fmt.Sprint(cache.ForgetTags(ctx, argument))
	case "load":
		start()
		return "started"
	case "loaded":
		return stop()
	}
	return "unknown command"
}

var load struct {
	users                sync.WaitGroup
	stop                 chan struct{}
	calls, wrong, failed atomic.Int64
	longest              atomic.Int64
}

// start lets goroutines call both functions until [stop].
func start() {
	load.stop = make(chan struct{})
	for u := range 8 {
		load.users.Go(func() {
			for i := u; ; i++ {
				select {
				case <-load.stop:
					return
				case <-time.After(time.Millisecond):
				}
				one(fmt.Sprintf("city%d", i%20))
			}
		})
	}
}

func one(city string) {
	began := time.Now()
	report, err := CachedTemperature(context.Background(), city)
	load.calls.Add(1)
	if err != nil {
		load.failed.Add(1)
	} else if report.City != city || !strings.HasPrefix(report.Asked, city+" by ") {
		load.wrong.Add(1)
	}
	load.longest.Store(max(load.longest.Load(), int64(time.Since(began))))
}

// stop ends the load and says how it went.
func stop() string {
	close(load.stop)
	load.users.Wait()
	return fmt.Sprintf("calls=%d failed=%d wrong=%d longest=%d", load.calls.Load(), load.failed.Load(), load.wrong.Load(), load.longest.Load())
}
