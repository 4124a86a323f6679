package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	cache "github.com/cachegen/cachegen/runtime"
	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/storetest/server"
)

// asCommand has the test binary be the command.
const asCommand = "CACHEGEN_TEST_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		main()
	}
	os.Exit(m.Run())
}

// run runs the command and returns what it printed.
func run(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Env = append(os.Environ(), asCommand+"=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%q: %v\n%s", args, err, out)
	}
	return string(out)
}

func TestSchemes(t *testing.T) {
	want := []string{"azblob", "dir", "dynamodb", "gs", "memory", "redis", "rediss", "s3"}
	if got := store.Schemes(); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

type number struct{ N int }

func (a number) AppendCacheKey(b []byte) []byte { return cache.AppendInt(b, int64(a.N)) }

func TestRedis(t *testing.T) {
	url := startRedis(t)
	fill(t, url, 300)
	for _, test := range []struct{ args, want string }{
		{"stat", "example.com/m.Double\n"},
		{"ls -min-size 1", "example.com/m.Double(N:7)\n"},
		{"verify", "looked at 300 entries, "},
		{"clear -q -func m.Double", "removed 300 entries, "},
		{"ls -json", "[]\n"},
	} {
		args := append(strings.Fields("cache "+test.args), "-store", url)
		if out := run(t, args...); !strings.Contains(out, test.want) {
			t.Errorf("%s: %s, want %q", test.args, out, test.want)
		}
	}
}

// fill computes n results into the store at url.
func fill(t *testing.T, url string, n int) {
	t.Helper()
	c, err := cache.New(cache.Config{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	f := cache.NewFunction(cache.Spec[number, int]{Name: "example.com/m.Double", Version: "v1:0"})
	ctx := cache.WithCache(t.Context(), c)
	for i := range n {
		if _, err := f.Do(ctx, number{i}, func(context.Context) (int, error) { return 2 * i, nil }); err != nil {
			t.Error(err)
		}
	}
	if err := c.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func startRedis(t *testing.T) (url string) {
	t.Helper()
	addr := server.FreeAddr(t)
	server.Start(t, server.Command{
		Name:  "redis-server",
		Args:  []string{"--bind", "127.0.0.1", "--port", server.Port(addr), "--dir", t.TempDir(), "--save", ""},
		Ready: func(ctx context.Context) error { return answers(ctx, addr) },
	})
	return "redis://" + addr
}

// answers returns nil if a Redis does.
func answers(ctx context.Context, addr string) error {
	c, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(time.Second))
	fmt.Fprint(c, "PING\r\n")
	if line, err := bufio.NewReader(c).ReadString('\n'); err != nil || !strings.HasPrefix(line, "+PONG") {
		return fmt.Errorf("not ready: %q, %w", line, err)
	}
	return nil
}
