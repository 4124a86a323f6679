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

// defaultURL is the store of a cache that has no other: a directory of this user's. In test
// binaries there is none, because the answer of a mock must not survive.
func defaultURL() string {
	if inTest() && os.Getenv("CACHEGEN_DIR") == "" {
		return NoStore
	}
	return sharedURL
}

// sharedURL is the store of programs for which nobody said one.
const sharedURL = "dir:"

// SharedURL returns the URL of the store that programs use if this user starts them in this
// environment and they don't choose a store themselves.
func SharedURL() string { return cmp.Or(os.Getenv("CACHEGEN_STORE"), sharedURL) }

// inTest reports whether this is a test binary. It does without package testing, which programs
// should not have to link. The go command gives the main package of a test binary a name by which
// inTest knows it. Flags would come too late, because packages initialise before them.
func inTest() bool {
	return strings.HasSuffix(build.MainPath(), ".test") || flag.Lookup("test.v") != nil
}
