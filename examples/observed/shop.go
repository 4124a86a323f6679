package main

import (
	"context"
	"fmt"
	"hash/fnv"
	"time"
)

// The functions of the shop. Each but Stock has a fault, which puzzles_test.go finds by what can be
// seen from outside. Read README.md first, if you want to find them yourself.

// work stands for what the functions would do: it takes a while, and comes to the same for the same
// text.
func work(ctx context.Context, d time.Duration, text string) (int, error) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(text))
	return int(h.Sum32()%9000) + 1000, nil
}

// Stock says how many of an item there are.
//
//cache:auto max-age=1m
func Stock(ctx context.Context, item string) (int, error) {
	return work(ctx, 5*time.Millisecond, "stock "+item)
}

// Price is what an item costs.
//
//cache:auto ignore=currency
func Price(ctx context.Context, item, currency string) (int, error) {
	cents, err := work(ctx, 5*time.Millisecond, "price "+item)
	return cents * rates[currency] / 100, err
}

// rates are what a euro is in other currencies, in hundredths.
var rates = map[string]int{"EUR": 100, "SEK": 1107, "CHF": 93}

// Offer is a price for a while.
type Offer struct {
	Item  string
	Cents int
	Until Deadline
}

// Deadline is when an offer ends.
type Deadline struct{ Nanos int64 }

// Offered returns the offer for an item.
//
//cache:auto reviewed
func Offered(ctx context.Context, item string) (Offer, error) {
	cents, err := work(ctx, 5*time.Millisecond, "offer "+item)
	return Offer{item, cents, endOfOffer()}, err
}

func endOfOffer() Deadline { return Deadline{time.Now().Add(time.Hour).UnixNano()} }

// Rating is what customers think of an item.
//
//cache:auto max-age=2ms
func Rating(ctx context.Context, item string) (int, error) {
	return work(ctx, 5*time.Millisecond, "rating "+item)
}

// Request is a request of a customer.
type Request struct {
	ID   string
	User string
}

// Recommended are items that may please whoever asks.
//
//cache:auto
func Recommended(ctx context.Context, r Request) ([]string, error) {
	n, err := work(ctx, 5*time.Millisecond, "for "+r.User)
	return []string{fmt.Sprint("item-", n%7), fmt.Sprint("item-", n%11)}, err
}
