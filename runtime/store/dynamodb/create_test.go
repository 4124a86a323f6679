package dynamodb_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/cachegen/cachegen/runtime/store/storetest"
)

// TestCreate makes a table, which is asked to drop what has expired: once, and not of a table that
// is there.
func TestCreate(t *testing.T) {
	srv := start(t)
	var enabled atomic.Int64
	behind := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: srv.Addr})
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".UpdateTimeToLive") { // The server that tests have does not know it.
			behind.ServeHTTP(w, r)
			return
		}
		var asked struct {
			TableName               string
			TimeToLiveSpecification struct {
				AttributeName string
				Enabled       bool
			}
		}
		if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
			t.Error(err)
		}
		if s := asked.TimeToLiveSpecification; asked.TableName != "new" || s.AttributeName != "x" || !s.Enabled {
			t.Errorf("asked for %+v, want time to live of new on x", asked)
		}
		enabled.Add(1)
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		_, _ = io.WriteString(w, `{"TimeToLiveSpecification":{"AttributeName":"x","Enabled":true}}`)
	}))
	defer front.Close()
	for range 2 {
		s := storetest.Opener("dynamodb://new?create&region=eu-central-1&endpoint=" + front.URL)(t)
		if err := s.Delete(t.Context(), "e/x"); err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	if n := enabled.Load(); n != 1 {
		t.Errorf("time to live was asked for %d times, want once", n)
	}
}
