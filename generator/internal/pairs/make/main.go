// Make writes the functions of package pairs: so many that every two options that may be combined
// are together in one of them.
package main

import (
	"bytes"
	"flag"
	"go/format"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/template"

	"github.com/cachegen/cachegen/generator/internal/model"
)

// terms are the options, with the values that matter for combinations. Left out are those that
// change no result: name, trust, reviewed.
var terms = []string{
	"max-age=10s", "max-age=0", "max-age=lifetime", "ignore=extra", "key=keyOf", "vary=tenant", "namespace=", "salt=pepper",
	"policy=body", "policy=governor", "validate=valid", "unless=unwanted", "per=run", "per=receiver", "serialize=5s", "coalesce=off",
	"stale-while-revalidate=20s", "stale-if-error=40s", "error-max-age=15s", "target=", "store=second", "memory-entries=1", "share",
	"tags=", "batch=n", "keep-inputs", "keep-failed", "secret=extra",
}

// most is how many options a function has at most: with too many, one hides what another does.
const most = 5

func main() {
	log.SetFlags(0)
	dir := flag.String("dir", ".", "where to write")
	flag.Parse()
	for name, text := range map[string]string{"functions.go": functions, "functions_test.go": tests} {
		src, err := render(text, sets())
		if err != nil {
			log.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(*dir, name), src, 0o644); err != nil {
			log.Fatal(err)
		}
	}
}

// pair are two terms, in order.
type pair [2]string

// sets returns sets of terms that cover all pairs which may be combined: each time one that is not
// covered yet, with what covers most besides (a covering array, as in pairwise testing).
func sets() [][]string {
	covered := map[pair]bool{}
	all := [][]string{nil}
	for i, a := range terms {
		for _, b := range terms[i+1:] {
			if covered[pair{a, b}] || !compatible(a, b) {
				continue
			}
			set, ok := complete([]string{a, b})
			if !ok {
				continue // what one of them needs does not go with the other
			}
			for len(set) < most {
				next := best(set, covered)
				if next == "" {
					break
				}
				set, _ = complete(append(set, next))
			}
			all = append(all, set)
			for p := range pairsOf(set) {
				covered[p] = true
			}
		}
	}
	return all
}

// best returns the term that covers most together with set, "" if none covers anything.
func best(set []string, covered map[pair]bool) (best string) {
	most := 0
	for _, t := range terms {
		more, ok := complete(append(slices.Clone(set), t))
		if !ok || slices.Contains(set, t) {
			continue
		}
		n := 0
		for p := range pairsOf(more) {
			if !covered[p] {
				n++
			}
		}
		for p := range pairsOf(set) {
			if !covered[p] {
				n--
			}
		}
		if n > most {
			best, most = t, n
		}
	}
	return best
}

// pairsOf yields the pairs in set.
func pairsOf(set []string) func(yield func(pair, bool) bool) {
	return func(yield func(pair, bool) bool) {
		for i, a := range terms {
			for _, b := range terms[i+1:] {
				if slices.Contains(set, a) && slices.Contains(set, b) && !yield(pair{a, b}, true) {
					return
				}
			}
		}
	}
}

// complete returns set with what its terms need, and whether all that may be combined.
func complete(set []string) ([]string, bool) {
	if slices.ContainsFunc(set, func(t string) bool { return strings.HasPrefix(t, "stale-") }) &&
		!slices.ContainsFunc(set, func(t string) bool { return option(t) == "max-age" }) {
		set = append(set, "max-age=10s")
	}
	for i, a := range set {
		for _, b := range set[i+1:] {
			if !compatible(a, b) {
				return nil, false
			}
		}
	}
	return set, true
}

func option(term string) string {
	name, _, _ := strings.Cut(term, "=")
	return name
}

// compatible reports whether two terms may be combined by the generator's tables.
func compatible(a, b string) bool {
	if option(a) == option(b) {
		return false
	}
	if option(a) == "ignore" && option(b) == "key" || option(a) == "key" && option(b) == "ignore" {
		return false // what key doesn't name is ignored as it is
	}
	for _, c := range model.Conflicts {
		for _, with := range c.With {
			if is(a, c.Option) && is(b, with) || is(b, c.Option) && is(a, with) {
				return false
			}
		}
	}
	return true
}

