package engine

import (
	"cmp"
	"context"
	"flag"
	"os"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/cachegen/cachegen/runtime/internal/build"
)

// standard is the default cache.
var standard struct {
	mu    sync.Mutex
	cache atomic.Pointer[Cache]
}

// Used returns the default cache, or nil before it was used or configured.
func Used() *Cache { return standard.cache.Load() }

// CloseDefault closes the default cache if there is one.
func CloseDefault(ctx context.Context) error {
	if c := standard.cache.Load(); c != nil {
		return c.Close(ctx)
	}
	return nil
}

// defaultURL is the store of a cache for which nobody said one: a directory of this user's, or none in test binaries, where the
// answer of a mock must not survive.
func defaultURL() string {
	if inTest() && os.Getenv("CACHEGEN_DIR") == "" {
		return NoStore
	}
	return sharedURL
}

// sharedURL is the store of programs for which nobody said one.
const sharedURL = "dir:"

// SharedURL returns the URL of the store that programs of this user and with this environment use, as they say nothing themselves.
func SharedURL() string { return cmp.Or(os.Getenv("CACHEGEN_STORE"), sharedURL) }

// inTest reports whether this is a test binary. It knows without package testing, which programs should not be made to link: the
// go command names the main package of a test binary so, and packages initialise before flags are there.
func inTest() bool {
	return strings.HasSuffix(build.MainPath(), ".test") || flag.Lookup("test.v") != nil
}
