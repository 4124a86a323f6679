package storetest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
)

// Environment of a child: what it is to do, its arguments, and the medium's URL.
const (
	childRole = "CACHEGEN_STORETEST_ROLE"
	childArgs = "CACHEGEN_STORETEST_ARGS"
	childURL  = "CACHEGEN_STORETEST_URL"
)

// inMain is set once Main ran: a child would otherwise run the whole test again.
var inMain bool

// Main is what TestMain calls: it runs the tests, or, in a process that the suite started, plays
// that process' part. It does not return.
func Main(m *testing.M) {
	role := os.Getenv(childRole)
	if role == "" {
		inMain = true
		os.Exit(m.Run())
	}
	if err := play(role, strings.Split(os.Getenv(childArgs), "\n")); err != nil {
		fmt.Fprintln(os.Stderr, "storetest:", role+":", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// child is another process that uses the medium.
type child struct {
	t    testing.TB
	role string
	cmd  *exec.Cmd
	// lines has what it prints, and is closed when it ends.
	lines  chan string
	err    error
	stderr strings.Builder
}

// start starts a child, killed at the end of the test if it still runs.
func (m *medium) start(t testing.TB, role string, args ...string) *child {
	t.Helper()
	if !inMain {
		t.Fatal("a harness with a URL needs TestMain to call storetest.Main")
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := &child{t: t, role: role, cmd: exec.Command(exe), lines: make(chan string, 10_000)}
	c.cmd.Env = append(os.Environ(), childRole+"="+role, childArgs+"="+strings.Join(args, "\n"), childURL+"="+m.URL)
	c.cmd.Stderr = &c.stderr
	if _, err := c.cmd.StdinPipe(); err != nil { // Closed when this process ends: so does the child.
		t.Fatal(err)
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go c.read(out)
	t.Cleanup(c.kill)
	return c
}

func (c *child) read(out io.Reader) {
	defer close(c.lines)
	for s := bufio.NewScanner(out); s.Scan(); {
		c.lines <- s.Text()
	}
	c.err = c.cmd.Wait()
}

// kill ends the child as kill −9 does.
func (c *child) kill() { _ = c.cmd.Process.Kill() }

func (c *child) wantLine(want string) {
	c.t.Helper()
	select {
	case got, ok := <-c.lines:
		if !ok || got != want {
			c.t.Fatalf("child %q prints %q, want %q (%v)\n%s", c.role, got, want, c.err, c.stderr.String())
		}
	case <-time.After(patience):
		c.t.Fatalf("child %q hangs before it prints %q", c.role, want)
	}
}

// wantSuccess waits until the child ends.
func (c *child) wantSuccess() {
	c.t.Helper()
	deadline := time.After(3 * patience)
	for {
		select {
		case _, ok := <-c.lines:
			if ok {
				continue
			}
			if c.err != nil {
				c.t.Errorf("child %q: %v\n%s", c.role, c.err, c.stderr.String())
			}
			return
		case <-deadline:
			c.t.Fatalf("child %q hangs", c.role)
		}
	}
}

// play is what a child does.
func play(role string, args []string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	go func() { // The suite's end is the child's.
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(3)
	}()
	s, err := store.Open(ctx, os.Getenv(childURL))
	if err != nil {
		return err
	}
	defer s.Close()
	part, ok := map[string]func(context.Context, store.Store, []string) error{
		"copy": playCopy, "write": playWrite, "hold": playHold, "count": playCount,
	}[role]
	if !ok {
		return errors.New("unknown part")
	}
	return part(ctx, s, args)
}

// playCopy copies an item.
func playCopy(ctx context.Context, s store.Store, args []string) error {
	item, err := s.Get(ctx, args[0])
	if err != nil {
		return err
	}
	if ok, err := s.Put(ctx, args[1], item); !ok || err != nil {
		return fmt.Errorf("put %s: %v, %w", args[1], ok, err)
	}
	fmt.Println("copied")
	return nil
}

// playWrite puts sealed values with stamps that no other writer has, telling of each that was
// taken.
func playWrite(ctx context.Context, s store.Store, args []string) error {
	n, err := atois(args[1:])
	if err != nil {
		return err
	}
	me, writers, keys, rounds := n[0], n[1], n[2], n[3]
	for i := range rounds {
		k, stamp := key(args[0], i%keys), epoch+int64(i*writers+me)
		ok, err := s.Put(ctx, k, store.Item{Value: sealed(stamp, 2000+1000*me), Stamp: stamp})
		if err != nil {
			return err
		}
		if ok {
			fmt.Println("wrote", k, stamp)
		}
		item, err := s.Get(ctx, k)
		if err != nil {
			return err
		}
		if err := checkSealed(item); err != nil {
			return err
		}
	}
	return nil
}

// playHold holds a lease until it is killed, or says that it can't have it.
func playHold(ctx context.Context, s store.Store, args []string) error {
	ttl, err := time.ParseDuration(args[1])
	if err != nil {
		return err
	}
	lease, err := as[store.Leaser](s).Acquire(ctx, args[0], ttl)
	if errors.Is(err, store.ErrHeld) {
		fmt.Println("refused")
		return nil
	}
	if err != nil {
		return err
	}
	fmt.Println("held")
	for {
		time.Sleep(ttl / 4)
		if err := lease.Extend(ctx, ttl); err != nil {
			return err
		}
	}
}

// playCount adds to a number in an item, under a lease.
func playCount(ctx context.Context, s store.Store, args []string) error {
	rounds, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	for range rounds {
		lease, err := acquireOrAwait(ctx, as[store.Leaser](s), args[0], time.Minute)
		if err != nil {
			return err
		}
		if err := countOne(ctx, s, args[0]); err != nil {
			return err
		}
		if err := lease.Release(ctx); err != nil {
			return err
		}
	}
	return nil
}

func countOne(ctx context.Context, s store.Store, key string) error {
	n := 0
	item, err := s.Get(ctx, key)
	if err == nil {
		n, err = strconv.Atoi(string(item.Value))
	}
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	_, err = s.Put(ctx, key, store.Item{Value: []byte(strconv.Itoa(n + 1)), Stamp: epoch})
	return err
}

func atois(args []string) ([]int, error) {
	var n []int
	for _, a := range args {
		i, err := strconv.Atoi(a)
		if err != nil {
			return nil, err
		}
		n = append(n, i)
	}
	return n, nil
}
