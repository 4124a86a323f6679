//go:build unix

package server

import (
	"context"
	"errors"
	"fmt"
	"go/build"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// ready is how long a server may take until it answers.
const ready = time.Minute

// Command says how a server is started.
type Command struct {
	// Name is the executable, looked for in PATH and where go install puts what it builds.
	Name string
	Args []string
	// Env is added to the environment.
	Env []string
	// Ready returns nil once the server answers.
	Ready func(ctx context.Context) error
}

// Server is a running server. Its methods are not safe for concurrent use.
type Server struct {
	t       testing.TB
	command Command
	path    string
	process *exec.Cmd
	exited  chan struct{}
	output  output
}

// Start starts a server, waits until it answers, and kills it at the end of the test; what it
// printed is logged if the test failed. A server that is not installed fails the test: what was not
// tested did not pass.
func Start(t testing.TB, c Command) *Server {
	t.Helper()
	path, err := find(c.Name)
	if err != nil {
		t.Fatalf("%v: .ci/servers.sh installs the servers that the tests of stores need", err)
	}
	s := &Server{t: t, command: c, path: path}
	t.Cleanup(func() {
		ended := ""
		select {
		case <-s.exited:
			ended = fmt.Sprintf(" had ended (%v) and", s.process.ProcessState)
		default:
		}
		s.Kill()
		if t.Failed() {
			t.Logf("%s%s printed:\n%s", c.Name, ended, s.output.String())
		}
	})
	s.Restart()
	return s
}

// find returns the path of an executable.
func find(name string) (string, error) {
	path, err := exec.LookPath(name)
	if err == nil {
		return path, nil
	}
	for _, dir := range append([]string{os.Getenv("GOBIN")}, filepath.SplitList(build.Default.GOPATH)...) {
		for _, path := range []string{filepath.Join(dir, name), filepath.Join(dir, "bin", name)} {
			if dir != "" {
				if path, err := exec.LookPath(path); err == nil {
					return path, nil
				}
			}
		}
	}
	return "", err
}

// Restart starts the server again after [Server.Kill], and waits until it answers.
func (s *Server) Restart() {
	s.t.Helper()
	s.start()
	ctx, cancel := context.WithTimeout(context.Background(), ready)
	defer cancel()
	for {
		attempt, done := context.WithTimeout(ctx, 5*time.Second)
		err := s.command.Ready(attempt)
		done()
		if err == nil {
			return
		}
		select {
		case <-s.exited:
			s.t.Fatalf("%s ended before it answered: %v", s.command.Name, s.process.ProcessState)
		case <-ctx.Done():
			s.t.Fatalf("%s does not answer after %v: %v", s.command.Name, ready, err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (s *Server) start() {
	s.t.Helper()
	s.process = exec.Command(s.path, s.command.Args...)
	s.process.Env = append(os.Environ(), s.command.Env...)
	s.process.Stdout, s.process.Stderr = &s.output, &s.output
	s.process.SysProcAttr = dieWithParent()
	s.exited = make(chan struct{})
	process, exited, started := s.process, s.exited, make(chan error)
	go func() {
		runtime.LockOSThread() // On Linux the parent that a process dies with is a thread.
		defer close(exited)
		err := process.Start()
		started <- err
		if err == nil {
			_ = process.Wait()
		}
	}()
	if err := <-started; err != nil {
		s.t.Fatalf("start %s: %v", s.command.Name, err)
	}
}

// Kill ends the server as a crash does, and waits until it is gone. A server that is gone stays so.
func (s *Server) Kill() {
	if s.process == nil || s.process.Process == nil {
		return
	}
	if err := s.process.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		s.t.Errorf("kill %s: %v", s.command.Name, err)
	}
	<-s.exited
}

// Stop makes the server hang: connections stay, nothing is answered.
func (s *Server) Stop() {
	s.t.Helper()
	s.signal(syscall.SIGSTOP)
	for deadline := time.Now().Add(ready); !stopped(s.process.Process.Pid); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			s.t.Fatalf("%s does not stop", s.command.Name)
		}
	}
}

// Continue ends [Server.Stop].
func (s *Server) Continue() { s.signal(syscall.SIGCONT) }

func (s *Server) signal(sig os.Signal) {
	s.t.Helper()
	if err := s.process.Process.Signal(sig); err != nil {
		s.t.Fatalf("%v to %s: %v", sig, s.command.Name, err)
	}
}

// FreeAddr returns a loopback address that nothing listened on a moment ago.
func FreeAddr(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// Port returns the port of an address.
func Port(addr string) string {
	_, port, _ := net.SplitHostPort(addr)
	return port
}

// Accepts returns a [Command.Ready] that is content when something accepts connections at addr.
func Accepts(addr string) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		c, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
		if err != nil {
			return fmt.Errorf("not ready: %w", err)
		}
		return c.Close()
	}
}

// output keeps the last of what a server prints.
type output struct {
	mu   sync.Mutex
	text strings.Builder
}

const maxOutput = 64 << 10

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.text.Len() > maxOutput {
		last := o.text.String()[maxOutput/2:]
		o.text.Reset()
		o.text.WriteString("…" + last)
	}
	o.text.Write(p)
	return len(p), nil
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}
