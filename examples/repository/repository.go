// Package repository caches behind an interface: who has [Users] need not know. The methods that
// ask the database are unexported, and name= gives their wrappers the names that the interface
// wants.
//
//	find     -> Find      one user
//	findAll  -> FindAll   many, each kept by itself; the database is asked once for those that are missing
//	names    -> Names     a page of all users
//
// Each result has tags, and a write forgets the tags of what it changes: the user's, and that of
// all lists. Nothing is deleted by that; a mark is written, which every process that shares the
// store follows.
package repository

//go:generate go run ../../cmd/cachegen .

import (
	"context"
	"errors"
	"fmt"

	cache "github.com/cachegen/cachegen/runtime"
)

// User is a row.
type User struct {
	ID   int64
	Name string
}

// Users is what the rest of a program knows.
type Users interface {
	Find(ctx context.Context, id int64) (User, error)
	FindAll(ctx context.Context, ids []int64) (map[int64]User, error)
	Names(ctx context.Context, page int) ([]string, error)
	Save(ctx context.Context, u User) error
}

// Database is what is behind.
type Database interface {
	Select(ctx context.Context, ids ...int64) ([]User, error)
	Page(ctx context.Context, page int) ([]User, error)
	Upsert(ctx context.Context, u User) error
}

// Repository is Users out of a database, with a cache. The methods ignore it: a program has one
// database, and what is known of a user is known to all processes that share the store.
type Repository struct{ db Database }

// New returns the repository of a database.
func New(db Database) *Repository { return &Repository{db} }

var _ Users = (*Repository)(nil)

// ErrNoUser says that there is no user of an ID.
var ErrNoUser = errors.New("no such user")

// find returns a user.
//
//cache:auto name=Find ignore=r tags=user-{id}
func (r *Repository) find(ctx context.Context, id int64) (User, error) {
	rows, err := r.db.Select(ctx, id)
	if err != nil {
		return User{}, err
	}
	if len(rows) == 0 {
		return User{}, fmt.Errorf("%w: %d", ErrNoUser, id)
	}
	return rows[0], nil
}

// findAll returns the users that there are among ids.
//
//cache:auto name=FindAll ignore=r batch=ids tags=user-{ids}
func (r *Repository) findAll(ctx context.Context, ids []int64) (map[int64]User, error) {
	rows, err := r.db.Select(ctx, ids...)
	if err != nil {
		return nil, err
	}
	users := map[int64]User{}
	for _, u := range rows {
		users[u.ID] = u
	}
	return users, nil
}

// names returns the names on a page of all users.
//
//cache:auto name=Names ignore=r tags=users
func (r *Repository) names(ctx context.Context, page int) ([]string, error) {
	rows, err := r.db.Page(ctx, page)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, u := range rows {
		names = append(names, u.Name)
	}
	return names, nil
}

// Save writes a user, and has all that was known of it be asked for again. A read that began before
// does not undo that.
func (r *Repository) Save(ctx context.Context, u User) error {
	if err := r.db.Upsert(ctx, u); err != nil {
		return err
	}
	return cache.ForgetTags(ctx, fmt.Sprint("user-", u.ID), "users")
}
