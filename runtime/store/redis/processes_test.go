package redis_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestProcesses has two processes call functions wrapped by generated code over one Redis: they
// share results, leases and what is forgotten, with the server killed and restarted in the middle
// and no call failing.
func TestProcesses(t *testing.T) {
	program := buildWeather(t)
	n := startNode(t)
	log := filepath.Join(t.TempDir(), "asked")
	one, two := startWeather(t, program, n.addr, log), startWeather(t, program, n.addr, log)
	asked := func(city string) int {
		b, err := os.ReadFile(log)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Count(string(b), city+" by ")
	}
	shared := func(city string) {
		t.Helper()
		answers := make(chan string, 2)
		for _, p := range []*weather{one, two} { // At once: one asks, the other waits for the lease.
			go func() { answers <- p.do("forecast " + city) }()
		}
		if a, b := <-answers, <-answers; a != b || asked(city) != 1 {
			t.Fatalf("two processes that call at once have %q and %q, asked %d times, want one answer", a, b, asked(city))
		}
	}
	forgotten := func(city, how string) {
		t.Helper()
		old := one.do("forecast " + city)
		if got := two.do("forecast " + city); got != old {
			t.Fatalf("before it is forgotten: %q and %q", old, got)
		}
		if got := one.do(how); got != "<nil>" {
			t.Fatalf("%s: %s", how, got)
		}
		waitFor(t, "the other process to hear of "+how, func() bool { return two.do("forecast "+city) != old })
		waitFor(t, "both to agree after "+how, func() bool { return two.do("forecast "+city) == one.do("forecast "+city) })
	}
	all := func(when string) {
		t.Helper()
		shared("Rome" + when)
		forgotten("Rome"+when, "forget Rome"+when)
		forgotten("Rome"+when, "forgettags city:Rome"+when)
	}

	all("before")
	for _, p := range []*weather{one, two} {
		p.do("load")
	}
	for range 2 {
		time.Sleep(500 * time.Millisecond)
		n.Kill()
		time.Sleep(500 * time.Millisecond)
		if got := one.do(fmt.Sprintf("forecast Oslo%d", time.Now().UnixNano())); !strings.HasPrefix(got, "Oslo") {
			t.Errorf("a call without the server: %q", got)
		}
		n.Restart()
	}
	n.Stop()
	time.Sleep(500 * time.Millisecond)
	n.Continue()
	time.Sleep(500 * time.Millisecond)
	for _, p := range []*weather{one, two} {
		var calls, failed, wrong, longest int64
		got := p.do("loaded")
		if _, err := fmt.Sscanf(got, "calls=%d failed=%d wrong=%d longest=%d", &calls, &failed, &wrong, &longest); err != nil {
			t.Fatalf("%q: %v", got, err)
		}
		if calls < 100 || failed > 0 || wrong > 0 || time.Duration(longest) > 20*time.Second {
			t.Errorf("under load: %s, want no call failed, wrong, or hanging", got)
		}
		t.Log(got)
	}
	waitFor(t, "the store to be trusted again", func() bool {
		city := fmt.Sprintf("Bern%d", time.Now().UnixNano())
		first := one.do("forecast " + city)
		time.Sleep(100 * time.Millisecond)
		return two.do("forecast "+city) == first
	})
	all("after")
}

// buildWeather generates the wrappers of testdata/weather and builds it, in a module of its own.
func buildWeather(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, name := range []string{"main.go", "weather.go"} {
		copyFiles(t, filepath.Join(dir, name), filepath.Join("testdata/weather", name))
	}
	copyFiles(t, filepath.Join(dir, "go.sum"), "go.sum", filepath.Join(root, "go.sum"))
	module := fmt.Sprintf("module example.com/weather\n\ngo 1.26\n\nrequire (\n\t%[1]s v0.0.0\n\t%[2]s v0.0.0\n)\n\n"+
		"replace %[1]s => %[3]s\n\nreplace %[2]s => %[3]s/runtime/store/redis\n",
		"github.com/cachegen/cachegen", "github.com/cachegen/cachegen/runtime/store/redis", root)
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte(module), 0o600); err != nil {
		t.Fatal(err)
	}
	generator, program := filepath.Join(t.TempDir(), "cachegen"), filepath.Join(t.TempDir(), "weather")
	run(t, root, "go", "build", "-o", generator, "./cmd/cachegen")
	run(t, dir, generator, ".")
	run(t, dir, "go", "build", "-mod=mod", fmt.Sprintf("-race=%v", raced()), "-o", program, ".")
	return program
}

// raced reports whether the test runs with the race detector; then its processes do too.
func raced() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}

func copyFiles(t *testing.T, to string, from ...string) {
	t.Helper()
	var all []byte
	for _, file := range from {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, b...)
	}
	if err := os.WriteFile(to, all, 0o600); err != nil {
		t.Fatal(err)
	}
}

func run(t *testing.T, dir, name string, args ...string) {
	t.Helper()
	c := exec.CommandContext(t.Context(), name, args...)
	c.Dir, c.Env = dir, append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%s %q: %v\n%s", name, args, err, out)
	}
}

// weather is a process that calls functions as it is told.
type weather struct {
	t   *testing.T
	in  io.Writer
	out *bufio.Scanner
}

func startWeather(t *testing.T, program, addr, log string) *weather {
	t.Helper()
	c := exec.Command(program) // It ends when its input does.
	c.Env = append(os.Environ(), "CACHEGEN_STORE=redis://"+addr+"?timeout=1s", "WEATHER_LOG="+log)
	var stderr bytes.Buffer
	c.Stderr = &stderr
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		if err := c.Wait(); err != nil && !t.Failed() {
			t.Errorf("weather ended with %v", err)
		}
		if t.Failed() {
			t.Logf("weather said:\n%s", &stderr)
		}
	})
	return &weather{t, in, bufio.NewScanner(out)}
}

// do gives a command and returns the answer.
func (w *weather) do(command string) string {
	fmt.Fprintln(w.in, command)
	if !w.out.Scan() {
		w.t.Errorf("%s: no answer", command)
		return ""
	}
	return w.out.Text()
}
