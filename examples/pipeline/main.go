package main

import (
	"context"
	"flag"
	"log"
	"os"
	"os/signal"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
)

func main() {
	log.SetFlags(0)
	run := flag.String("run", time.Now().Format(time.DateOnly), "what to go on with")
	pause := flag.Duration("pause", 0, "how long each step takes besides")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := start(cache.WithRun(ctx, *run), *pause)
	// The last step's result may still be on its way to the disk.
	if err := cache.Close(context.Background()); err != nil {
		log.Print(err)
	}
	if err != nil {
		log.Fatal(err)
	}
}

// start does all steps, or what is left of them in the run of ctx.
func start(ctx context.Context, pause time.Duration) error {
	p := &pipeline{pause}
	var sales []sale
	for year := range 3 {
		more, err := p.cachedFetch(ctx, 2023+year)
		if err != nil {
			return err
		}
		sales = append(sales, more...)
	}
	cleaned, err := p.cachedClean(ctx, sales)
	if err != nil {
		return err
	}
	model, err := p.cachedFit(ctx, cleaned)
	if err != nil {
		return err
	}
	log.Printf("next month: %.0f", model.at(len(cleaned)))
	return nil
}
