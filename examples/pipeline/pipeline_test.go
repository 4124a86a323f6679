package main

import (
	"bytes"
	"context"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/store"
)

// TestMain is main in a process that a test started.
func TestMain(m *testing.M) {
	log.SetFlags(0)
	if os.Getenv("PIPELINE") == "" {
		os.Exit(m.Run())
	}
	pause, err := time.ParseDuration(os.Getenv("PIPELINE"))
	if err != nil {
		panic(err)
	}
	err = start(cache.WithRun(context.Background(), "test"), pause)
	if err := cache.Close(context.Background()); err != nil {
		panic(err)
	}
	if err != nil {
		panic(err)
	}
}

// output is what a process printed so far.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// begin starts the program with its results in dir.
func begin(t *testing.T, dir, pause string) (*exec.Cmd, *output) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd, out := exec.Command(exe), new(output)
	cmd.Env = append(os.Environ(), "PIPELINE="+pause, "CACHEGEN_DIR="+dir)
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, out
}

// entries counts the results in dir.
func entries(t *testing.T, dir string) (n int) {
	t.Helper()
	s, err := store.Open(t.Context(), "dir://"+filepath.ToSlash(dir))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, err := range s.(store.Lister).List(t.Context(), "e/") {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	return n
}

// TestFinishedStepsAreNotRepeated kills the program in its second step, with SIGKILL, and starts it
// again.
func TestFinishedStepsAreNotRepeated(t *testing.T) {
	const forecast = "next month: 136\n"
	dir := t.TempDir()
	first, out := begin(t, dir, "1s")
	for deadline := time.Now().Add(time.Minute); entries(t, dir) < 3; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("three steps don't end: %s", out)
		}
	}
	_ = first.Process.Kill()
	_ = first.Wait()
	if got := out.String(); !strings.HasPrefix(got, "fetching 2023\nfetching 2024\nfetching 2025\n") || strings.Contains(got, "next") {
		t.Fatalf("the first run printed:\n%s", got)
	}
	for i, want := range []string{"cleaning\nfitting\n" + forecast, forecast} {
		cmd, out := begin(t, dir, "0")
		if err := cmd.Wait(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		if got := out.String(); got != want {
			t.Errorf("start %d printed:\n%s", i+2, got)
		}
	}
}

// TestRunsAreApart starts two runs in one process.
func TestRunsAreApart(t *testing.T) {
	defer log.SetOutput(os.Stderr)
	for _, run := range []string{"a", "b"} {
		var out bytes.Buffer
		log.SetOutput(&out)
		if err := start(cache.WithRun(t.Context(), run), 0); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(out.String(), "fetching 2023\n") {
			t.Errorf("run %s printed:\n%s", run, &out)
		}
	}
}
