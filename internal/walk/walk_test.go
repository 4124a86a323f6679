package walk

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWalk(t *testing.T) {
	w := New(t, "COLOUR=blue")
	w.Write(t, "a/b.txt", "text")
	if got, want := w.Must(t, `cat a/b.txt; echo " $COLOUR"; pwd; echo $HOME`), "text blue\n"+w.Dir+"\n"+w.Dir+"\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if out, err := w.Run("echo before; false; echo after"); err == nil || out != "before\n" {
		t.Errorf("a command that fails ends a script: %q, %v", out, err)
	}
	c := w.Copy(t)
	c.Must(t, "rm a/b.txt; pwd > here.txt")
	if _, err := os.Stat(filepath.Join(w.Dir, "a", "b.txt")); err != nil || c.Dir == w.Dir {
		t.Errorf("what a copy does is seen in %s: %v", w.Dir, err)
	}
}

// TestGetTool adds each command to a module, which then has its packages from this repository.
func TestGetTool(t *testing.T) {
	for dir, tool := range tools {
		w := New(t)
		w.Must(t, "go mod init example.com/reader && go get -tool "+tool)
		got := strings.TrimSpace(w.Must(t, "go list -f '{{.Dir}}' "+tool))
		want, err := filepath.EvalSymlinks(filepath.Join(Repository(t), dir))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(got, want) {
			t.Errorf("%s is in %s, want below %s", tool, got, want)
		}
	}
}

func TestCommands(t *testing.T) {
	var got []string
	for command, shown := range Commands("$ one\n$ two 'a $ b'\nprints\ntwo lines\n\n$ three\n") {
		got = append(got, command+" -> "+shown)
	}
	if want := "one -> |two 'a $ b' -> prints\ntwo lines|three -> "; strings.Join(got, "|") != want {
		t.Errorf("%q, want %q", strings.Join(got, "|"), want)
	}
}
