package conformance

import (
	"context"
	"strings"
	"time"
)

//cache:auto max-age=10m
func minutes(ctx context.Context, user string) (int, error) { return execute(ctx, "minutes", user) }

//cache:auto max-age=600
func seconds(ctx context.Context, user string) (int, error) { return execute(ctx, "seconds", user) }

//cache:auto max-age=2d
func days(ctx context.Context, user string) (int, error) { return execute(ctx, "days", user) }

// token lives as long as it says.
type token struct {
	Serial   int
	Lifetime time.Duration
}

func lifetime(t token) time.Duration { return t.Lifetime }

//cache:auto max-age=lifetime
func byValue(ctx context.Context, minutes int) (token, error) {
	n, err := execute(ctx, "byValue", minutes)
	return token{n, time.Duration(minutes) * time.Minute}, err
}

// nowShort, nowLong and nowNone are one function before and after its max-age was changed.
//
//cache:override version=1 namespace=coflux/aged max-age=1m
func nowShort(ctx context.Context, user string) (int, error) { return execute(ctx, "aged", user) }

//cache:override version=1 namespace=coflux/aged max-age=1h
func nowLong(ctx context.Context, user string) (int, error) { return execute(ctx, "aged", user) }

//cache:override version=1 namespace=coflux/aged max-age=0
func nowNone(ctx context.Context, user string) (int, error) { return execute(ctx, "aged", user) }

// plain has the default namespace.
//
//cache:auto
func plain(ctx context.Context, user string) (int, error) { return execute(ctx, "plain", user) }

// other is plain under another name.
//
//cache:auto
func other(ctx context.Context, user string) (int, error) { return execute(ctx, "plain", user) }

func lower(_ context.Context, user string, _ bool) string { return strings.ToLower(user) }

// byKey has one result for names that differ in case only, however much is wanted of it.
//
//cache:auto key=lower
func byKey(ctx context.Context, user string, verbose bool) (int, error) {
	return execute(ctx, "byKey", user, verbose)
}

// before and after are one function that was renamed, and kept its namespace.
//
//cache:auto namespace=coflux/renamed
func before(ctx context.Context, user string) (int, error) { return execute(ctx, "renamed", user) }

//cache:auto namespace=coflux/renamed
func after(ctx context.Context, who string) (int, error) { return execute(ctx, "renamed", who) }

// headlines are those of a day: the caller says which.
//
//cache:auto
func headlines(ctx context.Context, date time.Time) (int, error) {
	return execute(ctx, "headlines", date)
}

func hour(_ context.Context, at time.Time) time.Time { return at.Truncate(time.Hour).UTC() }

// hourly is computed once an hour.
//
//cache:auto key=hour
func hourly(ctx context.Context, at time.Time) (int, error) { return execute(ctx, "hourly", at) }
