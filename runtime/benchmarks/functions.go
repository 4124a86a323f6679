package benchmarks

import (
	"context"
	"log/slog"
	"strings"
	"time"
)

// Report is a result that holds nothing that could be changed.
type Report struct{ Low, High int }

// Found is a result that is copied for each caller.
type Found struct {
	Total int
	Names []string
}

// Query is an input that is encoded.
type Query struct {
	Text  string
	Tags  []string
	Limit int
}

// Forecast has arguments that Go compares.
//
//cache:auto ignore=log
func Forecast(ctx context.Context, city string, days int, log *slog.Logger) (Report, error) {
	return Report{days, len(city)}, nil
}

// Aged has an age to look at.
//
//cache:auto max-age=10m ignore=log
func Aged(ctx context.Context, city string, days int, log *slog.Logger) (Report, error) {
	return Report{days, len(city)}, nil
}

// Search has an input that is encoded and a result that is copied.
//
//cache:auto
func Search(ctx context.Context, q *Query) (Found, error) {
	return Found{1, []string{q.Text, "b", "c"}}, nil
}

// Square is as small as functions get.
//
//cache:auto
func Square(n int) int { return n * n }

// Fresh has as many results as anybody asks for, and room for a thousand.
//
//cache:auto memory-entries=1000 ignore=log
func Fresh(ctx context.Context, city string, days int, log *slog.Logger) (Report, error) {
	return Report{days, len(city)}, nil
}

// Vast has room for over a million results.
//
//cache:auto memory-entries=1200000
func Vast(ctx context.Context, city string, days int) (Report, error) {
	return Report{days, len(city)}, nil
}

// Page is a result of 1 KiB that holds nothing that could be changed.
//
//cache:auto
func Page(ctx context.Context, n int) (string, error) {
	return strings.Repeat(string(rune('a'+n)), 1<<10), nil
}

// Picture is a result of n bytes that is copied for each caller.
//
//cache:auto
func Picture(ctx context.Context, n int) ([]byte, error) { return make([]byte, n), nil }

// Slow takes a moment.
//
//cache:auto
func Slow(ctx context.Context, n int) (int, error) {
	time.Sleep(20 * time.Millisecond)
	return n, nil
}
