// Observed is a small shop whose functions are cached, with a workload, metrics for Prometheus,
// spans of OpenTelemetry, and the debug page:
//
//	go run . -addr localhost:8080 -traces spans.json
//
// See http://localhost:8080/debug/cachegen/ and http://localhost:8080/metrics. /dashboard.json is a
// dashboard for Grafana.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"os/signal"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.opentelemetry.io/otel/exporters/stdout/stdouttrace"
	"go.opentelemetry.io/otel/sdk/trace"

	cache "github.com/cachegen/cachegen/runtime"
	cachedebug "github.com/cachegen/cachegen/runtime/debug"
	cacheotel "github.com/cachegen/cachegen/runtime/otel"
	cacheprom "github.com/cachegen/cachegen/runtime/prometheus"
)

func main() {
	addr := flag.String("addr", "localhost:8080", "where to listen")
	traces := flag.String("traces", "", "a file to write spans to")
	load := flag.Bool("load", true, "ask for things, as customers do")
	outage := flag.Duration("outage", 0, "keep results in a store that hangs after so long")
	flag.Parse()
	if *outage > 0 {
		hang, err := useFrail(cache.Config{})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		time.AfterFunc(*outage, hang)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *addr, *traces, *load); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run serves until ctx ends.
func run(ctx context.Context, addr, traces string, load bool) error {
	defer cache.Close(context.Background())
	if traces != "" {
		end, err := trace2file(traces)
		if err != nil {
			return err
		}
		defer end()
	}
	page := cachedebug.New(cachedebug.Config{})
	defer page.Close()
	server := &http.Server{Addr: addr, Handler: handler(page), ReadHeaderTimeout: time.Second}
	if load {
		go customers(ctx, "http://"+addr)
	}
	go func() {
		<-ctx.Done()
		_ = server.Shutdown(context.Background())
	}()
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// trace2file has spans written to a file until end is called.
func trace2file(name string) (end func(), err error) {
	f, err := os.Create(name)
	if err != nil {
		return nil, err
	}
	exporter, err := stdouttrace.New(stdouttrace.WithWriter(f))
	if err != nil {
		return nil, err
	}
	provider := trace.NewTracerProvider(trace.WithBatcher(exporter))
	stop, err := cacheotel.Start(cacheotel.Config{Tracers: provider})
	return func() {
		stop()
		_ = provider.Shutdown(context.Background())
		_ = f.Close()
	}, err
}

// handler serves the shop, its metrics, and the page.
func handler(page http.Handler) http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(cacheprom.New())
	mux := http.NewServeMux()
	mux.Handle("/metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	mux.Handle("/debug/cachegen/", page)
	mux.HandleFunc("/dashboard.json", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(cacheprom.Dashboard) })
	mux.HandleFunc("/item", item)
	return mux
}

// item tells all about an item.
func item(w http.ResponseWriter, r *http.Request) {
	ctx, name := r.Context(), r.FormValue("name")
	var all struct {
		Stock, Price, Rating int
		Offer                Offer
		Recommended          []string
	}
	var errs [5]error
	all.Stock, errs[0] = CachedStock(ctx, name)
	all.Price, errs[1] = CachedPrice(ctx, name, r.FormValue("currency"))
	all.Rating, errs[2] = CachedRating(ctx, name)
	all.Offer, errs[3] = CachedOffered(ctx, name)
	all.Recommended, errs[4] = CachedRecommended(ctx, Request{ID: r.Header.Get("X-Request-Id"), User: r.FormValue("user")})
	if err := errors.Join(errs[:]...); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	_ = json.NewEncoder(w).Encode(all)
}

// customers ask for items until ctx ends.
func customers(ctx context.Context, url string) {
	for n := 0; ctx.Err() == nil; n++ {
		time.Sleep(20 * time.Millisecond)
		currency := []string{"EUR", "SEK", "CHF"}[rand.N(3)]
		at := fmt.Sprintf("%s/item?name=item-%d&currency=%s&user=u%d", url, rand.N(20), currency, rand.N(5))
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
		if err != nil {
			slog.Error("asking", "err", err)
			return
		}
		r.Header.Set("X-Request-Id", fmt.Sprint(n))
		if answer, err := http.DefaultClient.Do(r); err == nil {
			answer.Body.Close()
		}
	}
}
