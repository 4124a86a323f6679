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

// Opener makes a store from a URL whose scheme it was registered for. If [OnlyLooks] says so it
// makes nothing that is missing, like a folder or a table: that is an error then, [ErrNoStore].
type Opener func(ctx context.Context, u *url.URL) (Store, error)

// Checker says why a URL can't be right, as far as that can be told without asking anybody: a
// server that is away may come back, an option that nobody knows won't be known later.
type Checker func(u *url.URL) error

type driver struct {
	open  Opener
	check Checker
}

var registry struct {
	sync.RWMutex
	drivers map[string]driver
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

// Register makes open the opener of URLs with the scheme, as drivers do from init (database/sql has
// the idea). It panics if the scheme has one already. [Check] knows the scheme, and nothing more
// about its URLs.
func Register(scheme string, open Opener) {
	RegisterChecked(scheme, open, func(*url.URL) error { return nil })
}

// RegisterChecked is [Register] with a check of URLs, which comes before they are opened.
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

// ErrNoDriver says that a program does not import the package that opens stores of a scheme.
var ErrNoDriver = errors.New("store: no driver")

// ErrNoStore says that there is nothing where a store was to be looked into.
var ErrNoStore = errors.New("store: there is no store")

// Open opens the store that rawURL names. The error for a scheme of this module whose driver is not
// imported is [ErrNoDriver], and says which import is missing. No error repeats what may be secret
// in the URL, as [Redact] says.
func Open(ctx context.Context, rawURL string) (Store, error) {
	u, d, err := find(rawURL)
	if err != nil {
		return nil, err
	}
	s, err := d.open(ctx, u)
	return s, Redact(u, err)
}

// Check returns an error if rawURL can't be right, whatever comes back or is made later. It opens
// nothing and asks nobody.
func Check(rawURL string) error {
	_, _, err := find(rawURL)
	return err
}

// find returns the parsed URL, once it was checked, and its driver.
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

// Parse reads the URL of a store. What net/url takes and no store means is an error too. No error
// repeats anything of the URL.
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

// UnknownOption is the error for an option that a URL must not have. It doesn't repeat the option,
// which may be a part of a password, but says which one may be meant.
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

// near reports whether a word may be a misspelling of another one: two letters of it are wrong at
// most, and a third of them.
func near(word, known string) bool {
	return word != known && distance(word, known) <= min(2, (len(known)+1)/3)
}

// distance is Levenshtein's.
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
