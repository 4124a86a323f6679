//go:build unix

package server_test

import (
	"net"
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/store/storetest/server"
)

// TestServer kills, restarts, stops and continues a server that ships with the tests of redis.
func TestServer(t *testing.T) {
	addr := server.FreeAddr(t)
	s := server.Start(t, server.Command{
		Name:  "redis-server",
		Args:  []string{"--bind", "127.0.0.1", "--port", server.Port(addr), "--save", "", "--dir", t.TempDir()},
		Ready: server.Accepts(addr),
	})
	if got := answer(t, addr, time.Minute); got != "+PONG\r\n" {
		t.Fatalf("a running server answers %q", got)
	}
	s.Stop()
	if got := answer(t, addr, 50*time.Millisecond); got != "" {
		t.Errorf("a stopped server answers %q, want nothing", got)
	}
	s.Continue()
	if got := answer(t, addr, time.Minute); got != "+PONG\r\n" {
		t.Errorf("a continued server answers %q", got)
	}
	s.Kill()
	if c, err := net.Dial("tcp", addr); err == nil {
		c.Close()
		t.Error("a killed server accepts connections")
	}
	s.Kill()
	s.Restart()
	if got := answer(t, addr, time.Minute); got != "+PONG\r\n" {
		t.Errorf("a restarted server answers %q", got)
	}
}

func answer(t *testing.T, addr string, patience time.Duration) string {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Write([]byte("PING\r\n")); err != nil {
		t.Fatal(err)
	}
	_ = c.SetReadDeadline(time.Now().Add(patience))
	b := make([]byte, 16)
	n, _ := c.Read(b)
	return string(b[:n])
}
