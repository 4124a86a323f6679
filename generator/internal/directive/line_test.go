package directive_test

import (
	"go/token"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/cachegen/cachegen/generator/internal/diag"
	"github.com/cachegen/cachegen/generator/internal/directive"
)

var start = token.Position{Filename: "a.go", Offset: 100, Line: 7, Column: 1}

func TestParseLine(t *testing.T) {
	const text = "//cache:auto max-age=1.5d  \"ignore=a,\\u0062 \" share=off target=`x/{c.D}/{date:2006}.json` serialize // why"
	var diags diag.List
	line := directive.ParseLine(start, text, &diags)
	if diags.HasErrors() {
		t.Fatal(diags.Sorted())
	}
	at := func(offset int) token.Position {
		return token.Position{Filename: "a.go", Offset: 100 + offset, Line: 7, Column: 1 + offset}
	}
	find := func(s string) token.Position { return at(strings.Index(text, s)) }
	option := func(name string) directive.Option {
		o, ok := directive.LookupOption(name)
		if !ok {
			t.Fatal(name)
		}
		return o
	}
	want := &directive.Line{
		Name: "auto", Behaviour: directive.Auto, Pos: start, Text: text,
		Args: []*directive.Arg{
			{
				Option: option("max-age"), Text: "1.5d", Pos: find("max-age"), ValuePos: find("1.5d"),
				Items: []directive.Item{{Kind: directive.Duration, Text: "1.5d", Pos: find("1.5d"), Duration: 36 * time.Hour}},
			},
			{
				Option: option("ignore"), Text: "a,b ", Pos: find("ignore"), ValuePos: find("a,\\u"),
				Items: []directive.Item{
					{Kind: directive.Param, Text: "a", Pos: find("a,\\u")},
					{Kind: directive.Param, Text: "b", Pos: find("\\u0062")},
				},
			},
			{Option: option("share"), Off: true, Text: "off", Pos: find("share"), ValuePos: find("off")},
			{
				Option: option("target"), Text: "x/{c.D}/{date:2006}.json", Pos: find("target"), ValuePos: find("x/{c"),
				Items: []directive.Item{{
					Kind: directive.Template, Text: "x/{c.D}/{date:2006}.json", Pos: find("x/{c"),
					Template: []directive.Part{
						{Literal: "x/", Pos: find("x/{c")},
						{Name: "c", Fields: []string{"D"}, Pos: find("c.D")},
						{Literal: "/", Pos: find("/{date")},
						{Name: "date", Layout: "2006", Pos: find("date:")},
						{Literal: ".json", Pos: find(".json")},
					},
				}},
			},
			{Option: option("serialize"), Pos: find("serialize"), ValuePos: find("serialize")},
		},
	}
	if diff := cmp.Diff(want, line, cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
	const plain = `//cache:auto max-age=1.5d ignore="a,b " share=off target=x/{c.D}/{date:2006}.json serialize`
	if got := line.String(); got != plain {
		t.Errorf("prints as %s", got)
	}
}

// TestTextIsExact keeps spaces of a text, and drops those around the elements of a list.
func TestTextIsExact(t *testing.T) {
	var diags diag.List
	line := directive.ParseLine(start, `//cache:auto salt=" a " tags=" b , c "`, &diags)
	if diags.HasErrors() {
		t.Fatal(diags.Sorted())
	}
	var got []string
	for _, arg := range line.Args {
		for _, item := range arg.Items {
			got = append(got, item.Text)
		}
	}
	if diff := cmp.Diff([]string{" a ", "b", "c"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestParseLineOfOthers(t *testing.T) {
	for _, text := range []string{"//go:generate x", "// cache:auto", "//cache:", "//Cache:auto", "/*cache:auto*/", "//cached:auto", ""} {
		var diags diag.List
		if line := directive.ParseLine(start, text, &diags); line != nil || len(diags.Sorted()) > 0 {
			t.Errorf("%q: %v %v", text, line, diags.Sorted())
		}
	}
}

// FuzzParseLine checks for any line that the parser says something about it or returns what prints
// to the same again, and that all positions are inside the line.
func FuzzParseLine(f *testing.F) {
	for _, text := range []string{
		"//cache:auto max-age=10m ignore=log // why",
		"//cache:override version=3 \"salt=a b\" namespace=`c\"d`",
		"//cache:default auto max-age=1.5d policy=deep,go,fn,pkg.Fn",
		"//cache:with target=\"{a}/{b.C}/{date:2006-01-02}.json\" tags=x{{y}},{a}",
		"//cache:auto \"tags=\\u00e4 , \\x41\\t\" per=run serialize=90s coalesce=off",
		"//cache:inherit share=off memory-entries=12 batch=ids secret=a,b name=Fn",
		"//cache:reviewed // logs",
		"//cache:auto salt=\"\\xff\" key=a.b max-age=-1",
		"//cache:auto\u00a0salt=ä\u2003unless=ü ",
		"//cache:max-age=10m",
		"//cache:default",
		"//cache:auto ",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.ContainsAny(text, "\r\n") {
			return // no comment has them
		}
		var diags diag.List
		line := directive.ParseLine(start, text, &diags)
		for _, d := range diags.Sorted() {
			inside(t, text, d.Pos)
		}
		if line == nil {
			return
		}
		for _, arg := range line.Args {
			inside(t, text, arg.Pos)
			inside(t, text, arg.ValuePos)
			for _, item := range arg.Items {
				inside(t, text, item.Pos)
				for _, part := range item.Template {
					inside(t, text, part.Pos)
				}
			}
		}
		if diags.HasErrors() {
			return
		}
		again := directive.ParseLine(start, line.String(), &diags)
		if diags.HasErrors() {
			t.Fatalf("%q prints as %q: %v", text, line, diags.Sorted())
		}
		if diff := cmp.Diff(line, again, cmpopts.IgnoreTypes(token.Position{}), cmpopts.IgnoreFields(directive.Line{}, "Text")); diff != "" {
			t.Fatalf("%q prints as %q: %s", text, line, diff)
		}
	})
}

func inside(t *testing.T, text string, pos token.Position) {
	t.Helper()
	offset := pos.Offset - start.Offset
	if offset < 0 || offset > len(text) || pos.Column-start.Column != offset || pos.Line != start.Line {
		t.Fatalf("%v is not inside %q", pos, text)
	}
}
