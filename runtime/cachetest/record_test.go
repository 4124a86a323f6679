package cachetest_test

import (
	"context"
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/cacheimpl"
	"github.com/cachegen/cachegen/runtime/cachetest"
)

// run makes calls in a test that records to or plays back from dir, and returns what the test said:
// its errors, and what it logged.
func run(t *testing.T, mode, dir string, calls func(ctx context.Context), options ...cachetest.Option) (errors, logs string) {
	t.Helper()
	t.Setenv(cachetest.Variable, mode)
	fake := &tb{TB: t}
	c := cachetest.Record(fake, dir, options...)
	calls(c.Context(t.Context()))
	fake.end()
	return fake.said(), strings.Join(fake.logs, "\n")
}

// files returns the recordings below dir: what they hold by name.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]string{}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		m[name] = string(data)
	}
	return m
}

// only returns the only recording below dir.
func only(t *testing.T, dir string) (name, content string) {
	t.Helper()
	m := files(t, dir)
	if len(m) != 1 {
		t.Fatalf("%d recordings", len(m))
	}
	for name, content = range m {
	}
	return name, content
}

func TestRecordAndPlayBack(t *testing.T) {
	// The result is never to be reused, and is older than that when it is played back: a recording
	// has any age.
	w := forecast("Recorded", "v1:1", cacheimpl.Options{MaxAge: cacheimpl.NoReuse})
	dir := t.TempDir()
	t.Setenv("CI", "") // at a desk, where what is missing is recorded by default
	call := func(ctx context.Context) {
		if r := w.must(t, ctx, "Berlin"); r.City != "Berlin" || r.note != "a\nb" {
			t.Errorf("%+v", r)
		}
	}
	if said, _ := run(t, "", dir, call); said != "" || w.executed() != 1 {
		t.Fatal(said)
	}
	name, content := only(t, dir)
	if !strings.HasPrefix(filepath.Base(name), "Recorded-") {
		t.Error(name)
	}
	for _, want := range []string{
		"function  example.com/weather.Recorded\nversion   v1:1\ninputs    City:\"Berlin\"\n",
		"\nresult\n    City: \"Berlin\"\n    Days:\n      - 1\n    Token: \"REDACTED\"\n    note: |\n      a\n      b\n\ndata\n",
	} {
		if !strings.Contains(content, want) {
			t.Errorf("no %q in\n%s", want, content)
		}
	}
	for _, mode := range []string{"", "missing", "never"} {
		said, logs := run(t, mode, dir, func(ctx context.Context) {
			call(ctx)
			if r := w.must(t, ctx, "Berlin"); r.Token != "REDACTED" || r.Days[0] != 1 {
				t.Errorf("%+v", r)
			}
		})
		if said != "" || logs != "" || w.executed() != 0 {
			t.Errorf("mode %q: %s %s", mode, said, logs)
		}
	}
	if _, again := only(t, dir); again != content {
		t.Error("playing back changed the file")
	}
}

// TestRecordModes sees what becomes of a call that has a recording, and of one that has none, in
// each mode.
func TestRecordModes(t *testing.T) {
	for _, test := range []struct {
		mode, ci string
		executed int
		fails    bool
	}{
		{"", "", 1, false},
		{"", "false", 1, false},
		{"", "true", 0, true},
		{"missing", "true", 1, false},
		{"never", "", 0, true},
		{"all", "true", 2, false},
	} {
		t.Run(test.mode+"/"+test.ci, func(t *testing.T) {
			w := forecast("Mode"+test.mode+test.ci, "v1:1", cacheimpl.Options{})
			dir := t.TempDir()
			run(t, "missing", dir, func(ctx context.Context) { w.must(t, ctx, "Berlin") })
			w.executed()
			t.Setenv("CI", test.ci)
			said, _ := run(t, test.mode, dir, func(ctx context.Context) {
				w.must(t, ctx, "Berlin")
				if _, err := w.call(ctx, "Rome"); (err != nil) != test.fails {
					t.Error(err)
				}
			})
			if n := w.executed(); n != test.executed || (said != "") != test.fails {
				t.Errorf("%d executions; %s", n, said)
			}
		})
	}
}

