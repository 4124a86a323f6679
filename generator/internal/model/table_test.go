package model_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/cachegen/cachegen/generator/internal/diag"
	"github.com/cachegen/cachegen/generator/internal/directive"
	"github.com/cachegen/cachegen/generator/internal/model"
)

// declarations are what the functions of the tables' tests use.
const declarations = `package a

import (
	"context"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
)

type Report struct{ N int }

type Client struct{ base string }

type Status struct{}

func age(r Report) time.Duration                                                      { return 1 }
func key(c *Client, ctx context.Context, ids []string, city string) (string, error)   { return "", nil }
func tenant(ctx context.Context) string                                               { return "" }
func check(ctx context.Context, e cache.Entry, r Report) bool                         { return true }
func empty(r Report) bool                                                             { return true }
func policy(ctx context.Context, p cache.VersionParams) (string, error)               { return "", nil }
`

// sample is an option with a value that method F of the tests can have alone, and one that it can't
// have.
type sample struct {
	option, good, bad string
	// with are options that it needs.
	with []string
	// other is a behaviour other than auto that it needs.
	behaviour string
}

var samples = []sample{
	{option: "version", good: "version=2", bad: "version=", behaviour: "override"},
	{option: "max-age", good: "max-age=1m", bad: "max-age=soon"},
	{option: "max-age", good: "max-age=0", bad: "max-age=-1s"},
	{option: "max-age", good: "max-age=age", bad: "max-age=empty"},
	{option: "ignore", good: "ignore=city", bad: "ignore=cty"},
	{option: "key", good: "key=key", bad: "key=tenant"},
	{option: "key", good: "key=c.base", bad: "key=c.base()"},
	{option: "vary", good: "vary=tenant", bad: "vary=empty"},
	{option: "namespace", good: "namespace=n", bad: "namespace"},
	{option: "salt", good: "salt=s", bad: "salt"},
	{option: "policy", good: "policy=body", bad: "policy=bdy"},
	{option: "policy", good: "policy=deep", bad: "policy=deep,deep"},
	{option: "policy", good: "policy=go,policy", bad: "policy=tenant"},
	{option: "validate", good: "validate=check", bad: "validate=empty"},
	{option: "unless", good: "unless=empty", bad: "unless=age"},
	{option: "per", good: "per=run", bad: "per=walk"},
	{option: "per", good: "per=receiver", bad: "per=off,run"},
	{option: "serialize", good: "serialize=1m", bad: "serialize=0"},
	{option: "serialize", good: "serialize", bad: "serialize=yes"},
	{option: "coalesce", good: "coalesce=off", bad: "coalesce=no"},
	{option: "coalesce", good: "coalesce", bad: "coalesce=on"},
	{option: "stale-while-revalidate", good: "stale-while-revalidate=1m", bad: "stale-while-revalidate=fn", with: []string{"max-age=1h"}},
	{option: "stale-if-error", good: "stale-if-error=1m", bad: "stale-if-error=0", with: []string{"max-age=1h"}},
	{option: "error-max-age", good: "error-max-age=5s", bad: "error-max-age=0s"},
	{option: "target", good: "target={c}/{ids}/{city}.json", bad: "target={city}.json"},
	{option: "store", good: "store=s", bad: "store"},
	{option: "store", good: "store=memory", bad: "store="},
	{option: "types", good: "types=Client", bad: "types=Clint"},
	{option: "drop", good: "drop=Status", bad: "drop=Stats"},
	{option: "memory-entries", good: "memory-entries=9", bad: "memory-entries=1.5"},
	{option: "portable", good: "portable", bad: "portable=linux"},
	{option: "share", good: "share", bad: "share=2"},
	{option: "tags", good: "tags=all,city:{city}", bad: "tags=city:{cty}"},
	{option: "batch", good: "batch=ids", bad: "batch=city"},
	{option: "keep-inputs", good: "keep-inputs", bad: "keep-inputs=all"},
	{option: "keep-failed", good: "keep-failed", bad: "keep-failed=all"},
	{option: "secret", good: "secret=city", bad: "secret=cty"},
	{option: "reviewed", good: "reviewed", bad: "reviewed=me"},
	{option: "trust", good: "trust", bad: "trust=all"},
	{option: "name", good: "name=G", bad: "name=G()"},
}

