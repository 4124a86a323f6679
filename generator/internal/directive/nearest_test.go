package directive

import (
	"slices"
	"testing"
)

func TestNearest(t *testing.T) {
	for _, c := range []struct {
		name  string
		valid []string
		want  string
	}{
		{"maxage", []string{"share", "max-age"}, "max-age"},
		{"max_age", []string{"error-max-age", "max-age"}, "max-age"},
		{"Share", []string{"salt", "share"}, "share"},
		{"shrae", []string{"salt", "share"}, "share"},
		{"lgo", []string{"log"}, "log"},
		{"x", []string{"y"}, ""},
		{"zzz", []string{"per"}, ""},
		{"", []string{"per"}, ""},
		{"days", nil, ""},
		{"city", []string{"cities", "cite"}, "cite"},
	} {
		if got := Nearest(c.name, slices.Values(c.valid)); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"a", "", 1}, {"abc", "acb", 1}, {"abc", "abd", 1}, {"abc", "xabc", 1}, {"kitten", "sitting", 3}, {"ab", "ba", 1}} {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("%s %s: %d, want %d", c.a, c.b, got, c.want)
		}
		if got := distance(c.b, c.a); got != c.want {
			t.Errorf("%s %s: %d, want %d", c.b, c.a, got, c.want)
		}
	}
}
