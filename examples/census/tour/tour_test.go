package main

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "draw the picture in README.md anew, from a tour of the toolchain's whole source")

// TestTour takes the tour of a small part of the toolchain's source, and sees that each step comes
// to what it says, and that README.md has the picture of such a tour.
func TestTour(t *testing.T) {
	var out bytes.Buffer
	v := &visit{dir: t.TempDir(), out: &out}
	if !*update {
		goroot, err := exec.Command("go", "env", "GOROOT").Output()
		if err != nil {
			t.Fatal(err)
		}
		v.source = filepath.Join(strings.TrimSpace(string(goroot)), "src", "encoding")
	}
	if err := v.tour(); err != nil {
		t.Fatalf("%v\n%s", err, &out)
	}
	for i, want := range []struct{ measure, words bool }{{true, true}, {false, false}, {false, false}, {true, false}} {
		r := v.runs[i]
		for name, computes := range map[string]bool{"measure": want.measure, "words": want.words} {
			if r.computes(name) != computes || r.computed[name]+r.reused[name] == 0 {
				t.Errorf("%s: %s: %d computed, %d reused\n%s", r.title, name, r.computed[name], r.reused[name], &out)
			}
		}
	}
	for _, nonsense := range []string{" 0 reused", ": 0 computed", "took 0s,"} {
		if strings.Contains(out.String(), nonsense) {
			t.Errorf("it says %q:\n%s", nonsense, &out)
		}
	}
	comparePicture(t, picture(v.runs))
}

const begin, end = "<!-- picture: go test ./examples/census/tour -update -->\n```text\n", "```\n<!-- end of picture -->"

// comparePicture compares README.md's picture with one, but for the times.
func comparePicture(t *testing.T, drawn string) {
	t.Helper()
	name := filepath.Join("..", "..", "..", "README.md")
	readme, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, found := strings.Cut(string(readme), begin)
	there, tail, ended := strings.Cut(rest, end)
	if !found || !ended {
		t.Fatal("README.md has no picture")
	}
	if *update {
		if err := os.WriteFile(name, []byte(head+begin+drawn+end+tail), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	times := regexp.MustCompile(`[\d.]+ s\n`)
	if a, b := times.ReplaceAllString(there, "\n"), times.ReplaceAllString(drawn, "\n"); a != b {
		t.Errorf("README.md shows\n%s\nand a tour comes to\n%s", there, drawn)
	}
}

func TestPicture(t *testing.T) {
	r := runOf("second run", 905*time.Millisecond, "measure: 3 computed, 1 reused, which once took 1.2s\nwords: 4 reused, which once took 3s\n")
	want := "                      measure                 words                   time\n" +
		"second run            ██████░░ computed       ░░░░░░░░ reused         0.9 s\n"
	if got := picture([]run{r}); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}
