// Package cachedebug serves a page that shows what the cached functions of a process do, in the manner of net/http/pprof:
//
//	page := cachedebug.New(cachedebug.Config{})
//	defer page.Close()
//	http.Handle("/debug/cachegen/", page)
//
// It shows the functions with their hit ratio over time, the time they saved, their room and ages; calls that missed lately, with the reasons;
// the story of an entry; the health of the stores; what a version is made of; and advice. It needs no network, and reads only. Inputs and errors are
// hidden unless the address says values=1. Secrets are not there at all, for entries don't have them. It is for those who run the program: put it where they
// alone come, as pprof.
package cachedebug

import (
	"context"
	"embed"
	"html/template"
	"net/http"
	"path"
	"strings"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/internal/engine"
)

// Config says what the page shows. The zero value shows the default cache.
type Config struct {
	// Closures are the outputs of cachegen why -json FUNC, by function: pictures of what their versions are made of. Pages have a
	// place to open others.
	Closures map[string][]byte
	// Every is how often counters are noted for the pictures over time, an hour of which are kept; 0 is 10 seconds.
	Every time.Duration
}

// Page is the page. It is an [http.Handler], for any path.
type Page struct {
	config  Config
	history history
	misses  misses
	stop    func()
	done    chan struct{}
}

// New returns a page, and begins to note what happens. Close it when it is needed no longer.
func New(c Config) *Page {
	if c.Every <= 0 {
		c.Every = 10 * time.Second
	}
	p := &Page{config: c, done: make(chan struct{})}
	p.stop = cache.Watch(cache.Observer{Event: func(_ context.Context, e cache.Event) { p.misses.note(e) }})
	p.history.note(time.Now())
	go p.watch()
	return p
}

// Close ends noting what happens.
func (p *Page) Close() {
	p.stop()
	close(p.done)
}

func (p *Page) watch() {
	ticker := time.NewTicker(p.config.Every)
	defer ticker.Stop()
	for {
		select {
		case now := <-ticker.C:
			p.history.note(now)
		case <-p.done:
			return
		}
	}
}

//go:embed page
var files embed.FS

var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"percent": percent, "short": short, "bytes": showBytes, "number": showNumber, "ago": ago, "name": lastName,
}).ParseFS(files, "page/*.html"))

// ServeHTTP serves the page and its parts. Its address is that without a name: /debug/cachegen/. The parts are function, entry, closure,
// style.css and closure.js below it.
func (p *Page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "the page is for reading", http.StatusMethodNotAllowed)
		return
	}
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	switch part := path.Base(r.URL.Path); {
	case part == "style.css", part == "closure.js":
		http.ServeFileFS(w, r, files, "page/"+part)
	case part == "function":
		p.function(w, r)
	case part == "entry":
		p.entry(w, r)
	case part == "closure":
		p.closure(w, r)
	case strings.HasSuffix(r.URL.Path, "/"):
		p.overview(w)
	default:
		http.Redirect(w, r, r.URL.Path+"/", http.StatusMovedPermanently)
	}
}

// render writes a template.
func render(w http.ResponseWriter, name string, data any) {
	var b strings.Builder
	if err := templates.ExecuteTemplate(&b, name, data); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte(b.String()))
}

// overview is the page of all functions.
func (p *Page) overview(w http.ResponseWriter) {
	p.history.note(time.Now())
	rows := p.rows()
	render(w, "overview.html", map[string]any{
		"Title": "functions", "Rows": rows, "Stores": cache.Stores(), "Misses": p.misses.list(""), "Advice": adviceOn(rows, cache.Stores()),
		"Room": roomOf(engine.Used()), "Now": time.Now().Format(time.DateTime),
	})
}

// function is the page of one function.
func (p *Page) function(w http.ResponseWriter, r *http.Request) {
	name := r.FormValue("name")
	for _, one := range p.rows() {
		if one.Name == name {
			render(w, "function.html", map[string]any{
				"Title": lastName(name), "Row": one, "Misses": p.misses.list(name), "Advice": adviceOn([]row{one}, cache.Stores()),
				"Values": r.FormValue("values") == "1", "Closure": p.config.Closures[name] != nil,
			})
			return
		}
	}
	http.Error(w, "no cached function of this process has this name", http.StatusNotFound)
}

// closure is the page with the picture of what a version is made of.
func (p *Page) closure(w http.ResponseWriter, r *http.Request) {
	name := r.FormValue("name")
	render(w, "closure.html", map[string]any{"Title": "closure", "Name": name, "Data": string(p.config.Closures[name])})
}
