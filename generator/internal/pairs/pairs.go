// Package pairs tests options in all combinations: its functions have every two options that may be
// combined, by the generator's own tables, and a test drives them through random calls, failures
// and restarts.
package pairs

//go:generate go run ./make
//go:generate go run ../../../cmd/cachegen .

import (
	"context"
	"errors"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
)

// receiver is whose methods the functions are that have per=receiver.
type receiver struct{ name string } //lint:ignore U1000 it gives receivers a size

// value is a result. It tells which execution it is from.
type value struct {
	Serial int
	Kind   kind
	// Seen can be changed by who gets the result.
	Seen []int
}

// kind says what the options think of a result.
type kind int

const (
	good     kind = iota
	unwant        // unless keeps it out
	rejected      // validate says no
	kinds
)

// observer is told what is executed, and says what becomes of it.
type observer interface {
	executed(n, extra int) (value, error)
}

type observerKey struct{}

// execute is the body of the functions.
//
//cache:reviewed
func execute(ctx context.Context, n, extra int) (value, error) {
	return ctx.Value(observerKey{}).(observer).executed(n, extra)
}

// executeAll is the body of the functions with batch.
func executeAll(ctx context.Context, ns []int, extra int) (map[int]value, error) {
	all := map[int]value{}
	var failed error
	for _, n := range ns {
		v, err := execute(ctx, n, extra)
		if err != nil {
			failed = err
		} else {
			all[n] = v
		}
	}
	return all, failed
}

// choice is what the context says.
type choice struct{ Tenant, Policy int }

type choiceKey struct{}

//cache:reviewed
func chosen(ctx context.Context) choice {
	c, _ := ctx.Value(choiceKey{}).(choice)
	return c
}

func tenant(ctx context.Context) int { return chosen(ctx).Tenant }

var errPolicy = errors.New("policy")

func governor(ctx context.Context, _ cache.VersionParams) (string, error) {
	switch chosen(ctx).Policy {
	case 0:
		return "a", nil
	case 1:
		return "b", nil
	}
	return "", errPolicy
}

func keyOf(_ context.Context, n, extra int) int { return n + extra }

func lifetime(v value) time.Duration { return time.Duration(v.Serial%3) * 5 * time.Second }

func valid(_ context.Context, _ cache.Entry, v value) bool { return v.Kind != rejected }

func unwanted(v value) bool { return v.Kind == unwant }
