package defaults

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
)

// TestDefaults calls each function over and over with inputs and at times that tell which options it has. A default cache of a test
// binary is memory.
func TestDefaults(t *testing.T) {
	for name, test := range map[string]struct {
		call func(c *counter, n, salt int) (int, error)
		// Executions after a call, the same again, other salt, half an hour later, two hours later.
		want [5]int
	}{
		"inherits":  {cachedInherits, [5]int{1, 1, 1, 1, 2}},
		"alters":    {cachedAlters, [5]int{1, 1, 2, 3, 4}},
		"unlimited": {cachedUnlimited, [5]int{1, 1, 2, 2, 2}},
		"computed":  {cachedComputed, [5]int{1, 1, 1, 1, 2}},
		"disabled":  {cachedDisabled, [5]int{1, 2, 3, 4, 5}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := new(counter)
				for i, step := range [5]struct {
					wait time.Duration
					salt int
				}{{0, 1}, {0, 1}, {0, 2}, {30 * time.Minute, 2}, {2 * time.Hour, 2}} {
					time.Sleep(step.wait)
					if _, err := test.call(c, 1, step.salt); err != nil {
						t.Fatal(err)
					}
					if c.n != test.want[i] {
						t.Fatalf("call %d: %d executions, want %d", i, c.n, test.want[i])
					}
				}
			})
		})
	}
	const path = "github.com/cachegen/cachegen/runtime/internal/conformance/defaults."
	versions := map[string]string{}
	for _, f := range cache.Functions() {
		versions[f.Name] = f.Version
	}
	if versions[path+"inherits"] != "7" || versions[path+"alters"] != "7" || !strings.HasPrefix(versions[path+"computed"], "v1:") {
		t.Error(versions)
	}
}
