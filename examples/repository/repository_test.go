package repository

import (
	"context"
	"errors"
	"maps"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
)

// table is a database that notes what it is asked for.
type table struct {
	rows  map[int64]string
	asked [][]int64
	pages int
	// reading, if it is set, is called between reading and answering.
	reading func()
}

func (d *table) Select(_ context.Context, ids ...int64) (users []User, err error) {
	d.asked = append(d.asked, ids)
	for _, id := range ids {
		if name, ok := d.rows[id]; ok {
			users = append(users, User{id, name})
		}
	}
	if d.reading != nil {
		d.reading()
	}
	return users, nil
}

func (d *table) Page(context.Context, int) (users []User, err error) {
	d.pages++
	for _, id := range slices.Sorted(maps.Keys(d.rows)) {
		users = append(users, User{id, d.rows[id]})
	}
	return users, nil
}

func (d *table) Upsert(_ context.Context, u User) error {
	d.rows[u.ID] = u.Name
	return nil
}

func newTable() *table { return &table{rows: map[int64]string{1: "ada", 2: "bob", 3: "eve"}} }

// process returns what a process has that uses the store at url.
func process(t *testing.T, url string) context.Context {
	t.Helper()
	c, err := cache.New(cache.Config{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close(context.Background()) })
	return cache.WithCache(t.Context(), c)
}

func name(t *testing.T, ctx context.Context, users Users, id int64) string {
	t.Helper()
	u, err := users.Find(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	return u.Name
}

func TestDatabaseIsAskedForWhatIsMissing(t *testing.T) {
	ctx, db := process(t, "none"), newTable()
	users := Users(New(db))
	for _, ids := range [][]int64{{1, 2}, {2, 3, 2}, {3, 1}, {4}, {4}} {
		found, err := users.FindAll(ctx, ids)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range ids {
			if found[id].Name != db.rows[id] {
				t.Errorf("%d is %q", id, found[id].Name)
			}
		}
	}
	if want := [][]int64{{1, 2}, {3}, {4}, {4}}; !slices.EqualFunc(db.asked, want, slices.Equal[[]int64]) {
		t.Errorf("asked for %v, want %v", db.asked, want)
	}
}

func TestNoUserIsNotRemembered(t *testing.T) {
	ctx, db := process(t, "none"), newTable()
	users := Users(New(db))
	if _, err := users.Find(ctx, 4); !errors.Is(err, ErrNoUser) {
		t.Error(err)
	}
	db.rows[4] = "dan"
	if got := name(t, ctx, users, 4); got != "dan" {
		t.Error(got)
	}
}

// TestWritesAreSeen also by another process, within a second.
func TestWritesAreSeen(t *testing.T) {
	url := "dir://" + filepath.ToSlash(t.TempDir())
	synctest.Test(t, func(t *testing.T) {
		here, there, db := process(t, url), process(t, url), newTable()
		users := Users(New(db))
		for _, ctx := range []context.Context{here, there} {
			if got := name(t, ctx, users, 1) + name(t, ctx, users, 2); got != "adabob" {
				t.Fatal(got)
			}
			if names, err := users.Names(ctx, 0); err != nil || !slices.Equal(names, []string{"ada", "bob", "eve"}) {
				t.Fatal(names, err)
			}
		}
		time.Sleep(time.Second)
		if err := users.Save(here, User{1, "ann"}); err != nil {
			t.Fatal(err)
		}
		asked := len(db.asked)
		if got := name(t, here, users, 1); got != "ann" {
			t.Error(got)
		}
		time.Sleep(time.Second)
		if got := name(t, there, users, 1); got != "ann" {
			t.Errorf("another process sees %s", got)
		}
		if names, err := users.Names(there, 0); err != nil || names[0] != "ann" {
			t.Error(names, err)
		}
		if got := name(t, there, users, 2); got != "bob" || len(db.asked) != asked+1 {
			t.Errorf("%s; asked for %v", got, db.asked[asked:])
		}
	})
}

// TestReadUnderWay doesn't undo a write that it has not seen.
func TestReadUnderWay(t *testing.T) {
	ctx, db := process(t, "none"), newTable()
	users := Users(New(db))
	db.reading = func() {
		db.reading = nil
		if err := users.Save(ctx, User{1, "ann"}); err != nil {
			t.Error(err)
		}
	}
	if got := name(t, ctx, users, 1); got != "ada" {
		t.Error(got)
	}
	if got := name(t, ctx, users, 1); got != "ann" {
		t.Errorf("kept %s", got)
	}
}
