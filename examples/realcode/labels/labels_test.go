package labels_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/cachegen/cachegen/examples/realcode/labels"
)

// TestLabels asks once for each host and repository, whatever client and whatever kind of
// repository asks.
func TestLabels(t *testing.T) {
	asked := 0
	server := func(color string) *httptest.Server {
		return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked++
			fmt.Fprintf(w, `[{"name": %q, "color": %q}]`, r.URL.Path, color)
		}))
	}
	red, blue := server("red"), server("blue")
	defer red.Close()
	defer blue.Close()
	for i, want := range []struct {
		host  *httptest.Server
		name  string
		color string
		asked int
	}{
		{red, "a", "red", 1}, {red, "a", "red", 1}, {blue, "a", "blue", 2}, {red, "b", "red", 3}, {blue, "a", "blue", 3},
	} {
		c := &labels.Client{Host: want.host.URL, HTTP: want.host.Client()}
		got, err := c.Labels(t.Context(), labels.NewRepo("o", want.name))
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != 1 || got[0].Color != want.color || got[0].Name != "/repos/o/"+want.name+"/labels" || asked != want.asked {
			t.Errorf("%d: %v after asking %d times; want %s, %d", i, got, asked, want.color, want.asked)
		}
	}
}
