package feeds

import (
	"strings"
	"testing"
)

const text = `<rss><channel><title> News </title><item><title>One</title><link>/1</link></item></channel></rss>`

// TestParse parses a feed once, gives each reader one of its own, and parses another feed.
func TestParse(t *testing.T) {
	first, err := Parse("u", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	first.Items[0].Title = "changed by the first reader"
	second, err := Parse("u", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if second.Title != "News" || second.Items[0].Title != "One" || second.Items[0].Link != "/1" {
		t.Errorf("%+v", second.Items[0])
	}
	if s := parseCache.Stats(); s.Hits != 1 || s.Misses != 1 {
		t.Errorf("%+v", s)
	}
	other, err := Parse("u", strings.NewReader(strings.ReplaceAll(text, "One", "Two")))
	if err != nil || other.Items[0].Title != "Two" {
		t.Errorf("%v, %v", other, err)
	}
}
