package store

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// Opener makes a store from a URL whose scheme it was registered for.
type Opener func(ctx context.Context, u *url.URL) (Store, error)

var registry struct {
	sync.RWMutex
	openers map[string]Opener
}

// homes says which package to import for a scheme that is not registered.
var homes = map[string]string{
	"memory":   "github.com/cachegen/cachegen/runtime/store/memory",
	"dir":      "github.com/cachegen/cachegen/runtime/store/dir",
	"redis":    "github.com/cachegen/cachegen/runtime/store/redis",
	"rediss":   "github.com/cachegen/cachegen/runtime/store/redis",
	"s3":       "github.com/cachegen/cachegen/runtime/store/blob",
	"gs":       "github.com/cachegen/cachegen/runtime/store/blob",
	"azblob":   "github.com/cachegen/cachegen/runtime/store/blob",
	"dynamodb": "github.com/cachegen/cachegen/runtime/store/dynamodb",
}

// Register makes open the opener of URLs with the scheme, as drivers do from init (database/sql has the idea). It panics if the
// scheme has one already.
func Register(scheme string, open Opener) {
	registry.Lock()
	defer registry.Unlock()
	if _, ok := registry.openers[scheme]; ok {
		panic("store: scheme " + scheme + " registered twice")
	}
	if registry.openers == nil {
		registry.openers = map[string]Opener{}
	}
	registry.openers[scheme] = open
}

// ErrNoDriver says that a program does not import the package that opens stores of a scheme.
var ErrNoDriver = errors.New("store: no driver")

// Open opens the store that rawURL names. The error for a scheme of this module whose driver is not imported is [ErrNoDriver], and says
// which import is missing.
func Open(ctx context.Context, rawURL string) (Store, error) {
	u, err := url.Parse(rawURL)
	if err != nil {
		return nil, errors.New("store: a store's URL has a mistake") // err would repeat passwords.
	}
	registry.RLock()
	open, ok := registry.openers[u.Scheme]
	registry.RUnlock()
	if ok {
		return open(ctx, u)
	}
	if home := homes[u.Scheme]; home != "" {
		return nil, fmt.Errorf("%w for %q: import _ %q", ErrNoDriver, u.Scheme+":", home)
	}
	return nil, fmt.Errorf("store: %q names no store; schemes are %s", u.Redacted(), strings.Join(Schemes(), ", "))
}

// Schemes returns the registered schemes, sorted.
func Schemes() []string {
	registry.RLock()
	defer registry.RUnlock()
	s := make([]string, 0, len(registry.openers))
	for scheme := range registry.openers {
		s = append(s, scheme)
	}
	slices.Sort(s)
	return s
}
