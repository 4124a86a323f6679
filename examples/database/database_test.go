package database

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/cachetest"
)

// place places an order.
func place(t *testing.T, ctx context.Context, db *sql.DB, customer, item string, cents int64) {
	t.Helper()
	if err := Place(ctx, db, customer, item, cents); err != nil {
		t.Fatal(err)
	}
}

// total returns a call that wants a total.
func total(t *testing.T, db *sql.DB, customer string, want int64) func(context.Context) {
	return func(ctx context.Context) {
		t.Helper()
		if got, err := Total(ctx, db, customer); err != nil || got != want {
			t.Errorf("%d, %v, want %d", got, err, want)
		}
	}
}

// TestPlaceForgets sees that an order is seen at once, by its customer's total and in another
// process, and leaves others' totals cached.
func TestPlaceForgets(t *testing.T) {
	db, _ := open()
	c := cachetest.New(t)
	ctx := c.Context(t.Context())
	place(t, ctx, db, "ann", "tea", 350)
	place(t, ctx, db, "bob", "rye", 420)
	cachetest.Misses(t, ctx, total(t, db, "ann", 350))
	cachetest.Misses(t, ctx, total(t, db, "bob", 420))
	other := c.OtherProcess().Context(t.Context())
	cachetest.Hits(t, other, total(t, db, "ann", 350))

	place(t, ctx, db, "ann", "milk", 120)
	cachetest.Misses(t, ctx, total(t, db, "ann", 470))
	cachetest.Hits(t, ctx, total(t, db, "bob", 420))
}

// TestAge sees that what another program changes is seen when the entry is too old.
func TestAge(t *testing.T) {
	db, rows := open()
	clock := cachetest.NewClock(time.Now())
	ctx := cachetest.New(t, cachetest.WithClock(clock)).Context(t.Context())
	total(t, db, "ann", 0)(ctx)
	place(t, t.Context(), db, "ann", "tea", 350) // by somebody who does not share the cache
	total(t, db, "ann", 0)(ctx)
	clock.Advance(11 * time.Minute)
	total(t, db, "ann", 350)(ctx)
	if n := rows.queried(); n != 2 {
		t.Errorf("%d queries", n)
	}
}

// TestBrokenStore sees that a store that is broken costs a query and fails nothing.
func TestBrokenStore(t *testing.T) {
	db, _ := open()
	c := cachetest.New(t)
	place(t, c.Context(t.Context()), db, "ann", "tea", 350)
	for _, fault := range []cachetest.Fault{cachetest.Unavailable, cachetest.Corrupt, cachetest.Panicking} {
		c.Break(fault)
		total(t, db, "ann", 350)(c.OtherProcess().Context(t.Context()))
	}
}

// TestRecordedRows records what a database says, and plays it back when there is none any more. In
// a program of your own the folder is testdata/recorded, which is committed, and the database is
// there only for whoever records.
func TestRecordedRows(t *testing.T) {
	db, rows := open()
	place(t, t.Context(), db, "ann", "tea", 350)
	dir := t.TempDir()
	for _, mode := range []string{"missing", "never"} {
		t.Setenv(cachetest.Variable, mode)
		c := cachetest.Record(t, dir)
		total(t, db, "ann", 350)(c.Context(t.Context()))
		c.Flush()
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if n := rows.queried(); n != 1 {
		t.Errorf("%d queries", n)
	}
}