// is reports whether a term is what a term of the tables stands for: the option, the option with
// its value.
func is(term, of string) bool {
	if !strings.Contains(of, "=") {
		return option(term) == of && !strings.HasSuffix(term, "=off")
	}
	return term == of || of == "max-age=fn" && term == "max-age=lifetime" || of == "key=fn" && term == "key=keyOf"
}

// function is what the templates need of one.
type function struct {
	Index   int
	Options []string
}

// Has reports whether the function has an option, or an option with a value.
func (f function) Has(term string) bool {
	return slices.ContainsFunc(f.Options, func(t string) bool { return t == term || option(t) == term })
}

// Directive is the function's line.
func (f function) Directive() string {
	words := []string{"//cache:auto"}
	for _, t := range terms {
		if !slices.Contains(f.Options, t) {
			continue
		}
		switch t {
		case "namespace=":
			t = "namespace=pairs/" + f.Name()
		case "target=":
			t = "target=" + f.target()
		case "tags=":
			if t = "tags=all,n{n}"; f.Has("key") {
				t = "tags=all"
			}
		}
		words = append(words, t)
	}
	return strings.Join(words, " ")
}

func (f function) target() string {
	t := f.Name() + "/{n}"
	if f.Has("key") {
		t = f.Name() + "/{key}"
	} else if !f.Has("ignore") {
		t += "/{extra}"
	}
	if f.Has("vary") {
		t += "/{tenant}"
	}
	return t + ".cbor"
}

// Name is the function's.
func (f function) Name() string {
	return "f" + string(rune('0'+f.Index/10)) + string(rune('0'+f.Index%10))
}

// Upper is the name with a capital letter.
func (f function) Upper() string { return "F" + f.Name()[1:] }

// Args is the literal of the inputs n and extra.
func (f function) Args() string {
	name := f.Name() + "Args"
	if f.Has("per=receiver") {
		name = "receiver" + f.Upper() + "Args"
	}
	switch {
	case f.Has("key"):
		return name + "{keyOf(ctx, n, extra)}"
	case f.Has("ignore"):
		return name + "{n}"
	}
	return name + "{n, extra}"
}

// Controls is the function's cache.
func (f function) Controls() string {
	if f.Has("per=receiver") {
		return "receiver" + f.Upper() + "Cache.Of(r)"
	}
	return f.Name() + "Cache"
}

// Wrapper is the function's.
func (f function) Wrapper() string {
	if f.Has("per=receiver") {
		return "r.cached" + f.Upper()
	}
	return "cached" + f.Upper()
}

func render(text string, sets [][]string) ([]byte, error) {
	var all []function
	for i, set := range sets {
		all = append(all, function{i, set})
	}
	var b bytes.Buffer
	if err := template.Must(template.New("").Parse(text)).Execute(&b, all); err != nil {
		return nil, err
	}
	return format.Source(b.Bytes())
}

const functions = `// Code generated by pairs/make. DO NOT EDIT.

package pairs

import "context"
{{range .}}
{{.Directive}}
func {{if .Has "per=receiver"}}(r *receiver) {{end}}{{.Name}}(ctx context.Context, {{if .Has "batch" -}}
n []int, extra int) (map[int]value, error) { return executeAll(ctx, n, extra) }
{{- else -}}
n, extra int) (value, error) { return execute(ctx, n, extra) }
{{- end}}
{{end}}`

const tests = `// Code generated by pairs/make. DO NOT EDIT.

package pairs

import "context"

// subjects are the functions, as the test drives them.
var subjects = []subject{ {{- range .}}
	{
		directive: {{printf "%q" .Directive}},
		call: func(ctx context.Context, r *receiver, n, extra int) (value, error) { {{if .Has "batch"}}
			return one(n, func(n []int) (map[int]value, error) { return {{.Wrapper}}(ctx, n, extra) }){{else}}
			return {{.Wrapper}}(ctx, n, extra){{end}}
		},
		control: func(ctx context.Context, r *receiver, n, extra int) control {
			return controls({{.Controls}}, {{.Args}})
		},
	},{{end}}
}
`
