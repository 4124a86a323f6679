package calls_test

import (
	"context"
	"errors"
	"io"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/internal/calls"
)

func TestDo(t *testing.T) {
	wait := func(ctx context.Context) (int, error) {
		<-ctx.Done()
		return 1, ctx.Err()
	}
	fail := func(err error) func(context.Context) (int, error) {
		return func(context.Context) (int, error) { return 1, err }
	}
	for name, test := range map[string]struct {
		do     func(context.Context) (int, error)
		caller time.Duration // how long the caller waits
		closes time.Duration // when the store is closed
		want   error
		text   string
	}{
		"an answer":              {fail(nil), time.Hour, time.Hour, nil, ""},
		"no item":                {fail(store.ErrNotFound), time.Hour, time.Hour, store.ErrNotFound, "store: not found"},
		"an error":               {fail(io.ErrUnexpectedEOF), time.Hour, time.Hour, io.ErrUnexpectedEOF, "here: unexpected EOF"},
		"the time is up":         {wait, time.Hour, time.Hour, os.ErrDeadlineExceeded, "here: not done within 5s: i/o timeout"},
		"the caller's time is":   {wait, time.Second, time.Hour, context.DeadlineExceeded, "context deadline exceeded"},
		"the caller's time was":  {fail(nil), -time.Second, time.Hour, context.DeadlineExceeded, "context deadline exceeded"},
		"the store closes":       {wait, time.Hour, time.Second, store.ErrClosed, "store: closed"},
		"the store closes later": {wait, time.Hour, 6 * time.Second, os.ErrDeadlineExceeded, "here: not done within 5s: i/o timeout"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := calls.New("here", 5*time.Second)
				defer c.Close()
				closing := time.AfterFunc(test.closes, c.Close)
				defer closing.Stop()
				ctx, cancel := context.WithTimeout(t.Context(), test.caller)
				defer cancel()
				got, err := calls.Do(ctx, c, test.do)
				if !errors.Is(err, test.want) || err != nil && (err.Error() != test.text || got != 0) || err == nil && got != 1 {
					t.Errorf("Do = %d, %v, want %q", got, err, test.text)
				}
			})
		})
	}
}

func TestClosed(t *testing.T) {
	c := calls.New("here", time.Minute)
	c.Close()
	c.Close()
	if _, err := calls.Do(t.Context(), c, func(context.Context) (int, error) { panic("called") }); !errors.Is(err, store.ErrClosed) {
		t.Errorf("Do after Close: %v, want ErrClosed", err)
	}
}
