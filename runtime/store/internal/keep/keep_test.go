package keep_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/internal/keep"
)

// TestMarksOutlive sees that a mark may be removed only when no result from before it is found.
func TestMarksOutlive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const kept = keep.Duration(time.Hour)
		result := time.Now().UnixNano()
		mark := kept.Expiry("m/tag", store.Item{Stamp: result + 1})
		if kept.Over("e/ns/1", result) || kept.Over("m/tag", result) {
			t.Error("something is over at once")
		}
		time.Sleep(time.Hour + 1)
		if !kept.Over("e/ns/1", result) || kept.Over("m/tag", result) {
			t.Error("after an hour a result is found, or a mark is not")
		}
		if mark.Before(time.Now().Add(24 * time.Hour)) {
			t.Errorf("a clock that is a day behind finds results after %v, when their mark may be gone", mark)
		}
	})
}

func TestExpiry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		now := time.Now()
		for name, test := range map[string]struct {
			keep    keep.Duration
			key     string
			expires time.Time
			want    time.Time
		}{
			"for ever":         {0, "e/ns/1", time.Time{}, time.Time{}},
			"its own":          {keep.Duration(time.Hour), "e/ns/1", now.Add(time.Minute), now.Add(time.Minute)},
			"for a while":      {keep.Duration(time.Hour), "e/ns/1", time.Time{}, now.Add(time.Hour)},
			"a mark":           {keep.Duration(time.Hour), "m/tag", time.Time{}, now.Add(time.Hour + keep.Margin)},
			"a mark, for ever": {0, "m/tag", time.Time{}, time.Time{}},
		} {
			if got := test.keep.Expiry(test.key, store.Item{Expires: test.expires}); !got.Equal(test.want) {
				t.Errorf("%s: %v, want %v", name, got, test.want)
			}
		}
	})
}

func TestParse(t *testing.T) {
	for text, ok := range map[string]bool{"1h": true, "720h": true, "0s": false, "-1h": false, "a day": false, "": false} {
		if _, err := keep.Parse(text); (err == nil) != ok {
			t.Errorf("%q: %v", text, err)
		}
	}
}
