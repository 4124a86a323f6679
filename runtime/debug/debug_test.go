package cachedebug_test

import (
	"context"
	"errors"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/cacheimpl"
	cachedebug "github.com/cachegen/cachegen/runtime/debug"
)

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "cachedebug-")
	if err != nil {
		panic(err)
	}
	if err := cache.Configure(cache.Config{URL: "dir://" + dir}); err != nil {
		panic(err)
	}
	code := m.Run()
	_ = cache.Close(context.Background())
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// query is an input with a part that changes with each call, and one that is secret.
type query struct{ Request, City, Password string }

func (a query) AppendCacheKey(b []byte) []byte {
	return cacheimpl.AppendString(cacheimpl.AppendString(cacheimpl.AppendString(b, a.Request), a.City), a.Password)
}

type subject struct {
	cache cacheimpl.Function[query, int]
	fn    func(query) (int, error)
}

func wrap(name string, o cacheimpl.Options, fn func(query) (int, error)) *subject {
	return &subject{cacheimpl.NewFunction[query, int](cacheimpl.Spec{Name: "example.com/shop." + name, Version: "v1:0123456789abcdef", Options: o}), fn}
}

func (s *subject) call(ctx context.Context, q query) (int, error) {
	if r := cacheimpl.Hit(ctx, s.cache.Core, q); r != nil {
		return *r, nil
	}
	return cacheimpl.Do(ctx, s.cache.Core, q, func(context.Context) (int, error) { return s.fn(q) })
}

func slow(query) (int, error) { time.Sleep(time.Millisecond); return 1, nil }

var (
	good  = wrap("Price", cacheimpl.Options{}, slow)
	never = wrap("Recommend", cacheimpl.Options{}, slow)
	old   = wrap("Stock", cacheimpl.Options{MaxAge: time.Nanosecond}, slow)
	fails = wrap("Login", cacheimpl.Options{}, func(q query) (int, error) { return 0, errors.New("wrong password " + q.Password) })
)

// served makes calls that there is something to say of, and serves the page. Counters are of the process, so TestPages,
// which knows them, comes before the other tests that call it: their files come later.
func served(t *testing.T) *httptest.Server {
	t.Helper()
	page := cachedebug.New(cachedebug.Config{
		Every: 20 * time.Millisecond,
		Closures: map[string][]byte{"example.com/shop.Price": []byte(`{"function":"example.com/shop.Price","version":"v1:0123456789abcdef","parts":[
			{"name":"example.com/shop.Price","kind":"function","from":-1},
			{"name":"example.com/shop.round","kind":"function","from":0,"reason":"calls"},
			{"name":"example.com/shop.rate","kind":"constant","from":1,"reason":"reads"},
			{"name":"</template><b id=evil>","kind":"constant","from":1,"reason":"reads"}]}`)},
	})
	t.Cleanup(page.Close)
	ctx := t.Context()
	for i := range 30 {
		_, _ = good.call(ctx, query{"", "Oslo", "hunter2"})
		_, _ = never.call(ctx, query{string(rune('a' + i)), "Oslo", ""})
		_, _ = old.call(ctx, query{"", "Oslo", ""})
		_, _ = fails.call(ctx, query{"", "", "hunter2"})
	}
	time.Sleep(100 * time.Millisecond)
	mux := http.NewServeMux()
	mux.Handle("/debug/cachegen/", page)
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func get(t *testing.T, url string) (int, string, http.Header) {
	t.Helper()
	r, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, string(b), r.Header
}

func TestPages(t *testing.T) {
	s := served(t)
	key, err := good.cache.Key(t.Context(), query{"", "Oslo", "hunter2"})
	if err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) { // until it is in the store
		if _, body, _ := get(t, s.URL+"/debug/cachegen/entry?key="+key); strings.Contains(body, "<dd>result") || time.Now().After(deadline) {
			break
		}
	}
	for _, test := range []struct {
		path string
		want []string
		not  []string
	}{
		{"", []string{
			"shop.Price", "shop.Recommend", "It never hits: each of 30 calls had other inputs", "found a result that was too old", "executions failed",
			"never seen", "too old", "default", "works", `role="img"`, "96.7 %",
		}, []string{"wrong password", "hunter2"}},
		{"function?name=example.com/shop.Stock", []string{"shop.Stock", "too old", "median"}, []string{"shop.Recommend"}},
		{"function?name=example.com/shop.Login", []string{"miss, failed", "Show errors"}, []string{"wrong password"}},
		{"function?name=example.com/shop.Login&values=1", []string{"wrong password", "Hide errors"}, nil},
		{"function?name=example.com/shop.Price", []string{"what it is made of"}, nil},
		{"entry?key=" + key[:12], []string{key, "<dd>result", "hidden"}, []string{"Oslo", "hunter2"}},
		{"entry?key=" + key[:12] + "&values=1", []string{"Oslo", "(secret)"}, []string{"hunter2"}},
		{"entry?key=zz", []string{"no entry&#39;s key begins with"}, nil},
		{"entry?key=%22%3E%3Cscript%3Ealert(1)", []string{"&#34;&gt;&lt;script&gt;"}, []string{"<script>alert"}},
		{"closure?name=example.com/shop.Price", []string{"shop.round"}, []string{"<b id=evil>"}},
		{"style.css", []string{"prefers-color-scheme: dark"}, nil},
		{"closure.js", []string{"Draws the closure"}, nil},
	} {
		code, body, header := get(t, s.URL+"/debug/cachegen/"+test.path)
		if code != http.StatusOK || !strings.Contains(header.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("%s: %d, %v", test.path, code, header)
		}
		if strings.HasPrefix(body, "<!DOCTYPE") {
			accessible(t, test.path, body)
		}
		for _, want := range test.want {
			if !strings.Contains(body, want) {
				t.Errorf("%s: no %q", test.path, want)
			}
		}
		for _, not := range test.not {
			if strings.Contains(body, not) {
				t.Errorf("%s: %q", test.path, not)
			}
		}
		if regexp.MustCompile(`(?:src|href)="?(?:https?:)?//`).MatchString(body) {
			t.Errorf("%s needs a network", test.path)
		}
	}
}

