package target_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/cachegen/cachegen/runtime/internal/target"
	"github.com/cachegen/cachegen/runtime/store"
)

// distinct fails t if two lists of inputs that the template tells apart have paths that a file system may take for one, or if a path
// leaves its place.
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

func TestPathsDiffer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("-_.=@%!/ xXé")))
		date := rapid.SampledFrom([]string{"{date}", "{date:2006}", "{date:Jan 2}", "{date:2006.01-02_15}", "{date:Mon-2}"})
		placeholder := rapid.OneOf(rapid.SampledFrom([]string{"{a}", "{b}", "{c}", "{project}", "{func}"}), date)
		var b strings.Builder
		for range rapid.IntRange(1, 4).Draw(t, "placeholders") {
			b.WriteString(text.Draw(t, "text") + placeholder.Draw(t, "placeholder"))
		}
		value := rapid.StringOf(rapid.SampledFrom([]rune("-_.=@%!/ xXéK\u212a0h2")))
		inputs := rapid.SliceOfN(value, 3, 3)
		at := rapid.Custom(func(t *rapid.T) time.Time { return time.Unix(rapid.Int64Range(0, 1<<31).Draw(t, "seconds"), 0) })
		distinct(t, b.String()+".json", inputs.Draw(t, "x"), inputs.Draw(t, "y"), at.Draw(t, "at x"), at.Draw(t, "at y"))
	})
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
