package target_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/target"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		template string
		names    []string
		format   target.Format
	}{
		{"a.json", nil, ".json"},
		{"reports/{city}/{date:2006-01-02}.json", []string{"city", "date"}, ".json"},
		{"{a}-{b}_{opts.Region}.txt", []string{"a", "b", "opts.Region"}, ".txt"},
		{"{{{a}}}.cbor", []string{"a"}, ".cbor"},
		{"{a} ü {b}.bin", []string{"a", "b"}, ".bin"},
		{"{a}x/y{b}.bin", []string{"a", "b"}, ".bin"},
		{"{date:Monday at 3:04}.txt", []string{"date"}, ".txt"},
	} {
		tmpl, err := target.Parse(c.template)
		if err != nil {
			t.Error(err)
			continue
		}
		if names := tmpl.Names(); !slices.Equal(names, c.names) || tmpl.Format != c.format {
			t.Errorf("%s: %q %q", c.template, names, tmpl.Format)
		}
	}
}

func TestParseErrors(t *testing.T) {
	for _, c := range []struct {
		template string
		offset   int
		reason   string
	}{
		{"", 0, "not clean"},
		{"{a", 0, "brace"},
		{"x}.json", 1, "brace"},
		{"x/{}.json", 2, "brace"},
		{"x/{a b}.json", 2, "brace"},
		{"x/{a{b}.json", 2, "brace"},
		{"x/{_}.json", 2, "brace"},
		{"x/{a.}.json", 2, "brace"},
		{"x/{date:}.json", 2, "brace"},
		{"x/{date:2006/01}.json", 2, "brace"},
		{"x/{city:2006}.json", 2, "layout"},
		{"{a}{b}.json", 3, "separates"},
		{"{a}x{b}.json", 4, "separates"},
		{"{a}!{b}.json", 4, "separates"},
		{"{a}%{b}.json", 4, "separates"},
		{"/{a}.json", 0, "not clean"},
		{"../{a}.json", 0, "not clean"},
		{"x//{a}.json", 0, "not clean"},
		{"x./{a}.json", 0, "ends in"},
		{"x\\{a}.json", 0, "backslash"},
		{"x:{a}.json", 0, "colon"},
		{strings.Repeat("x", 300) + ".json", 0, "segment"},
		{"{a}", 0, "ending"},
		{"{a}.yaml", 3, "ending"},
		{"x.json/{a}", 7, "ending"},
	} {
		_, err := target.Parse(c.template)
		syntax, ok := errors.AsType[*target.SyntaxError](err)
		if !ok || syntax.Offset != c.offset || !strings.Contains(syntax.Reason, c.reason) {
			t.Errorf("%s: %v, want byte %d, %s", c.template, err, c.offset, c.reason)
		}
	}
}

var start = time.Date(2026, 8, 1, 0, 30, 0, 0, time.FixedZone("east", 3600))

// path fills in a template with inputs that are called a, b and so on.
func path(t *testing.T, template string, inputs ...string) string {
	t.Helper()
	tmpl, err := target.Parse(template)
	if err != nil {
		t.Fatal(err)
	}
	p, err := tmpl.Path(values(start, inputs...))
	if err != nil {
		t.Errorf("%s: %v", template, err)
	}
	return p
}

func values(at time.Time, inputs ...string) target.Values {
	return target.Values{
		Input: func(name string) (string, bool) {
			if i := strings.Index("abcdefg", name); len(name) == 1 && i >= 0 && i < len(inputs) {
				return inputs[i], true
			}
			return "", false
		},
		Start: at, Func: "example.com/weather.Client.Today", Project: "Wx", Domain: "",
	}
}

func TestPath(t *testing.T) {
	hash := "%h20b7e545c324ac23111aaf8502c69384b88e3d8fde81ed75b56538ad8593db8c"
	for _, c := range []struct {
		template string
		inputs   []string
		want     string
	}{
		{"x/{a}.json", []string{"berlin"}, "x/berlin.json"},
		{"x/{a}.json", []string{"New York"}, "x/!new%20!york.json"},
		{"x/{a}.json", []string{"são"}, "x/s%c3%a3o.json"},
		{"x/{a}.json", []string{""}, "x/%empty.json"},
		{"x/{a}.json", []string{"%empty"}, "x/%25empty.json"},
		{"x/{a}.json", []string{"."}, "x/%2e.json"},
		{"x/{a}.json", []string{".."}, "x/%2e%2e.json"},
		{"x/{a}.json", []string{"../../etc"}, "x/%2e.%2f..%2fetc.json"},
		{"x/{a}.json", []string{"a.b."}, "x/a.b%2e.json"},
		{"x/{a}.json", []string{"a/b\\c:d\x00"}, "x/a%2fb%5cc%3ad%00.json"},
		{"x/{a}.json", []string{"joe@x-y_z=1.org"}, "x/joe@x-y_z=1.org.json"},
		{"x/{a}.json", []string{"Con"}, "x/%43on.json"},
		{"x/{a}.json", []string{"lpt1.x"}, "x/%6cpt1.x.json"},
		{"x/{a}.json", []string{"contact"}, "x/contact.json"},
		{"{a}-{b}.json", []string{"x-y", "z_"}, "x%2dy-z_.json"},
		{"{a}._{b}.json", []string{"x.y", "z_"}, "x%2ey._z%5f.json"},
		{"x/{a}.json", []string{strings.Repeat("y", 100)}, "x/" + strings.Repeat("y", 100) + ".json"},
		{"x/{a}.json", []string{strings.Repeat("y", 101)}, "x/" + strings.Repeat("y", 32) + hash + ".json"},
		{"{func}/{project}/{domain}.json", nil, "example.com/weather.!client.!today/!wx/%empty.json"},
		{"{date}.json", nil, "2026-07-31.json"},
		{"x-{a}_{date:20060102T150405Z}.json", []string{"y"}, "x-y_20260731T233000Z.json"},
		{"{a}-{date:2006-01-02}.json", []string{"x-y"}, "x%2dy-2026-07-31.json"},
		{"{a}-{date:Jan 2-06}.json", []string{"x"}, "x-!jul%2031%2d26.json"},
		{"{{{a}}}.json", []string{"x"}, "{x}.json"},
	} {
		if got := path(t, c.template, c.inputs...); got != c.want {
			t.Errorf("%s with %q:\ngot  %s\nwant %s", c.template, c.inputs, got, c.want)
		}
	}
}

func TestInputsWin(t *testing.T) {
	tmpl, err := target.Parse("{date}/{func}.json")
	if err != nil {
		t.Fatal(err)
	}
	v := values(start)
	v.Input = func(name string) (string, bool) { return "", name == "date" }
	if p, err := tmpl.Path(v); p != "%empty/example.com/weather.!client.!today.json" || err != nil {
		t.Error(p, err)
	}
}

func TestPathErrors(t *testing.T) {
	long := strings.Repeat("y", 200)
	for _, c := range []struct {
		template string
		inputs   []string
		want     string
	}{
		{"{nothing}.json", nil, "nothing"},
		{"{a}-{b}-{c}.json", []string{long, long, long}, "segment of 301 bytes"},
		{"{a}/{b}/{c}/{d}/{e}.json", []string{long, long, long, long, long}, "clean"},
	} {
		tmpl, err := target.Parse(c.template)
		if err == nil {
			_, err = tmpl.Path(values(start, c.inputs...))
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.template, err)
		}
	}
}
