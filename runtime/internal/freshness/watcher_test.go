package freshness

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cachegen/cachegen/internal/sources"
)

// TestChanged edits a helper in another directory, and compares for functions that the record knows
// well, in another version, or not.
func TestChanged(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("HOME", t.TempDir())
	dir, helper := t.TempDir(), t.TempDir()
	source := filepath.Join(helper, "helper.go")
	write(t, source, "package helper\n\nconst One = 1\n")
	own, other := digest(t, dir), digest(t, helper)
	record(t, sources.Record{
		Format: sources.Format, Dir: dir, Digests: map[string]string{dir: own, helper: other},
		Functions: map[string]string{"p.F": "v1:a", "p.G": "v1:b"},
	})
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })

	for _, step := range []struct {
		source string
		want   bool
	}{
		{"package helper\n\nconst One = 1 // one\n", false},
		{"package helper\n\nconst One = 2\n", true},
	} {
		write(t, source, step.source)
		w := new(Watcher)
		for _, f := range []struct {
			dir, name, version string
			want               bool
		}{
			{dir, "p.F", "v1:a", step.want},
			{dir, "p.F", "v1:a", step.want},
			{dir, "p.F", "v1:c", false},
			{dir, "p.G", "v1:b", step.want},
			{dir, "p.H", "v1:a", false},
			{helper, "p.F", "v1:a", false},
		} {
			if got := w.changed(f.dir, f.name, f.version); got != f.want {
				t.Errorf("%q: %s %s: changed is %v, want %v", step.source, f.name, f.version, got, f.want)
			}
		}
	}
	if n := strings.Count(log.String(), "func=p.F"); n != 1 || !strings.Contains(log.String(), helper) {
		t.Errorf("%d warnings, want one that names %s:\n%s", n, helper, log.String())
	}
	if err := os.RemoveAll(helper); err != nil {
		t.Fatal(err)
	}
	if !new(Watcher).changed(dir, "p.F", "v1:a") {
		t.Error("sources that are gone count as unchanged")
	}
}

// TestFormat leaves records of other forms, and what is none, alone.
func TestFormat(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("HOME", t.TempDir())
	dir := t.TempDir()
	r := sources.Record{Format: sources.Format, Dir: dir, Digests: map[string]string{dir: ""}, Functions: map[string]string{"p.F": "1"}}
	record(t, r)
	if !new(Watcher).changed(dir, "p.F", "1") {
		t.Fatal("a directory without a digest counts as unchanged")
	}
	r.Format++
	record(t, r)
	if new(Watcher).changed(dir, "p.F", "1") {
		t.Error("a record of another form is used")
	}
	folder, err := sources.Folder()
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(folder, sources.Name(dir)), "{")
	if new(Watcher).changed(dir, "p.F", "1") {
		t.Error("half a record is used")
	}
}

func record(t *testing.T, r sources.Record) {
	t.Helper()
	folder, err := sources.Folder()
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(folder, sources.Name(r.Dir)), string(data))
}

func digest(t *testing.T, dir string) string {
	t.Helper()
	d, err := sources.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	return d.Digest
}

func write(t *testing.T, name, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}