// TestMissingSaysWhy sees that each way in which a recording can be missing has its reason, and the
// command to record.
func TestMissingSaysWhy(t *testing.T) {
	berlin := func(w *weather) func(context.Context) {
		return func(ctx context.Context) { _, _ = w.call(ctx, "Berlin") }
	}
	for name, test := range map[string]struct {
		recorded, called *weather
		spoil            func(t *testing.T, name, content string)
		calls            func(w *weather) func(context.Context)
		want             string
	}{
		"nothing recorded": {
			called: forecast("WhyNone", "v1:1", cacheimpl.Options{}), calls: berlin,
			want: `none of this function; it was called with City:"Berlin"`,
		},
		"other inputs": {
			recorded: forecast("WhyInputs", "v1:1", cacheimpl.Options{}), called: forecast("WhyInputs", "v1:1", cacheimpl.Options{}),
			calls: func(w *weather) func(context.Context) {
				return func(ctx context.Context) { _, _ = w.call(ctx, "Rome") }
			},
			want: `it was called with City:"Rome", and recorded are City:"Berlin"`,
		},
		"other code": {
			recorded: forecast("WhyCode", "v1:1", cacheimpl.Options{}), called: forecast("WhyCode", "v1:2", cacheimpl.Options{}), calls: berlin,
			want: `the one for City:"Berlin" was made by other code (version v1:1, now v1:2)`,
		},
		"other salt": {
			recorded: forecast("WhySalt", "v1:1", cacheimpl.Options{}), called: forecast("WhySalt", "v1:1", cacheimpl.Options{Salt: "s"}), calls: berlin,
			want: `the one for City:"Berlin" differs in the salt`,
		},
		"edited": {
			recorded: forecast("WhyEdited", "v1:1", cacheimpl.Options{}), called: forecast("WhyEdited", "v1:1", cacheimpl.Options{}), calls: berlin,
			spoil: func(t *testing.T, name, content string) {
				write(t, name, strings.Replace(content, `City: "Berlin"`, `City: "Munich"`, 1))
			},
			want: "was edited, so its readable result is not what it holds",
		},
		"forgotten": {
			recorded: forecast("WhyForgotten", "v1:1", cacheimpl.Options{}), called: forecast("WhyForgotten", "v1:1", cacheimpl.Options{}),
			calls: func(w *weather) func(context.Context) {
				return func(ctx context.Context) {
					if err := w.cache.Forget(ctx, city{"Berlin"}); err != nil {
						t.Error(err)
					}
					_, _ = w.call(ctx, "Berlin")
				}
			},
			want: "the test forgot it",
		},
		"refresh": {
			recorded: forecast("WhyRefresh", "v1:1", cacheimpl.Options{}), called: forecast("WhyRefresh", "v1:1", cacheimpl.Options{}),
			calls: func(w *weather) func(context.Context) {
				return func(ctx context.Context) { _, _ = w.call(cache.WithMode(ctx, cache.Refresh), "Berlin") }
			},
			want: "there is one, which may not be used here (too old)",
		},
		"no key": {
			called: forecast("WhyNoKey", "v1:1", cacheimpl.Options{}),
			calls: func(w *weather) func(context.Context) {
				return func(ctx context.Context) {
					if err := unkeyed(ctx, w); err == nil {
						t.Error("the function was called")
					}
				}
			},
			want: "the call can't be cached (no key)",
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if test.recorded != nil {
				run(t, "missing", dir, func(ctx context.Context) { test.recorded.must(t, ctx, "Berlin") })
			}
			if test.spoil != nil {
				name, content := only(t, dir)
				test.spoil(t, name, content)
			}
			said, _ := run(t, "never", dir, test.calls(test.called))
			if n := test.called.executed(); n != 0 {
				t.Errorf("%d executions", n)
			}
			command := "\n\trecord it with: CACHEGEN_RECORD=missing go test -run '^TestMissingSaysWhy$/^" + strings.ReplaceAll(name, " ", "_") +
				"$' github.com/cachegen/cachegen/runtime/cachetest"
			if !strings.Contains(said, test.want) || !strings.Contains(said, command) {
				t.Errorf("said %s\nwant %s%s", said, test.want, command)
			}
		})
	}
}

// unkeyed calls w as generated code does if the arguments have no key.
func unkeyed(ctx context.Context, w *weather) error {
	_, err := cacheimpl.DoUnkeyed(ctx, w.cache.Core, cache.ErrUnkeyed, func(context.Context) (report, error) { return report{}, nil })
	return err
}

