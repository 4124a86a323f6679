// Package database reads orders from a database. Its tests show how to test cached queries: with a
// cache of the test's own, with a clock that the test moves, with a broken store, and with rows
// that were recorded.
//
// The cache must know when the rows behind a result changed, for no version of the code says so.
// Two things help: [Place] forgets what it changed, by the tag of the customer; and max-age bounds
// how long a change by another program stays unseen.
package database

//go:generate go run ../../cmd/cachegen .

import (
	"context"
	"database/sql"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
)

// Order is a row.
type Order struct {
	ID     int64
	Item   string
	Cents  int64
	Placed time.Time
}

// orders reads the orders of a customer, the oldest first. Which connection reads them makes no
// difference, so db is no part of the key.
//
//cache:auto name=Orders ignore=db tags=customer:{customer} max-age=10m reviewed
func orders(ctx context.Context, db *sql.DB, customer string) ([]Order, error) {
	rows, err := db.QueryContext(ctx, "SELECT id, item, cents, placed FROM orders WHERE customer = ? ORDER BY id", customer)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Order
	for rows.Next() {
		var o Order
		if err := rows.Scan(&o.ID, &o.Item, &o.Cents, &o.Placed); err != nil {
			return nil, err
		}
		list = append(list, o)
	}
	return list, rows.Err()
}

// Total is what a customer's orders cost together, in cents.
func Total(ctx context.Context, db *sql.DB, customer string) (int64, error) {
	list, err := Orders(ctx, db, customer)
	var cents int64
	for _, o := range list {
		cents += o.Cents
	}
	return cents, err
}

// Place writes an order, and makes the orders of the customer that are cached unusable.
func Place(ctx context.Context, db *sql.DB, customer, item string, cents int64) error {
	_, err := db.ExecContext(ctx, "INSERT INTO orders (customer, item, cents, placed) VALUES (?, ?, ?, ?)", customer, item, cents, time.Now())
	if err != nil {
		return err
	}
	return cache.ForgetTags(ctx, "customer:"+customer)
}
