package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	_ "github.com/cachegen/cachegen/runtime/store/redis"
)

// redis is a server of this process.
type redis struct {
	url, addr string
	process   *exec.Cmd
	dir       string
}

func startRedis() (*redis, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	addr := l.Addr().String()
	l.Close()
	dir, err := os.MkdirTemp("", "scale-")
	if err != nil {
		return nil, err
	}
	_, port, _ := net.SplitHostPort(addr)
	r := &redis{url: "redis://" + addr, addr: addr, dir: dir}
	r.process = exec.Command("redis-server", "--bind", "127.0.0.1", "--port", port, "--dir", dir, "--save", "", "--appendonly", "no")
	if err := r.process.Start(); err != nil {
		return nil, err
	}
	for range 100 {
		if _, err = r.info(context.Background(), "used_memory"); err == nil {
			return r, nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	r.stop()
	return nil, err
}

func (r *redis) stop() {
	_ = r.process.Process.Kill()
	_ = r.process.Wait()
	os.RemoveAll(r.dir)
}

// info returns a number that INFO tells.
func (r *redis) info(ctx context.Context, name string) (float64, error) {
	ctx, done := context.WithCancel(ctx)
	defer done()
	head, b, err := r.ask(ctx, "INFO everything")
	if err != nil {
		return 0, err
	}
	n, err := strconv.Atoi(strings.TrimSpace(strings.TrimPrefix(head, "$")))
	if err != nil {
		return 0, fmt.Errorf("INFO: %s", head)
	}
	text := make([]byte, n)
	if _, err := io.ReadFull(b, text); err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(line, name+":"); ok {
			return strconv.ParseFloat(strings.TrimSpace(value), 64)
		}
	}
	return 0, fmt.Errorf("INFO has no %s", name)
}

// ask sends a command and returns the first line of the answer, and what reads the rest until ctx ends.
func (r *redis) ask(ctx context.Context, command string) (string, *bufio.Reader, error) {
	c, err := new(net.Dialer).DialContext(ctx, "tcp", r.addr)
	if err != nil {
		return "", nil, err
	}
	context.AfterFunc(ctx, func() { c.Close() })
	fmt.Fprint(c, command+"\r\n")
	b := bufio.NewReader(c)
	head, err := b.ReadString('\n')
	return head, b, err
}

// usage returns the bytes that a key and its value take.
func (r *redis) usage(ctx context.Context, key string) (float64, error) {
	ctx, done := context.WithCancel(ctx)
	defer done()
	head, _, err := r.ask(ctx, "MEMORY USAGE cachegen:i:"+key)
	if err != nil {
		return 0, err
	}
	return strconv.ParseFloat(strings.TrimSpace(strings.TrimPrefix(head, ":")), 64)
}

// cpu returns the seconds of processor time that the server used.
func (r *redis) cpu(ctx context.Context) (float64, error) {
	user, err := r.info(ctx, "used_cpu_user")
	if err != nil {
		return 0, err
	}
	system, err := r.info(ctx, "used_cpu_sys")
	return user + system, err
}