func write(t *testing.T, name, content string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestRecordAgain sees which files change when a test is recorded again.
func TestRecordAgain(t *testing.T) {
	constant := cacheimpl.NewFunction[city, int](cacheimpl.Spec{Name: "example.com/weather.Constant", Version: "v1:1"})
	same := func(ctx context.Context) {
		_, err := cacheimpl.Do(ctx, constant.Core, city{"Berlin"}, func(context.Context) (int, error) { return 7, nil })
		if err != nil {
			t.Error(err)
		}
	}
	dir := t.TempDir()
	run(t, "missing", dir, same)
	name, before := only(t, dir)
	time.Sleep(time.Millisecond) // so that it is another moment
	run(t, "all", dir, same)
	if _, after := only(t, dir); after != before {
		t.Errorf("a result that is the same changed its file:\n%s\n%s", before, after)
	}
	write(t, name, "spoiled")
	if said, logs := run(t, "missing", dir, same); said != "" || !strings.Contains(logs, "is no recording") {
		t.Errorf("%s %s", said, logs)
	}
	if _, mended := only(t, dir); !strings.Contains(mended, "result\n    7\n") {
		t.Errorf("a spoiled recording was not made anew:\n%s", mended)
	}
}

func TestUnusedRecordings(t *testing.T) {
	w := forecast("Unused", "v1:1", cacheimpl.Options{})
	dir := t.TempDir()
	both := func(ctx context.Context) { w.must(t, ctx, "Berlin"); w.must(t, ctx, "Rome") }
	one := func(ctx context.Context) { w.must(t, ctx, "Rome") }
	run(t, "missing", dir, both)
	for _, mode := range []string{"missing", "never"} {
		if said, logs := run(t, mode, dir, one); said != "" || strings.Count(logs, "was not used") != 1 {
			t.Errorf("%s: %s %s", mode, said, logs)
		}
	}
	if _, logs := run(t, "missing", dir, both); logs != "" {
		t.Error(logs)
	}
	run(t, "all", dir, one)
	if _, content := only(t, dir); !strings.Contains(content, "Rome") {
		t.Error(content)
	}
}

// TestNestedRecordings sees that what a recorded call calls is recorded too, and counts as used
// where only the outer one is asked for.
func TestNestedRecordings(t *testing.T) {
	inner := forecast("Inner", "v1:1", cacheimpl.Options{})
	outer := func(version string) func(context.Context) {
		f := cacheimpl.NewFunction[city, string](cacheimpl.Spec{Name: "example.com/weather.Outer", Version: version})
		return func(ctx context.Context) {
			_, err := cacheimpl.Do(ctx, f.Core, city{"Berlin"}, func(ctx context.Context) (string, error) {
				r, err := inner.call(ctx, "Berlin")
				return r.City, err
			})
			if err != nil {
				t.Error(err)
			}
		}
	}
	dir := t.TempDir()
	run(t, "missing", dir, outer("v1:1"))
	if n := len(files(t, dir)); n != 2 {
		t.Fatalf("%d recordings", n)
	}
	if said, logs := run(t, "never", dir, outer("v1:1")); said != "" || logs != "" {
		t.Errorf("%s %s", said, logs)
	}
	inner.executed()
	run(t, "missing", dir, outer("v1:2")) // the inner one's code is the same
	if n := inner.executed(); n != 0 {
		t.Errorf("%d executions", n)
	}
}

// TestRenamedFunctions sees that a function finds its recordings under another name, unless the
// name is part of what they are.
func TestRenamedFunctions(t *testing.T) {
	for name, test := range map[string]struct {
		version string
		options cacheimpl.Options
		kept    bool
	}{
		"computed version": {"v1:0a", cacheimpl.Options{}, true},
		"own version":      {"7", cacheimpl.Options{}, false},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			before, after := forecast("Before", test.version, test.options), forecast("After", test.version, test.options)
			run(t, "missing", dir, func(ctx context.Context) { before.must(t, ctx, "Berlin") })
			said, logs := run(t, "never", dir, func(ctx context.Context) { _, _ = after.call(ctx, "Berlin") })
			if (said == "" && logs == "") != test.kept || after.executed() != 0 {
				t.Errorf("%s %s", said, logs)
			}
		})
	}
}

