package settings

import (
	"strings"
	"testing"
	"time"
)

var modes = []string{"use", "bypass", "frozen"}

func TestOf(t *testing.T) {
	f, err := parse([]byte(`{
		"mode": "use", "audit": "1%", "max-age": "1h", "store": "none",
		"functions": {
			"weather.*": {"max-age": "10m", "memory-entries": 5},
			"weather.Forecast": {"max-age": 600, "mode": "bypass", "audit": 0.5, "store": "archive"},
			"example.com/a/*": {"max-age": "7d"}
		}}`), modes)
	if err != nil {
		t.Fatal(err)
	}
	if f.Mode != "use" || *f.Audit != 0.01 || time.Duration(*f.MaxAge) != time.Hour || f.Store != "none" {
		t.Errorf("%+v", f)
	}
	r := f.Of("example.com/weather.Forecast")
	if r.Mode != "bypass" || *r.Audit != 0.5 || r.Store != "archive" || time.Duration(*r.MaxAge) != 10*time.Minute || r.MemoryEntries != 5 {
		t.Errorf("%+v", r)
	}
	for name, want := range map[string]time.Duration{
		"example.com/weather.Today": 10 * time.Minute, "example.com/weather.Client.Today": 10 * time.Minute, "example.com/a/b.F": 7 * 24 * time.Hour,
		"example.com/other.Forecast": 0, "example.com/myweather.Today": 0,
	} {
		got := time.Duration(0)
		if r := f.Of(name); r.MaxAge != nil {
			got = time.Duration(*r.MaxAge)
		}
		if got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}

func TestRefuses(t *testing.T) {
	for text, want := range map[string]string{
		`{"salt": "x"}`: "salt would change keys",
		`{"functions": {"F": {"ignore": ["a"]}}}`: "ignore would change keys",
		`{"functions": {"F": {"maxage": "1h"}}}`:  `there is no setting "maxage"`,
		`{"domain": "staging"}`:                   "domain would change keys: it is for CACHEGEN_DOMAIN",
		`{"mode": "off"}`:                         `no mode is called "off"`,
		`{"functions": {"F": {"mode": "off"}}}`:   `F: no mode is called "off"`,
		`{"max-age": "soon"}`:                     `"soon" is not a duration`,
		`{"max-age": "-1h"}`:                      "max-age is negative",
		`{"audit": "200%"}`:                       "is no share of calls",
		`{"memory-entries": -1}`:                  "memory-entries is negative",
		`{"functions": {"[": {"mode": "use"}}}`:   "is no pattern",
		`{"mode": "use"} {}`:                      "something after",
		`{`:                                       "unexpected EOF",
	} {
		if _, err := parse([]byte(text), modes); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}
