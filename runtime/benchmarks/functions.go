package benchmarks

import (
	"context"
	"log/slog"
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
