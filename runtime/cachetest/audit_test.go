package cachetest_test

import (
	"context"
	"strings"
	"testing"

	"github.com/cachegen/cachegen/runtime/cacheimpl"
	"github.com/cachegen/cachegen/runtime/cachetest"
)

// TestAudit audits a function that always returns the same, and one that counts its calls.
func TestAudit(t *testing.T) {
	counting := forecast("Audited", "v1:1", cacheimpl.Options{})
	constant := cacheimpl.NewFunction[city, int](cacheimpl.Spec{Name: "example.com/weather.Steady", Version: "v1:1"})
	for name, test := range map[string]struct {
		call func(context.Context) error
		want string
	}{
		"steady": {func(ctx context.Context) error {
			_, err := cacheimpl.Do(ctx, constant.Core, city{"Berlin"}, func(context.Context) (int, error) { return 7, nil })
			return err
		}, ""},
		"counting": {func(ctx context.Context) error {
			_, err := counting.call(ctx, "Berlin")
			return err
		}, "a cached result of example.com/weather.Audited is not what the function returns now"},
	} {
		t.Run(name, func(t *testing.T) {
			fake := &tb{TB: t}
			c := cachetest.Audit(fake)
			for range 2 {
				if err := test.call(c.Context(t.Context())); err != nil {
					t.Error(err)
				}
			}
			fake.end()
			if said := fake.said(); (said == "") != (test.want == "") || !strings.Contains(said, test.want) {
				t.Errorf("said %q, want %q", said, test.want)
			}
		})
	}
}

// TestLog sees that what goes wrong is in the test's log.
func TestLog(t *testing.T) {
	w := forecast("Logged", "v1:1", cacheimpl.Options{})
	fake := &tb{TB: t}
	c := cachetest.New(fake)
	c.Break(cachetest.Unavailable)
	w.must(t, c.Context(t.Context()), "Berlin")
	fake.end()
	if logs := strings.Join(fake.logs, "\n"); !strings.Contains(logs, cachetest.ErrInjected.Error()) {
		t.Errorf("the log has %q", logs)
	}
}
