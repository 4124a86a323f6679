package vocabulary

import (
	"slices"
	"testing"
)

func TestSplit(t *testing.T) {
	for name, want := range map[string][]string{
		"ServeHTTP":      {"serve", "http"},
		"HTTPServer":     {"http", "server"},
		"x":              nil,
		"read_all_files": {"read", "all", "files"},
		"Größe2Ok":       {"größe", "ok"},
		"":               nil,
	} {
		if got := Split(name); !slices.Equal(got, want) {
			t.Errorf("Split(%q) = %q, want %q", name, got, want)
		}
	}
}