// accessible looks for what those need who do not see the page.
func accessible(t *testing.T, path, body string) {
	t.Helper()
	for text, n := range map[string]int{`<html lang="en">`: 1, "<h1>": 1, `<main id="main">`: 1, `href="#main"`: 1, "<title>": 1} {
		if strings.Count(body, text) != n {
			t.Errorf("%s: %s %d times", path, text, strings.Count(body, text))
		}
	}
	for _, bad := range []string{"<th>", `<th class`, "<svg class=\"spark\" viewBox=\"0 0 120 24\">"} {
		if strings.Contains(body, bad) {
			t.Errorf("%s: %s says not what it is", path, bad)
		}
	}
	for _, id := range regexp.MustCompile(`<input id="([a-z]+)"`).FindAllStringSubmatch(body, -1) {
		if !strings.Contains(body, `<label for="`+id[1]+`">`) {
			t.Errorf("%s: the input %s has no label", path, id[1])
		}
	}
}

// TestContrast computes how well text can be told from what is behind it, in both schemes, as WCAG 2.2 does: 4.5 is asked for.
func TestContrast(t *testing.T) {
	css, err := os.ReadFile("page/style.css")
	if err != nil {
		t.Fatal(err)
	}
	schemes := regexp.MustCompile(`:root \{[^}]*\}`).FindAllString(string(css), -1)
	if len(schemes) != 2 {
		t.Fatalf("%d schemes", len(schemes))
	}
	for _, scheme := range schemes {
		luminance := map[string]float64{}
		for _, m := range regexp.MustCompile(`--([a-z]+): #([0-9a-f]{6})`).FindAllStringSubmatch(scheme, -1) {
			rgb, _ := strconv.ParseUint(m[2], 16, 32)
			part := func(shift int) float64 {
				c := float64(rgb>>shift&255) / 255
				if c <= 0.04045 {
					return c / 12.92
				}
				return math.Pow((c+0.055)/1.055, 2.4)
			}
			luminance[m[1]] = 0.2126*part(16) + 0.7152*part(8) + 0.0722*part(0)
		}
		for _, pair := range [][2]string{{"fg", "bg"}, {"fg", "card"}, {"fg", "warn"}, {"dim", "bg"}, {"dim", "card"}, {"link", "bg"}, {"link", "card"}} {
			a, b := luminance[pair[0]]+0.05, luminance[pair[1]]+0.05
			if ratio := max(a, b) / min(a, b); ratio < 4.5 {
				t.Errorf("%v: %.1f", pair, ratio)
			}
		}
	}
}

func TestReadsOnly(t *testing.T) {
	s := served(t)
	r, err := http.Post(s.URL+"/debug/cachegen/", "text/plain", strings.NewReader("x"))
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if r.StatusCode != http.StatusMethodNotAllowed {
		t.Error(r.Status)
	}
	if code, _, _ := get(t, s.URL+"/debug/cachegen/function?name=nothing"); code != http.StatusNotFound {
		t.Error(code)
	}
}

// chromium returns Debian's browser, which .ci/servers.sh installs.
func chromium(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal(err, ": .ci/servers.sh installs it")
	}
	return path
}

// browse runs the browser without a window.
func browse(t *testing.T, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	profile := t.TempDir()
	cmd := exec.CommandContext(ctx, chromium(t), append([]string{
		"--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--disable-dev-shm-usage", "--user-data-dir=" + profile,
		"--virtual-time-budget=3000",
	}, args...)...)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v", args, err)
	}
	return string(out)
}

// TestInBrowser has a real browser run the page's script, and looks at what becomes of the document.
func TestInBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("a browser takes seconds")
	}
	s := served(t)
	dom := browse(t, "--dump-dom", s.URL+"/debug/cachegen/closure?name=example.com/shop.Price")
	for _, want := range []string{"4 of 4 definitions", "reads example.com/shop.rate", "&lt;/template&gt;&lt;b id=evil&gt;"} {
		if !strings.Contains(dom, want) {
			t.Errorf("no %q in the document", want)
		}
	}
	shots := os.Getenv("CACHEGEN_TEST_SHOTS")
	if shots == "" {
		shots = t.TempDir()
	}
	key, err := good.cache.Key(t.Context(), query{"", "Oslo", "hunter2"})
	if err != nil {
		t.Fatal(err)
	}
	dark := "--blink-settings=preferredColorScheme=0"
	for name, view := range map[string][]string{
		"functions-desktop-light": {"", "--window-size=1280,1400"},
		"functions-phone-dark":    {"", "--window-size=500,2400", dark},
		"function-phone-dark":     {"function?name=example.com/shop.Stock", "--window-size=500,1600", dark},
		"entry-desktop-dark":      {"entry?values=1&key=" + key, "--window-size=1280,900", dark},
		"entry-phone-light":       {"entry?key=" + key, "--window-size=500,1200"},
		"closure-phone-dark":      {"closure?name=example.com/shop.Price", "--window-size=500,900", dark},
	} {
		file := filepath.Join(shots, name+".png")
		browse(t, append(view[1:], "--screenshot="+file, s.URL+"/debug/cachegen/"+view[0])...)
		if info, err := os.Stat(file); err != nil || info.Size() < 5_000 {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
}
