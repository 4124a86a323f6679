package cachedebug_test

import (
	"encoding/json"
	"html"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// axe returns the script of axe-core, which .ci/servers.sh installs.
func axe(t *testing.T) []byte {
	t.Helper()
	gopath, err := exec.Command("go", "env", "GOPATH").Output()
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(gopath)), "lib", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatal(err, ": .ci/servers.sh installs it")
	}
	return b
}

// driver shows one view after the other in a frame that is as wide as a phone, has axe-core look at it, and says what that found.
const driver = `<!DOCTYPE html><html lang="en"><title>driver</title><iframe id="frame" style="width:375px;height:2000px"></iframe><pre id="found"></pre><script>
(async () => {
	const frame = document.getElementById("frame"), found = [];
	for (const view of VIEWS) {
		await new Promise((loaded) => { frame.onload = loaded; frame.src = view; });
		const w = frame.contentWindow;
		w.eval(await (await fetch("/axe.js")).text());
		const result = await w.axe.run(w.document);
		found.push({ view, passes: result.passes.length, wide: w.document.documentElement.scrollWidth,
			violations: result.violations.map((v) => v.id + ": " + v.help + ": " + v.nodes.map((n) => n.html).join(" ")) });
	}
	document.getElementById("found").textContent = JSON.stringify(found);
})();
</script>`

// TestAxe has axe-core look at all views in a real browser, in both schemes.
func TestAxe(t *testing.T) {
	if testing.Short() {
		t.Skip("a browser takes seconds")
	}
	s, script := served(t), axe(t)
	key, err := good.cache.Key(t.Context(), query{"", "Oslo", "hunter2"})
	if err != nil {
		t.Fatal(err)
	}
	views := []string{"", "function?name=example.com/shop.Stock&values=1", "entry?values=1&key=" + key, "entry?key=zz", "closure?name=example.com/shop.Price"}
	for i := range views {
		views[i] = "/debug/cachegen/" + views[i]
	}
	list, err := json.Marshal(views)
	if err != nil {
		t.Fatal(err)
	}
	target, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	page := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) },
		ModifyResponse: func(r *http.Response) error {
			r.Header.Del("Content-Security-Policy") // it lets no other script run, which is right
			r.Header.Del("X-Frame-Options")
			return nil
		},
	}
	mux := http.NewServeMux()
	mux.Handle("/debug/cachegen/", page)
	mux.HandleFunc("/axe.js", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(script) })
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(strings.Replace(driver, "VIEWS", string(list), 1)))
	})
	proxy := httptest.NewServer(mux)
	t.Cleanup(proxy.Close)
	for scheme, args := range map[string][]string{"light": nil, "dark": {"--blink-settings=preferredColorScheme=0"}} {
		dom := browse(t, append(args, "--virtual-time-budget=60000", "--dump-dom", proxy.URL)...)
		_, text, _ := strings.Cut(dom, `<pre id="found">`)
		text, _, _ = strings.Cut(text, "</pre>")
		var found []struct {
			View         string
			Passes, Wide int
			Violations   []string
		}
		if err := json.Unmarshal([]byte(html.UnescapeString(text)), &found); err != nil || len(found) != len(views) {
			t.Fatalf("%v: %s", err, dom[:min(len(dom), 2000)])
		}
		for _, f := range found {
			if f.Passes < 10 {
				t.Errorf("%s, %s: only %d rules apply", scheme, f.View, f.Passes)
			}
			if f.Wide > 375 {
				t.Errorf("%s, %s: a phone has to scroll sideways: %d pixels", scheme, f.View, f.Wide)
			}
			for _, v := range f.Violations {
				t.Errorf("%s, %s: %s", scheme, f.View, v)
			}
		}
	}
}
