package settings

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// TestSource changes a file in the ways in which files change, and looks at what a reader is told.
func TestSource(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "settings.json")
	other := filepath.Join(dir, "other.json")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	put := func(name, text string) { t.Helper(); must(os.WriteFile(name, []byte(text), 0o600)) }
	put(name, `{"mode":    "use"}`)
	s, f, err := Open(name, modes)
	if err != nil || f.Mode != "use" {
		t.Fatal(f, err)
	}
	before, err := os.Stat(name)
	must(err)
	for _, step := range []struct {
		name   string
		change func()
		mode   string // of the new file, "" for no news
		fault  bool
	}{
		{"nothing", func() {}, "", false},
		{"the same text is written again", func() { put(name, `{"mode":    "use"}`) }, "", false},
		{"another text of the same length and time", func() {
			put(name, `{"mode": "bypass"}`)
			must(os.Chtimes(name, before.ModTime(), before.ModTime()))
		}, "bypass", false},
		{"another file in its place", func() { put(other, `{"mode":"frozen"}`); must(os.Rename(other, name)) }, "frozen", false},
		{"half of it is written", func() { put(name, `{"mode":"by`) }, "", false},
		{"all of it is written", func() { put(name, `{"mode":"bypass"}`) }, "bypass", false},
		{"it is empty", func() { put(name, "") }, "", false},
		{"it stays empty", func() {}, "", true},
		{"that was told", func() {}, "", false},
		{"it is as it was", func() { put(name, `{"mode":"bypass"}`) }, "", false},
		{"it is gone", func() { must(os.Remove(name)) }, "", false},
		{"it stays away", func() {}, "", true},
		{"that was told", func() {}, "", false},
		{"a link comes in its place", func() { put(other, `{"mode":"use"}`); must(os.Symlink(other, name)) }, "use", false},
		{"the link's file changes", func() { put(other, `{"mode":"frozen"}`) }, "frozen", false},
		{"it would change keys", func() { put(other, `{"salt":"2"}`) }, "", false},
		{"it would still", func() {}, "", true},
	} {
		step.change()
		f, err := s.Next()
		got := ""
		if f != nil {
			got = f.Mode
		}
		if got != step.mode || (err != nil) != step.fault {
			t.Errorf("%s: %s", step.name, fmt.Sprint(f, err))
		}
	}
}
