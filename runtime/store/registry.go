package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// Opener opens the store of a URL with the scheme for which it was registered. If [OnlyLooks] is
// true for ctx, it makes no folder and no table, and returns [ErrNoStore] where one is missing.
type Opener func(ctx context.Context, u *url.URL) (Store, error)

// Checker returns an error for a URL that can't be right. It asks no server: a server that is away
// may come back, but an unknown option stays unknown.
type Checker func(u *url.URL) error

type driver struct {
	open  Opener
	check Checker
}

var registry struct {
	sync.RWMutex
	drivers map[string]driver
}

// homes has the package to import for each scheme of this module.
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

// Register registers open for URLs with the scheme. Drivers call it in an init function, as drivers
// of database/sql do. It panics if the scheme is registered already. [Check] accepts every URL of
// such a scheme.
func Register(scheme string, open Opener) {
	RegisterChecked(scheme, open, func(*url.URL) error { return nil })
}

// RegisterChecked is [Register] with a check, which [Check] calls, and [Open] before it opens a
// URL.
func RegisterChecked(scheme string, open Opener, check Checker) {
	registry.Lock()
	defer registry.Unlock()
	if _, ok := registry.drivers[scheme]; ok {
		panic("store: scheme " + scheme + " registered twice")
	}
	if registry.drivers == nil {
		registry.drivers = map[string]driver{}
	}
	registry.drivers[scheme] = driver{open, check}
}

// ErrNoDriver means that the program does not import the package for the scheme of a store's URL.
var ErrNoDriver = errors.New("store: no driver")

// ErrNoStore means that the store to look into does not exist.
var ErrNoStore = errors.New("store: there is no store")

// Open opens the store that rawURL names. It returns [ErrNoDriver] if the driver is not imported,
// and the text says which import is missing. No error repeats secrets of the URL; see [Redact].
func Open(ctx context.Context, rawURL string) (Store, error) {
	u, d, err := find(rawURL)
	if err != nil {
		return nil, err
	}
	s, err := d.open(ctx, u)
	return s, Redact(u, err)
}

// Check returns an error if rawURL can't be right. It opens nothing and asks no server.
func Check(rawURL string) error {
	_, _, err := find(rawURL)
	return err
}

// find parses and checks a URL, and returns it with its driver.
func find(rawURL string) (*url.URL, driver, error) {
	u, err := Parse(rawURL)
	if err != nil {
		return nil, driver{}, err
	}
	registry.RLock()
	d, ok := registry.drivers[u.Scheme]
	registry.RUnlock()
	if !ok {
		return nil, driver{}, unknown(u.Scheme)
	}
	return u, d, redactAll(u, d.check(u))
}

// unknown is the error for a scheme that has no driver.
func unknown(scheme string) error {
	if home := homes[scheme]; home != "" {
		return fmt.Errorf("%w for %q: import _ %q", ErrNoDriver, scheme+":", home)
	}
	hint := ""
	for _, known := range append(slices.Sorted(maps.Keys(homes)), Schemes()...) {
		if near(scheme, known) {
			hint = fmt.Sprintf("; is %s: meant?", known)
			break
		}
	}
	return fmt.Errorf("store: the URL names no store; schemes are %s%s", strings.Join(Schemes(), ", "), hint)
}

// Parse parses the URL of a store. It also refuses URLs that net/url accepts but that can't be a
// store's. No error repeats a part of the URL.
func Parse(rawURL string) (*url.URL, error) {
	u, err := url.Parse(rawURL)
	if err != nil {
		return nil, errors.New("store: a store's URL has a mistake: in passwords and options, / is written %2F, : %3A, @ %40, # %23, ? %3F, % %25")
	}
	if strings.Contains(u.Opaque, "@") {
		return nil, errors.New("store: a URL with a user needs two slashes after its scheme")
	}
	if u.Fragment != "" || strings.HasSuffix(rawURL, "#") {
		return nil, errors.New("store: a store's URL has no part after #; in passwords and options, # is written %23")
	}
	if _, err := url.ParseQuery(u.RawQuery); err != nil {
		return nil, errors.New("store: the options of a store's URL have a mistake: & goes between them, and in values % is written %25, & %26, ; %3B")
	}
	return u, nil
}

// UnknownOption returns the error for an unknown option of a URL. It does not repeat the option,
// which may be a part of a password, and suggests the nearest known one.
func UnknownOption(name string, known ...string) error {
	hint := ""
	for _, k := range known {
		if near(name, k) {
			hint = fmt.Sprintf("; is %s meant?", k)
			break
		}
	}
	return fmt.Errorf("the URL has an unknown option; options are %s%s", strings.Join(known, ", "), hint)
}

// near reports whether a word may be a misspelling of another one: at most two letters are wrong,
// and at most a third of them.
func near(word, known string) bool {
	return word != known && distance(word, known) <= min(2, (len(known)+1)/3)
}

// distance returns the Levenshtein distance of two words.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := corner
			if a[i] != b[j] {
				replaced++
			}
			corner = row[j+1]
			row[j+1] = min(replaced, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// Schemes returns the registered schemes, sorted.
func Schemes() []string {
	registry.RLock()
	defer registry.RUnlock()
	return slices.Sorted(maps.Keys(registry.drivers))
}