// trial is method F of the tests with a behaviour and options.
type trial struct {
	behaviour string
	options   []string
}

// judge builds all trials as one package and returns what is wrong with each. The name that options
// give a wrapper, G, is made different for each.
func judge(t *testing.T, trials []trial) []string {
	t.Helper()
	var src strings.Builder
	src.WriteString(declarations)
	first := make([]int, len(trials))
	for i, one := range trials {
		options := strings.Join(one.options, " ")
		result, value := "Report", "Report{}"
		if strings.Contains(options, "batch=") {
			result, value = "map[string]Report", "nil"
		}
		if strings.Contains(options, "drop=") {
			result, value = result+", *Status", value+", nil"
		}
		if one.behaviour == "override" && !strings.Contains(options, "version=") {
			options += " version=1"
		}
		options = strings.ReplaceAll(options, "name=G", fmt.Sprintf("name=G%d", i))
		options = strings.ReplaceAll(options, "target=", fmt.Sprintf("target=%d/", i))
		first[i] = strings.Count(src.String(), "\n") + 1
		fmt.Fprintf(&src, "\n//cache:%s %s\nfunc (c *Client) F%d(ctx context.Context, ids []string, city string) (%s, error) { return %s, nil }\n",
			one.behaviour, options, i, result, value)
	}
	prog, _ := program(t, &txtar.Archive{Files: []txtar.File{{Name: "example.com/a/a.go", Data: []byte(src.String())}}})
	var diags diag.List
	model.Build(prog, &diags)
	if len(prog.Roots[0].Errors) > 0 {
		t.Fatal(prog.Roots[0].Errors)
	}
	wrong := make([]string, len(trials))
	for _, d := range diags.Sorted() {
		i, found := slices.BinarySearch(first, d.Pos.Line)
		if !found {
			i--
		}
		wrong[i] += d.Message + "\n"
	}
	return wrong
}

// TestOptions has an accepting and a refusing case for every option of the table.
func TestOptions(t *testing.T) {
	covered := map[string]bool{}
	var trials []trial
	for _, s := range samples {
		covered[s.option] = true
		behaviour := cmp.Or(s.behaviour, "auto")
		trials = append(trials, trial{behaviour, append(s.with[:len(s.with):len(s.with)], s.good)}, trial{behaviour, append(s.with[:len(s.with):len(s.with)], s.bad)})
	}
	wrong := judge(t, trials)
	for i, s := range samples {
		if wrong[2*i] != "" {
			t.Errorf("%s is refused: %s", s.good, wrong[2*i])
		}
		if wrong[2*i+1] == "" {
			t.Errorf("%s is accepted", s.bad)
		}
	}
	for o := range directive.Options() {
		if !covered[o.Name] && !o.Package {
			t.Errorf("no case for %s", o.Name)
		}
	}
}

// TestPairs combines every two options: what the table of conflicts has is refused with its reason,
// all else accepted.
func TestPairs(t *testing.T) {
	var trials []trial
	var conflicts []*model.Conflict
	for i, a := range samples {
		for _, b := range samples[i+1:] {
			if a.option == b.option || a.behaviour != "" && b.option == "policy" {
				continue
			}
			var with []string
			if a.option != "max-age" && b.option != "max-age" {
				with = slices.Compact(append(slices.Clone(a.with), b.with...))
			}
			conflicts = append(conflicts, listed(a.good, b.good, with))
			trials = append(trials, trial{cmp.Or(a.behaviour, b.behaviour, "auto"), adapt(append(with, a.good, b.good))})
		}
	}
	seen := map[*model.Conflict]bool{}
	for i, wrong := range judge(t, trials) {
		c := conflicts[i]
		seen[c] = true
		switch {
		case c == nil && wrong != "":
			t.Errorf("%s: refused: %s", trials[i].options, wrong)
		case c != nil && !strings.Contains(wrong, c.Why):
			t.Errorf("%s: not refused because %s: %s", trials[i].options, c.Why, wrong)
		}
	}
	for i, c := range model.Conflicts {
		if !seen[&model.Conflicts[i]] && c.Option != "policy=deep" {
			t.Errorf("no pair for %s: %s", c.Option, c.Why)
		}
	}
}

