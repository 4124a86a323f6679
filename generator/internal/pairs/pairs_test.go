package pairs

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	_ "github.com/cachegen/cachegen/internal/repeatable"
	"github.com/cachegen/cachegen/runtime/store"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler)) // calls without a key are meant to be
	os.Exit(m.Run())
}

// TestPairs drives each function through random steps in two processes. A result must be one that
// the call may use by the options, as a plain model understands them, and a call must not execute
// where there is one for certain.
func TestPairs(t *testing.T) {
	for i := range subjects {
		s := &subjects[i]
		t.Run(fmt.Sprintf("f%02d", i), func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				sequence := rapid.SliceOfN(steps, 1, 25).Draw(rt, "steps")
				if err := run(t, s, medium.Draw(rt, "medium"), sequence); err != nil {
					rt.Fatalf("%s\n%v", s.directive, err)
				}
			})
		})
	}
}

// medium is the scheme of what processes share. Folders are slower.
var medium = rapid.SampledFrom([]string{"memory:", "memory:", "memory:", "memory:", "memory:", "memory:", "memory:", "dir://"})

// systems is how many there were.
var systems int

// open returns the beginning of the URLs of two empty stores, and what removes them. Those in
// memory live as long as somebody has them open.
func open(t *testing.T, medium string) (base string, remove func(), err error) {
	if medium == "dir://" {
		dir, err := os.MkdirTemp("", "pairs")
		return medium + filepath.ToSlash(dir) + "/", func() { os.RemoveAll(dir) }, err
	}
	base = fmt.Sprint(medium, "pairs", systems, "-")
	first, err1 := store.Open(t.Context(), base+"1")
	second, err2 := store.Open(t.Context(), base+"2")
	return base, func() { first.Close(); second.Close() }, errors.Join(err1, err2)
}

// run does a sequence of steps, and returns what went wrong.
func run(t *testing.T, s *subject, medium string, sequence []step) (err error) {
	systems++
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Duration(systems) * time.Hour) // stamps are a process's, and its time must not go back
		base, remove, failed := open(t, medium)
		if err = failed; err != nil {
			return
		}
		defer remove()
		y, failed := newSystem(s, base)
		if err = failed; err != nil {
			return
		}
		for i, step := range sequence {
			if wrong := y.do(step); wrong != nil {
				err = fmt.Errorf("%s\nstep %d: %w", strings.Join(y.diary, "\n"), i, wrong)
				break
			}
		}
		for _, p := range y.processes {
			if failed := p.end(); err == nil {
				err = failed
			}
		}
	})
	return err
}

// TestFunctionsAreUpToDate makes the functions again.
func TestFunctionsAreUpToDate(t *testing.T) {
	dir := t.TempDir()
	if out, err := exec.Command("go", "run", "./make", "-dir", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, name := range []string{"functions.go", "functions_test.go"} {
		want, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(name); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not what the generator's tables say: go generate (%v)", name, err)
		}
	}
}
