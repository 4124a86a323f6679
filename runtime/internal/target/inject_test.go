package target_test

import (
	"strings"
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/target"
	"github.com/cachegen/cachegen/runtime/store"
)

// distinct fails t if two lists of inputs that the template tells apart have paths that a file
// system may take for one, or if a path leaves its place.
func distinct(t interface {
	Helper()
	Errorf(string, ...any)
}, template string, x, y []string, atX, atY time.Time,
) {
	t.Helper()
	tmpl, err := target.Parse(template)
	if err != nil {
		return
	}
	px, errX := tmpl.Path(values(atX, x...))
	py, errY := tmpl.Path(values(atY, y...))
	if errX != nil || errY != nil {
		return // too long, or a placeholder that nothing stands for
	}
	if store.CheckPath(px) != nil || strings.Count(px, "/") != strings.Count(py, "/") {
		t.Errorf("%s with %q is %s, with %q %s", template, x, px, y, py)
	}
	for _, name := range tmpl.Names() {
		a, okA := values(atX, x...).Input(name)
		b, okB := values(atY, y...).Input(name)
		if okA && okB && a != b && strings.EqualFold(px, py) {
			t.Errorf("%s with %q and %q is %s", template, x, y, px)
		}
	}
}

// words are all strings of up to two characters that matter to paths, and some longer ones that
// look like other values' forms.
func words() []string {
	words := []string{"", "%empty", "%20", " ", "!x", "con", "CON", "31", "2026", "Jan", "é", "\u212a", "K", "%h" + strings.Repeat("0", 64)}
	signs := strings.Split("-_.!%=/xX2", "")
	for _, a := range signs {
		words = append(words, a)
		for _, b := range signs {
			words = append(words, a+b)
		}
	}
	return words
}

func TestPathsDiffer(t *testing.T) {
	days := []time.Time{time.Unix(0, 0), time.Unix(1<<30, 0), time.Unix(1<<30+86400*31, 0)}
	for _, template := range []string{
		"{a}/{b}.json", "{a}-{b}.json", "{a}.{b}.json", "{a}_-{b}.json", "{a}=x{b}.json", "{a}x={b}.json", "x{a}-x{b}x.json",
		"{a}!-{b}.json", "{a}%.{b}.json", "{a} {b}.json", "{a}\u00e9{b}.json", "{a}@2/{b}.json", "{a}x/x{b}.json",
		"{a}-{date}-{b}.json", "{a}-{date:Jan 2}-{b}.json", "{a}-{date:2}.{b}.json", "{a}_{date:2006-01}-{b}.json", "{b}/{a}-{date:2006.}json/x.json",
		"{a}/{func}/{b}.json", "{a}-{func}-{b}.json", "{a}-{project}.{domain}_{b}.json",
		"{a}-{b}_{domain}.json", "{a}{b}.json", "{a}x{b}.json", "{a}!{b}.json", "{a}%{b}.json", // refused
	} {
		tmpl, err := target.Parse(template)
		if err != nil {
			continue
		}
		seen := map[string][2]string{}
		for _, a := range words() {
			for _, b := range words() {
				for _, day := range days[:1+2*strings.Count(template, "{date")] {
					p, err := tmpl.Path(values(day, a, b))
					if err != nil {
						t.Fatal(err)
					}
					p = strings.ToLower(p)
					if other, ok := seen[p]; ok && other != [2]string{a, b} {
						t.Fatalf("%s with %q and %q is %s", template, other, []string{a, b}, p)
					}
					seen[p] = [2]string{a, b}
				}
			}
		}
	}
}

func FuzzPathsDiffer(f *testing.F) {
	f.Add("{a}/{b}.json", "x", "y", "X", "y", int64(0), int64(1))
	f.Add("{a}-{date:2006-01-02}_{b}.json", "x-", "_y", "x", "-_y", int64(0), int64(1<<30))
	f.Add("{a}%-!{b}.json", "", "..", "%empty", ".", int64(0), int64(0))
	f.Add("a{date:Jan 2}.{a}.{b}.json", "con", "1", "31", "", int64(5), int64(0))
	f.Fuzz(func(t *testing.T, template, a, b, c, d string, x, y int64) {
		distinct(t, template, []string{a, b}, []string{c, d}, time.Unix(x%(1<<32), 0), time.Unix(y%(1<<32), 0))
	})
}
