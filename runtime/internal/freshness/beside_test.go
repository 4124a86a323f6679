package freshness

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestBesideSources(t *testing.T) {
	hash := strings.Repeat("0123456789abcdef", 4)
	for path, want := range map[string]bool{
		"/tmp/go-build1799899645/b001/exe/weather":              true,
		"/tmp/go-build1799899645/b001/weather.test":             true,
		"/home/me/.cache/go-build/01/" + hash + "-d/weather":    true,
		"/var/build-cache/01/" + hash + "-d/weather":            true,
		"/home/me/weather/weather.test":                         true,
		"/home/me/weather/weather.test.exe":                     true,
		"/home/me/weather/__debug_bin123":                       true,
		"/usr/bin/weather":                                      false,
		"/home/me/go/bin/weather":                               false,
		"/home/me/weather/weather":                              false,
		"/home/me/go-build/weather":                             false,
		"/srv/exe/weather":                                      false,
		"/srv/releases/" + hash + "-d/weather":                  false,
		"/srv/01/" + strings.Replace(hash, "0", "x", 1) + "-d/": false,
		"weather": false,
		"":        false,
	} {
		if got := besideSources(filepath.FromSlash(path)); got != want {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
	}
}
