package llm

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	cache "github.com/cachegen/cachegen/runtime"
)

// answers is where they are recorded; another folder can be named.
func answers() string {
	if dir := os.Getenv("LLM_ANSWERS"); dir != "" {
		return dir
	}
	return filepath.Join("testdata", "answers")
}

// TestMain has the answers of tests come from the recording, unless the environment says that they are to be recorded.
func TestMain(m *testing.M) {
	config := cache.Config{URL: "dir:" + filepath.ToSlash(answers())}
	if os.Getenv("CACHEGEN_MODE") == "" {
		config.Mode = cache.Frozen
	}
	if err := cache.Configure(config); err != nil {
		panic(err)
	}
	code := m.Run()
	if err := cache.Close(context.Background()); err != nil {
		panic(err)
	}
	os.Exit(code)
}

// client has the server of LLM_URL; replaying needs none.
func client() *Client { return &Client{URL: os.Getenv("LLM_URL"), Token: os.Getenv("LLM_TOKEN")} }

func TestSummary(t *testing.T) {
	for text, want := range map[string]string{
		"The cat sat on the mat. It was a grey cat, and an old mat.": "The cat sat on the mat.",
		"Go is a language. It has a garbage collector.":              "Go is a language.",
	} {
		got, err := client().Summary(t.Context(), text)
		if err != nil || got != want {
			t.Errorf("%q, %v, want %q", got, err, want)
		}
	}
}

func TestUnrecorded(t *testing.T) {
	ctx := cache.WithMode(t.Context(), cache.Frozen)
	if got, err := client().Summary(ctx, "Nobody asked that."); !errors.Is(err, cache.ErrFrozen) {
		t.Errorf("%q, %v", got, err)
	}
}

// TestRecording runs the tests above in a process that records, against a server which stands for a model, and in one that replays.
func TestRecording(t *testing.T) {
	if os.Getenv("LLM_ANSWERS") != "" {
		return // this is that process
	}
	var mu sync.Mutex
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var q Question
		if err := json.NewDecoder(r.Body).Decode(&q); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		text := strings.TrimPrefix(q.Messages[1].Content, "Summarise: ")
		mu.Lock()
		asked = append(asked, text)
		mu.Unlock()
		first, _, _ := strings.Cut(text, ". ")
		_ = json.NewEncoder(w).Encode(Answer{Message{"assistant", first + "."}, len(strings.Fields(text))})
	}))
	defer server.Close()
	dir := t.TempDir()
	for _, test := range []struct {
		mode string
		want int
	}{{"refresh", 2}, {"", 0}, {"refresh", 2}} {
		mu.Lock()
		asked = nil
		mu.Unlock()
		exe, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(exe, "-test.v")
		cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "CACHEGEN_") })
		cmd.Env = append(cmd.Env, "LLM_ANSWERS="+dir, "LLM_URL="+server.URL, "CACHEGEN_MODE="+test.mode)
		out, err := cmd.CombinedOutput()
		mu.Lock()
		asked := asked
		mu.Unlock()
		if err != nil || len(asked) != test.want || !strings.Contains(string(out), "--- PASS: TestSummary") {
			t.Fatalf("mode %q: %v, asked %q\n%s", test.mode, err, asked, out)
		}
	}
}