// TestRedaction sees that no secret is in a file.
func TestRedaction(t *testing.T) {
	type login struct {
		User     string
		Auth     struct{ Password []byte }
		Headers  map[string][]string
		Any      any
		APIKeys  *[]string
		NextPage string
	}
	secret := "s3cr3t-value"
	result := login{
		User: "ann", Headers: map[string][]string{"Authorization": {secret}, "Accept": {"text/plain"}},
		Any: map[string]any{"token": secret, "other": "shown"}, APIKeys: &[]string{"listed"}, NextPage: "page-2",
	}
	result.Auth.Password = []byte(secret)
	f := cacheimpl.NewFunction[city, login](cacheimpl.Spec{
		Name: "example.com/weather.Login", Version: "v1:1", Types: []any{map[string]any{}, ""},
	})
	call := func(ctx context.Context) {
		r, err := cacheimpl.Do(ctx, f.Core, city{"Berlin"}, func(context.Context) (login, error) { return result, nil })
		if err != nil || string(result.Auth.Password) != secret || r.User != "ann" {
			t.Errorf("%+v, %v", r, err)
		}
	}
	for name, test := range map[string]struct {
		options      []cachetest.Option
		hidden, kept []string
	}{
		"by name": {nil, []string{secret}, []string{"page-2", "shown", "text/plain"}},
		"by type": {
			[]cachetest.Option{cachetest.Redact(func(l *login) { l.NextPage = "page-0" })}, []string{secret, "page-2"}, []string{"page-0", "shown"},
		},
		"kept": {[]cachetest.Option{cachetest.KeepSecrets()}, nil, []string{secret, "page-2"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if said, _ := run(t, "missing", dir, call, test.options...); said != "" {
				t.Fatal(said)
			}
			_, content := only(t, dir)
			for _, s := range test.hidden {
				if strings.Contains(content+raw(t, content), s) {
					t.Errorf("%q is in the file:\n%s", s, content)
				}
			}
			for _, s := range test.kept {
				if !strings.Contains(content, s) || !strings.Contains(raw(t, content), s) {
					t.Errorf("%q is not in the file:\n%s", s, content)
				}
			}
			if said, logs := run(t, "never", dir, call, test.options...); said != "" || logs != "" {
				t.Errorf("%s %s", said, logs)
			}
		})
	}
}

// TestFailuresAreNotRecorded sees that an error is returned as it is, and that nothing is recorded.
func TestFailuresAreNotRecorded(t *testing.T) {
	w := forecast("Failing", "v1:1", cacheimpl.Options{})
	w.err = errors.New("down")
	dir := t.TempDir()
	said, _ := run(t, "missing", dir, func(ctx context.Context) {
		if _, err := w.call(ctx, "Berlin"); !errors.Is(err, w.err) {
			t.Error(err)
		}
	})
	if said != "" || len(files(t, dir)) != 0 {
		t.Errorf("%s; %d files", said, len(files(t, dir)))
	}
}

// TestUnstoredFunctionsAreCalled sees that functions whose results have no stored form go on as
// ever.
func TestUnstoredFunctionsAreCalled(t *testing.T) {
	w := forecast("Unstored", "v1:1", cacheimpl.Options{MemoryOnly: true})
	dir := t.TempDir()
	for _, mode := range []string{"missing", "never"} {
		if said, _ := run(t, mode, dir, func(ctx context.Context) { w.must(t, ctx, "Berlin") }); said != "" || w.executed() != 1 {
			t.Errorf("%s: %s", mode, said)
		}
	}
}

// TestUnwritable sees that a test fails that can't keep what it records, and its calls don't.
func TestUnwritable(t *testing.T) {
	w := forecast("Unwritable", "v1:1", cacheimpl.Options{})
	dir := filepath.Join(t.TempDir(), "file")
	write(t, dir, "in the way")
	if said, _ := run(t, "missing", dir, func(ctx context.Context) { w.must(t, ctx, "Berlin") }); !strings.Contains(said, "recording a result of") {
		t.Errorf("said %q", said)
	}
}

// raw returns the data of a recording as it is before it is written in base64.
func raw(t *testing.T, content string) string {
	t.Helper()
	_, data, _ := strings.Cut(content, "\ndata\n")
	b, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(data), ""))
	if err != nil || len(b) == 0 {
		t.Fatal(err)
	}
	return string(b)
}
