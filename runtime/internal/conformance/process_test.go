package conformance

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/store"
)

// Variables that tell a child process what to do.
const (
	programVariable = "CONFORMANCE_PROGRAM"
	folderVariable  = "CONFORMANCE_FOLDER"
	logVariable     = "CONFORMANCE_LOG"
)

// program is what a child process does. What it returns is printed.
type program func(ctx context.Context, w *world) (any, error)

// programs are all there are; tests add theirs.
var programs = map[string]program{}

// runProgram is main of a child process: its store is the folder's, and its executions are counted in the log.
func runProgram(name string) int {
	w := &world{log: os.Getenv(logVariable)}
	c, err := cache.New(cache.Config{URL: os.Getenv(folderVariable)})
	if err != nil {
		fmt.Println(err)
		return 1
	}
	v, err := programs[name](w.in(context.Background(), c), w)
	if err := c.Close(context.Background()); err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println(v, err)
	return 0
}

// machine is where processes share a store and a log.
type machine struct {
	t        *testing.T
	url, log string
}

func newMachine(t *testing.T) *machine {
	return &machine{t, folder(t), filepath.Join(t.TempDir(), "log")}
}

// executed returns what was executed by all processes.
func (m *machine) executed() []string {
	w := world{log: m.log}
	if _, err := os.Stat(m.log); err != nil {
		return nil
	}
	return w.executions()
}

// child is a process that runs a program.
type child struct {
	t   *testing.T
	cmd *exec.Cmd
	out bytes.Buffer
}

// start starts a process that runs the program called name.
func (m *machine) start(name string, env ...string) *child {
	m.t.Helper()
	exe, err := os.Executable()
	must(m.t, err)
	c := &child{t: m.t, cmd: exec.Command(exe)}
	c.cmd.Env = append(os.Environ(), programVariable+"="+name, folderVariable+"="+m.url, logVariable+"="+m.log)
	c.cmd.Env = append(c.cmd.Env, env...)
	c.cmd.Stdout, c.cmd.Stderr = &c.out, &c.out
	must(m.t, c.cmd.Start())
	m.t.Cleanup(c.kill)
	return c
}

// kill ends the process with SIGKILL.
func (c *child) kill() {
	_ = c.cmd.Process.Kill()
	_ = c.cmd.Wait()
}

// end waits for the process, and returns what it printed.
func (c *child) end() string {
	c.t.Helper()
	if err := c.cmd.Wait(); err != nil {
		c.t.Fatalf("%v\n%s", err, &c.out)
	}
	return strings.TrimSpace(c.out.String())
}

// run starts a process and returns what it printed.
func (m *machine) run(name string, env ...string) string {
	m.t.Helper()
	return m.start(name, env...).end()
}

// expect ends the test unless a process that runs the program prints want.
func (m *machine) expect(name, want string, env ...string) {
	m.t.Helper()
	if got := m.run(name, env...); got != want {
		m.t.Fatalf("%s printed %q, want %q; executed %q", name, got, want, m.executed())
	}
}

// patience is how long to wait for other processes.
const patience = 30 * time.Second

// await waits until something was noted n times, by whatever processes.
func (w *world) await(what string, n int) error {
	for deadline := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		noted := 0
		for _, line := range w.executions() {
			if line == what {
				noted++
			}
		}
		if noted >= n {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%q was noted %d times in %v, not %d times", what, noted, patience, n)
		}
	}
}

// await waits until something was executed by some process.
func (m *machine) await(what string) {
	m.t.Helper()
	must(m.t, (&world{log: m.log}).await(what, 1))
}

// awaitEntries waits until the store has n entries.
func (m *machine) awaitEntries(n int) {
	m.t.Helper()
	s, err := store.Open(m.t.Context(), m.url)
	must(m.t, err)
	defer s.Close()
	for deadline := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		found := 0
		for _, err := range s.(store.Lister).List(m.t.Context(), "e/") {
			must(m.t, err)
			found++
		}
		if found >= n {
			return
		}
		if time.Now().After(deadline) {
			m.t.Fatalf("the store has %d entries after %v, not %d", found, patience, n)
		}
	}
}

// hang is what happens in an execution that is going to be killed.
func hang(ctx context.Context, _ string) error {
	<-ctx.Done()
	return ctx.Err()
}
