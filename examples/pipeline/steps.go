package main

import (
	"context"
	"fmt"
	"log"
	"time"
)

// pipeline is what steps need besides their inputs. It changes no result, so they ignore it.
type pipeline struct{ pause time.Duration }

// sale is a month's turnover.
type sale struct {
	Year, Month int
	Amount      float64
}

// line is a straight one.
type line struct{ Offset, Slope float64 }

func (l line) at(x int) float64 { return l.Offset + l.Slope*float64(x) }

// fetch returns the sales of a year, some of them negative by mistake.
//
//cache:auto per=run ignore=p
func (p *pipeline) fetch(ctx context.Context, year int) ([]sale, error) {
	if err := p.work(ctx, fmt.Sprint("fetching ", year)); err != nil {
		return nil, err
	}
	var sales []sale
	for month := range 12 {
		s := sale{year, month + 1, float64(100 + 12*(year-2023) + month)}
		if month%5 == 4 {
			s.Amount = -s.Amount
		}
		sales = append(sales, s)
	}
	return sales, nil
}

// clean leaves out what can't be.
//
//cache:auto per=run ignore=p
func (p *pipeline) clean(ctx context.Context, sales []sale) ([]sale, error) {
	if err := p.work(ctx, "cleaning"); err != nil {
		return nil, err
	}
	var cleaned []sale
	for _, s := range sales {
		if s.Amount >= 0 {
			cleaned = append(cleaned, s)
		}
	}
	return cleaned, nil
}

// fit returns the line with the least squares.
//
//cache:auto per=run ignore=p
func (p *pipeline) fit(ctx context.Context, sales []sale) (line, error) {
	if err := p.work(ctx, "fitting"); err != nil {
		return line{}, err
	}
	var x, y, xx, xy float64
	for i, s := range sales {
		x, y, xx, xy = x+float64(i), y+s.Amount, xx+float64(i*i), xy+float64(i)*s.Amount
	}
	n := float64(len(sales))
	slope := (n*xy - x*y) / (n*xx - x*x)
	return line{(y - slope*x) / n, slope}, nil
}

// work says what is done, and takes its time.
//
//cache:reviewed
func (p *pipeline) work(ctx context.Context, what string) error {
	log.Print(what)
	select {
	case <-time.After(p.pause):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
