package model_test

import (
	"fmt"
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

func age(r Report) time.Duration                                                      { return 1 }
func key(c *Client, ctx context.Context, ids []string, city string) (string, error)   { return "", nil }
func tenant(ctx context.Context) string                                               { return "" }
func check(ctx context.Context, e cache.Entry, r Report) bool                         { return true }
func empty(r Report) bool                                                             { return true }
func policy(ctx context.Context, p cache.VersionParams) (string, error)               { return "", nil }
`

// sample is an option with a value that method F of the tests can have alone, and one that it can't have.
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
	{option: "memory-entries", good: "memory-entries=9", bad: "memory-entries=1.5"},
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

// judge builds method F with a behaviour and options and returns what is wrong with it.
func judge(t *testing.T, behaviour string, options ...string) string {
	t.Helper()
	result, unwrapped := "Report", "Report{}"
	if strings.Contains(strings.Join(options, " "), "batch=") {
		result, unwrapped = "map[string]Report", "nil"
	}
	if behaviour == "override" && !strings.Contains(strings.Join(options, " "), "version=") {
		options = append([]string{"version=1"}, options...)
	}
	src := fmt.Sprintf("%s\n//cache:%s %s\nfunc (c *Client) F(ctx context.Context, ids []string, city string) (%s, error) { return %s, nil }\n",
		declarations, behaviour, strings.Join(options, " "), result, unwrapped)
	prog, _ := program(t, &txtar.Archive{Files: []txtar.File{{Name: "example.com/a/a.go", Data: []byte(src)}}})
	var diags diag.List
	model.Build(prog, &diags)
	if len(prog.Roots[0].Errors) > 0 {
		t.Fatal(prog.Roots[0].Errors)
	}
	var b strings.Builder
	for _, d := range diags.Sorted() {
		fmt.Fprintln(&b, d.Message)
	}
	return b.String()
}

// TestOptions has an accepting and a refusing case for every option of the table.
func TestOptions(t *testing.T) {
	covered := map[string]bool{}
	for _, s := range samples {
		covered[s.option] = true
		behaviour := "auto"
		if s.behaviour != "" {
			behaviour = s.behaviour
		}
		if wrong := judge(t, behaviour, append(s.with, s.good)...); wrong != "" {
			t.Errorf("%s is refused: %s", s.good, wrong)
		}
		if judge(t, behaviour, append(s.with, s.bad)...) == "" {
			t.Errorf("%s is accepted", s.bad)
		}
	}
	for o := range directive.Options() {
		if !covered[o.Name] {
			t.Errorf("no case for %s", o.Name)
		}
	}
}

// TestPairs combines every two options: what the table of conflicts has is refused with its reason, all else accepted.
func TestPairs(t *testing.T) {
	seen := map[string]bool{}
	for i, a := range samples {
		for _, b := range samples[i+1:] {
			if a.option == b.option || a.behaviour != "" && b.option == "policy" || b.behaviour != "" && a.option == "policy" {
				continue
			}
			with := append(append([]string{}, a.with...), b.with...)
			if a.option == "max-age" || b.option == "max-age" {
				with = nil
			}
			behaviour := "auto"
			if a.behaviour+b.behaviour != "" {
				behaviour = "override"
			}
			if len(with) > 1 {
				with = with[:1]
			}
			options := adapt(append(with, a.good, b.good))
			wrong := judge(t, behaviour, options...)
			if listed := listed(a.good, b.good, with); listed != nil {
				seen[listed.Option+listed.Why] = true
				if !strings.Contains(wrong, listed.Why) {
					t.Errorf("%s: not refused because %s: %s", options, listed.Why, wrong)
				}
			} else if wrong != "" {
				t.Errorf("%s: refused: %s", options, wrong)
			}
		}
	}
	for _, c := range model.Conflicts {
		if !seen[c.Option+c.Why] && c.Option != "policy=deep" {
			t.Errorf("no pair for %s: %s", c.Option, c.Why)
		}
	}
}

// adapt changes options so that they fit together: a target has all that identifies a result.
func adapt(options []string) []string {
	joined := " " + strings.Join(options, " ") + " "
	target := "target={c}/{ids}/{city}.json"
	switch {
	case strings.Contains(joined, " ignore=city "):
		joined = strings.ReplaceAll(joined, target, "target={c}/{ids}.json")
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
	return term == written || strings.HasPrefix(written, term+"=")
}