// adapt changes options so that they fit together: a target has all that identifies a result.
func adapt(options []string) []string {
	joined := " " + strings.Join(options, " ") + " "
	target := "target={c}/{ids}/{city}.json"
	switch {
	case strings.Contains(joined, " ignore=city ") && !strings.Contains(joined, " key="):
		joined = strings.ReplaceAll(joined, target, "target={c}/{ids}.json")
		joined = strings.ReplaceAll(joined, "{city}", "{c.base}")
	case strings.Contains(joined, " key=c.base "):
		joined = strings.ReplaceAll(joined, target, "target={c.base}.json")
		joined = strings.ReplaceAll(joined, "{city}", "{c.base}")
	case strings.Contains(joined, " key="):
		joined = strings.ReplaceAll(joined, target, "target={key}.json")
		joined = strings.ReplaceAll(joined, "{city}", "{key}")
	case strings.Contains(joined, " vary="):
		joined = strings.ReplaceAll(joined, target, "target={tenant}/"+strings.TrimPrefix(target, "target="))
	case strings.Contains(joined, " per=receiver "):
		joined = strings.ReplaceAll(joined, target, "target={ids}/{city}.json")
	case strings.Contains(joined, " secret=city "):
		joined = strings.ReplaceAll(joined, "{city}", "{c.base}")
		joined = strings.ReplaceAll(joined, "target={c}/{ids}/{c.base}.json", target)
	}
	return strings.Fields(joined)
}

// listed returns the conflict of two options, or of one with what the other needs.
func listed(a, b string, with []string) *model.Conflict {
	for i, c := range model.Conflicts {
		for _, other := range c.With {
			for _, pair := range [][2]string{{a, b}, {b, a}} {
				first := matches(c.Option, pair[0]) || len(with) > 0 && matches(c.Option, with[0])
				second := matches(other, pair[1]) || len(with) > 0 && matches(other, with[0])
				if first && second {
					return &model.Conflicts[i]
				}
			}
		}
	}
	return nil
}

// matches reports whether an option as written is what a term says.
func matches(term, written string) bool {
	if written == "coalesce=off" || strings.HasSuffix(written, "=0") && strings.Contains(term, "=") {
		return term == written
	}
	return term == written || strings.HasPrefix(written, term+"=") || term == "key=fn" && written == "key=key"
}

// TestRequirements has a function for every row of the table that lacks what the option needs: that
// is refused with its reason, and nothing else is said.
func TestRequirements(t *testing.T) {
	const (
		noContext = "func F%d(n int) (int, error) { return 0, nil }"
		noError   = "func F%d(ctx context.Context, n int) int { return 0 }"
		noValue   = "func F%d(ctx context.Context, n int) error { return nil }"
		noPointer = "func (c Client) F%d(n int) (int, error) { return 0, nil }"
	)
	lacking := map[string]string{
		"vary": noContext, "per=run": noContext, "per=receiver": noPointer, "stale-if-error": noError, "error-max-age": noError,
		"keep-failed": noError, "max-age=fn": noValue, "unless": noValue, "target": noValue,
		"types": noValue, "drop": noValue,
	}
	written := map[string]string{
		"vary": "vary=tenant", "stale-if-error": "stale-if-error=1m", "error-max-age": "error-max-age=1m", "max-age=fn": "max-age=age",
		"unless": "unless=empty", "target": "target={n}.json", "types": "types=Client", "drop": "drop=n", "stale-while-revalidate": "stale-while-revalidate=1m",
	}
	for i, r := range model.Requirements {
		f := lacking[r.Option]
		option := cmp.Or(written[r.Option], r.Option)
		switch {
		case r.Needs == "max-age":
			f = strings.Replace(noContext, "n int", "ctx context.Context, n int", 1)
		case strings.HasPrefix(r.Option, "stale-"):
			option += " max-age=1h"
		}
		src := declarations + "\n//cache:auto " + option + "\n" + fmt.Sprintf(f, i) + "\n"
		prog, _ := program(t, &txtar.Archive{Files: []txtar.File{{Name: "example.com/a/a.go", Data: []byte(src)}}})
		var diags diag.List
		model.Build(prog, &diags)
		want := r.Option + " needs " + r.Needs + ": " + r.Why
		if all := diags.Sorted(); len(all) != 1 || all[0].Message != want {
			t.Errorf("%s: %v, want %s", option, all, want)
		}
	}
}
