//go:build unix

package server

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Bucket is the bucket that object stores have, and Table the name for a table of DynamoDB's.
const (
	Bucket = "cachegen-test"
	Table  = "results"
)

// Service is a server that stores are made for.
type Service struct {
	*Server
	// Addr is where it listens.
	Addr string
	// URL returns the store's URL of a part of the server that nothing else uses, by way of an
	// address: the server's or that of a [Proxy]. It has options, more can be appended.
	URL func(addr, part string) string
	// Dir is where a server keeps its bucket's objects as files, "" if it doesn't.
	Dir string
}

// Redis is the program that [StartRedis] starts: redis-server, or what CACHEGEN_TEST_REDIS names,
// as valkey-server.
func Redis() string { return cmp.Or(os.Getenv("CACHEGEN_TEST_REDIS"), "redis-server") }

// StartRedis starts a Redis that keeps what it has when it is killed. Args are added to its own.
func StartRedis(t testing.TB, args ...string) Service {
	t.Helper()
	addr := FreeAddr(t)
	own := []string{
		"--bind", "127.0.0.1", "--port", Port(addr), "--dir", t.TempDir(), "--save", "", "--appendonly", "yes", "--appendfsync", "no",
		"--enable-debug-command", "local",
	}
	return Service{
		Server: Start(t, Command{
			Name: Redis(), Args: append(own, args...), Ready: func(ctx context.Context) error { return Pong(ctx, addr) },
		}),
		Addr: addr,
		URL:  func(addr, part string) string { return "redis://" + addr + "?prefix=" + part + ":" },
	}
}

// Pong returns nil if a Redis answers that it is ready.
func Pong(ctx context.Context, addr string) error {
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

// StartS3 starts versity's gateway to a folder, with a bucket.
func StartS3(t testing.TB) Service {
	t.Helper()
	setAWS(t)
	root, dir := makeBucket(t)
	addr := FreeAddr(t)
	return Service{
		Server: Start(t, Command{
			Name:  "versitygw",
			Args:  []string{"--port", addr, "--access", "test", "--secret", "secret", "--quiet", "posix", root},
			Ready: Accepts(addr),
		}),
		Addr: addr,
		URL: func(addr, part string) string {
			return "s3://" + Bucket + "/" + part + "?region=us-east-1&use_path_style=true&endpoint=http://" + addr
		},
		Dir: dir,
	}
}

// StartGCS starts a server that speaks Google's protocol, with a bucket.
func StartGCS(t testing.TB) Service {
	t.Helper()
	root, _ := makeBucket(t)
	addr := FreeAddr(t)
	return Service{
		Server: Start(t, Command{
			Name: "fake-gcs-server",
			Args: []string{
				"-scheme", "http", "-host", "127.0.0.1", "-port", Port(addr), "-public-host", addr,
				"-backend", "filesystem", "-filesystem-root", root, "-log-level", "error",
			},
			Ready: func(ctx context.Context) error { return answers(ctx, "http://"+addr+"/storage/v1/b/"+Bucket) },
		}),
		Addr: addr,
		URL: func(addr, part string) string {
			return "gs://" + Bucket + "/" + part + "?anonymous=true&endpoint=http://" + addr
		},
	}
}

// StartDynamoDB starts a server that speaks DynamoDB's protocol, without a table.
func StartDynamoDB(t testing.TB) Service {
	t.Helper()
	setAWS(t)
	addr := FreeAddr(t)
	return Service{
		Server: Start(t, Command{
			Name:  "dynalite",
			Args:  []string{"--host", "127.0.0.1", "--port", Port(addr), "--path", t.TempDir(), "--createTableMs", "0"},
			Env:   []string{"NODE_OPTIONS=--require " + outlives(t)},
			Ready: Accepts(addr),
		}),
		Addr: addr,
		URL: func(addr, part string) string {
			return "dynamodb://" + Table + "/" + part + "?region=eu-central-1&endpoint=http://" + addr
		},
	}
}

// outlives is the path of a script for Node that lets a server go on after a client broke off a
// request. DynamoDB does; dynalite ends.
func outlives(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "outlives.cjs")
	script := "process.on('uncaughtException', e => { if (e.code !== 'ECONNRESET') throw e })\n"
	if err := os.WriteFile(path, []byte(script), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

// setAWS has AWS' clients use the credentials of servers for tests, and nothing of this machine.
func setAWS(t testing.TB) {
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_EC2_METADATA_DISABLED": "true",
		"AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull,
	} {
		t.Setenv(name, value)
	}
}

// makeBucket makes a folder with a bucket for servers that take folders for buckets.
func makeBucket(t testing.TB) (root, dir string) {
	t.Helper()
	root = t.TempDir()
	dir = filepath.Join(root, Bucket)
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return root, dir
}

// answers returns nil if a page is there.
func answers(ctx context.Context, url string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", url, response.Status)
	}
	return nil
}
