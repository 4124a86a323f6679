package review

import (
	"testing"

	"github.com/cachegen/cachegen/generator/internal/version/facts"
)

// TestName has what chains of calls name, as messages call it.
func TestName(t *testing.T) {
	r := &reviewer{root: facts.ID{Package: "example.com/m/weather", Name: "Forecast"}}
	for want, id := range map[string]facts.ID{
		"Client.Get":         {Package: "example.com/m/weather", Name: "Client.Get"},
		"http.Get":           {Package: "net/http", Name: "Get"},
		"yaml.Unmarshal":     {Package: "example.com/yaml/v3", Name: "Unmarshal"},
		"a function literal": {Package: "example.com/m/weather", Name: facts.LiteralPrefix + "weather.go:3"},
		"init":               {Package: "example.com/m/weather", Name: facts.InitPrefix + "weather.go"},
		"CachedForecast":     {Package: "example.com/m/weather", Name: facts.WrapperPrefix + "CachedForecast"},
		"some Key":           {Package: facts.ForeignName, Name: "Key #1"},
		"code outside":       {Package: "(held)", Name: "*example.com/org.Configuration 2 false"},
	} {
		if got := r.name(id); got != want {
			t.Errorf("%v is called %q, want %q", id, got, want)
		}
	}
}
