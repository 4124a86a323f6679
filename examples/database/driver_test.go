package database

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"strings"
	"sync"
	"time"
)

// table is a database with the one table of this example. It stands for a real one, as a
// [driver.Connector].
type table struct {
	mu      sync.Mutex
	rows    [][]driver.Value // customer, item, cents, placed
	queries int
}

// open returns a database with a new table.
func open() (*sql.DB, *table) {
	t := new(table)
	return sql.OpenDB(t), t
}

// queried returns how often rows were read since it was last asked.
func (t *table) queried() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := t.queries
	t.queries = 0
	return n
}

func (t *table) Connect(context.Context) (driver.Conn, error) { return connection{t}, nil }
func (t *table) Driver() driver.Driver                        { return nil }

type connection struct{ table *table }

func (connection) Prepare(string) (driver.Stmt, error) { return nil, errors.ErrUnsupported }
func (connection) Close() error                        { return nil }
func (connection) Begin() (driver.Tx, error)           { return nil, errors.ErrUnsupported }

func (c connection) ExecContext(_ context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if !strings.HasPrefix(query, "INSERT INTO orders (customer, item, cents, placed)") {
		return nil, errors.ErrUnsupported
	}
	c.table.mu.Lock()
	defer c.table.mu.Unlock()
	c.table.rows = append(c.table.rows, []driver.Value{args[0].Value, args[1].Value, args[2].Value, args[3].Value})
	return driver.RowsAffected(1), nil
}

func (c connection) QueryContext(_ context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if !strings.HasPrefix(query, "SELECT id, item, cents, placed FROM orders WHERE customer = ?") {
		return nil, errors.ErrUnsupported
	}
	c.table.mu.Lock()
	defer c.table.mu.Unlock()
	c.table.queries++
	found := new(found)
	for i, row := range c.table.rows {
		if row[0] == args[0].Value {
			placed, _ := row[3].(time.Time)
			found.rows = append(found.rows, []driver.Value{int64(i + 1), row[1], row[2], placed.UTC()})
		}
	}
	return found, nil
}

// found are the rows of a query.
type found struct{ rows [][]driver.Value }

func (*found) Columns() []string { return []string{"id", "item", "cents", "placed"} }
func (*found) Close() error      { return nil }

func (f *found) Next(row []driver.Value) error {
	if len(f.rows) == 0 {
		return io.EOF
	}
	copy(row, f.rows[0])
	f.rows = f.rows[1:]
	return nil
}
