package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/prometheus"
	"github.com/grafana/grafana-foundation-sdk/go/timeseries"

	cachedebug "github.com/cachegen/cachegen/runtime/debug"
	cacheprom "github.com/cachegen/cachegen/runtime/prometheus"
	"github.com/cachegen/cachegen/runtime/store/storetest/server"
)

//lint:file-ignore SA1019 The newer schema is not that of files which all versions of Grafana import.

// load reads the dashboard by the schema of Grafana, which knows each of its fields.
func load(t *testing.T) (d dashboard.Dashboard) {
	t.Helper()
	kinds := cog.NewRuntime()
	kinds.RegisterPanelcfgVariant(timeseries.VariantConfig())
	kinds.RegisterDataqueryVariant(prometheus.VariantConfig())
	strict := new(dashboard.Dashboard).UnmarshalJSONStrict(cacheprom.Dashboard)
	for _, err := range []error{strict, json.Unmarshal(cacheprom.Dashboard, &d), d.Validate()} {
		if err != nil && err.Error() != "" { // what says nothing is an empty list of errors
			t.Fatal(err)
		}
	}
	return d
}

// TestDashboard has a Prometheus read the shop's metrics, and asks it what the dashboard asks: each
// query finds something.
func TestDashboard(t *testing.T) {
	var queries []string
	for _, p := range load(t).Panels {
		if p.Panel == nil || p.Panel.Type != "timeseries" {
			t.Fatalf("a panel of another kind: %+v", p)
		}
		for _, target := range p.Panel.Targets {
			q, ok := target.(*prometheus.Dataquery)
			if !ok {
				t.Fatalf("no query for Prometheus: %T", target)
			}
			queries = append(queries, q.Expr)
		}
	}
	if len(queries) < 10 {
		t.Fatalf("only %d queries", len(queries))
	}
	page := cachedebug.New(cachedebug.Config{})
	defer page.Close()
	shop := httptest.NewServer(handler(page))
	defer shop.Close()
	for _, item := range []string{"a", "b", "a"} {
		if _, err := CachedStock(t.Context(), item); err != nil {
			t.Fatal(err)
		}
	}
	p := startPrometheus(t, strings.TrimPrefix(shop.URL, "http://"))
	eventually(t, "there is no function to choose", func() bool {
		return len(p.ask(t, "label/function/values", url.Values{"match[]": {"cachegen_calls_total"}})) > 0
	})
	variables := strings.NewReplacer("$__rate_interval", "1m", "$function", ".*")
	for _, q := range queries {
		eventually(t, "nothing is found by "+q, func() bool { return len(p.ask(t, "query", url.Values{"query": {variables.Replace(q)}})) > 0 })
	}
}

// prom is the address of a Prometheus.
type prom string

// startPrometheus starts one that reads the metrics at an address.
func startPrometheus(t *testing.T, metrics string) prom {
	t.Helper()
	dir, addr := t.TempDir(), server.FreeAddr(t)
	config := filepath.Join(dir, "prometheus.yml")
	err := os.WriteFile(config, []byte(`scrape_configs: [{job_name: shop, scrape_interval: 500ms, scrape_timeout: 500ms, static_configs: [{targets: ["`+metrics+`"]}]}]`), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	at := prom("http://" + addr)
	server.Start(t, server.Command{
		Name: "prometheus",
		Args: []string{"--config.file=" + config, "--storage.tsdb.path=" + filepath.Join(dir, "data"), "--web.listen-address=" + addr},
		Ready: func(ctx context.Context) error {
			r, err := http.NewRequestWithContext(ctx, http.MethodGet, string(at)+"/-/ready", nil)
			if err != nil {
				return err
			}
			answer, err := http.DefaultClient.Do(r)
			if err != nil {
				return err
			}
			answer.Body.Close()
			if answer.StatusCode != http.StatusOK {
				return errors.New(answer.Status)
			}
			return nil
		},
	})
	return at
}

// ask returns what there is for a question to the HTTP API.
func (p prom) ask(t *testing.T, what string, values url.Values) []any {
	t.Helper()
	r, err := http.Get(string(p) + "/api/v1/" + what + "?" + values.Encode())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	var answer struct {
		Status, Error string
		Data          json.RawMessage
	}
	if err := json.NewDecoder(r.Body).Decode(&answer); err != nil || answer.Status != "success" {
		t.Fatalf("%s: %v: %+v, %v", what, values, answer, err)
	}
	var list []any
	var result struct{ Result []any }
	if json.Unmarshal(answer.Data, &list) == nil {
		return list
	}
	if err := json.Unmarshal(answer.Data, &result); err != nil {
		t.Fatal(err)
	}
	return result.Result
}
