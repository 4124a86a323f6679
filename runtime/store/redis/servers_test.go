package redis_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/redis/rueidis"

	"github.com/cachegen/cachegen/runtime/store/storetest"
	"github.com/cachegen/cachegen/runtime/store/storetest/server"
)

// node is a redis-server on a free port.
type node struct {
	*server.Server
	addr string
}

func startNode(t testing.TB, args ...string) node {
	t.Helper()
	addr := server.FreeAddr(t)
	dir := t.TempDir()
	return node{server.Start(t, server.Command{
		Name: "redis-server",
		Args: append([]string{
			"--bind", "127.0.0.1", "--port", server.Port(addr), "--dir", dir, "--save", "", "--appendonly", "yes", "--appendfsync", "no",
			"--enable-debug-command", "local",
		}, args...),
		Ready: func(ctx context.Context) error { return pong(ctx, addr) },
	}), addr}
}

// pong returns nil if a server answers that it is ready.
func pong(ctx context.Context, addr string) error {
	c, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	defer c.Close()
	if deadline, ok := ctx.Deadline(); ok {
		_ = c.SetDeadline(deadline)
	}
	fmt.Fprint(c, "PING\r\n")
	if line, err := bufio.NewReader(c).ReadString('\n'); err != nil || !strings.HasPrefix(line, "+PONG") {
		return fmt.Errorf("not ready: %q, %w", line, err)
	}
	return nil
}

// client is for what tests do behind the store's back.
func client(t testing.TB, addr string) rueidis.Client {
	t.Helper()
	c, err := rueidis.NewClient(rueidis.ClientOption{InitAddress: []string{addr}, ForceSingleClient: true, DisableCache: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func do(t testing.TB, c rueidis.Client, command ...string) rueidis.RedisMessage {
	t.Helper()
	m, err := c.Do(context.Background(), c.B().Arbitrary(command...).Build()).ToMessage()
	if err != nil && !rueidis.IsRedisNil(err) {
		t.Fatalf("%q: %v", command, err)
	}
	return m
}

var prefixes atomic.Int64

// medium returns a harness for a part of the servers at url that nothing else uses.
func medium(url string) (h storetest.Harness, prefix string) {
	prefix = fmt.Sprintf("medium%d:", prefixes.Add(1))
	sep := "?"
	if strings.Contains(url, "?") {
		sep = "&"
	}
	url += sep + "prefix=" + prefix
	return storetest.Harness{Open: storetest.Opener(url), URL: url}, prefix
}
