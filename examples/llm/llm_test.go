package llm

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/cachegen/cachegen/runtime/cachetest"
)

var texts = map[string]string{
	"The cat sat on the mat. It was a grey cat, and an old mat.": "The cat sat on the mat.",
	"Go is a language. It has a garbage collector.":              "Go is a language.",
}

// TestSummary plays back what testdata has. To record it needs a server.
func TestSummary(t *testing.T) {
	ctx := cachetest.Record(t, "testdata/recorded").Context(t.Context())
	client := &Client{URL: os.Getenv("LLM_URL"), Token: os.Getenv("LLM_TOKEN")}
	for text, want := range texts {
		if got, err := client.Summary(ctx, text); err != nil || got != want {
			t.Errorf("%q, %v, want %q", got, err, want)
		}
	}
}

// TestRecording records the answers of a server that stands for a model, and plays them back when
// the server is gone.
func TestRecording(t *testing.T) {
	var asked atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		var q Question
		if err := json.NewDecoder(r.Body).Decode(&q); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		text := strings.TrimPrefix(q.Messages[1].Content, "Summarise: ")
		first, _, _ := strings.Cut(text, ". ")
		_ = json.NewEncoder(w).Encode(Answer{Message{"assistant", first + "."}, len(strings.Fields(text))})
	}))
	dir := t.TempDir()
	client := &Client{URL: server.URL, Token: "secret"}
	summaries := func(mode string) {
		t.Helper()
		t.Setenv(cachetest.Variable, mode)
		c := cachetest.Record(t, dir)
		for text, want := range texts {
			if got, err := client.Summary(c.Context(t.Context()), text); err != nil || got != want {
				t.Errorf("%s: %q, %v, want %q", mode, got, err, want)
			}
		}
		c.Flush()
	}
	summaries("missing")
	if n := asked.Load(); n != 2 {
		t.Errorf("the server was asked %d times", n)
	}
	server.Close()
	summaries("never")
}
