// Package keep is the option keep= of stores whose servers remove what is old by themselves, in no
// order that anybody could rely on.
//
// A mark has to stay as long as anybody can read a result that it makes unusable. So a result that
// was kept for long enough is not found, whether the server has removed it or not. From then on,
// and a margin for clocks later, the marks of that time concern nothing.
package keep

import (
	"errors"
	"strings"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

// Margin is for how much longer marks are kept: clocks of processes may differ by so much.
const Margin = 25 * time.Hour

// Duration is for how long results are kept, counted from their stamps; 0 is for ever.
type Duration time.Duration

// Parse returns the duration that a URL's option says.
func Parse(value string) (Duration, error) {
	d, err := time.ParseDuration(value)
	if err == nil && d <= 0 {
		err = errors.New("not positive")
	}
	return Duration(d), err
}

// Over reports whether the item under key, which has a stamp, was kept for long enough. Then it is
// not found, and in nobody's way: whatever else is put replaces it. Marks are never over.
func (d Duration) Over(key string, stamp int64) bool { return stamp < d.Least(key) }

// Least returns the least stamp of what is not over under key.
func (d Duration) Least(key string) int64 {
	if d <= 0 || isMark(key) {
		return 0
	}
	return time.Now().Add(-time.Duration(d)).UnixNano()
}

// Expiry returns when a server may remove the item under key, zero for never.
func (d Duration) Expiry(key string, item store.Item) time.Time {
	switch {
	case d <= 0 || !item.Expires.IsZero():
		return item.Expires
	case isMark(key):
		return time.Now().Add(time.Duration(d) + Margin)
	}
	return time.Now().Add(time.Duration(d))
}

func isMark(key string) bool { return strings.HasPrefix(key, store.MarkPrefix) }
