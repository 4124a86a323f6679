package blob_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/cachegen/cachegen/runtime/store/storetest"
	"github.com/cachegen/cachegen/runtime/store/storetest/server"
)

const bucket = "cachegen-test"

// service is an object store on loopback.
type service struct {
	*server.Server
	addr string
	// url returns the URL of a folder in the bucket, by way of addr: the server itself or a proxy.
	url func(addr, folder string) string
	// dir is where the server keeps the bucket's objects as files.
	dir string
}

// startS3 starts versity's gateway to a directory.
func startS3(t testing.TB) service {
	t.Helper()
	t.Setenv("AWS_ACCESS_KEY_ID", "test")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	t.Setenv("AWS_CONFIG_FILE", os.DevNull)
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", os.DevNull)
	root := t.TempDir()
	dir := filepath.Join(root, bucket)
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	addr := server.FreeAddr(t)
	return service{
		Server: server.Start(t, server.Command{
			Name:  "versitygw",
			Args:  []string{"--port", addr, "--access", "test", "--secret", "secret", "--quiet", "posix", root},
			Ready: server.Accepts(addr),
		}),
		addr: addr,
		url: func(addr, folder string) string {
			return "s3://" + bucket + "/" + folder + "?region=us-east-1&use_path_style=true&endpoint=http://" + addr
		},
		dir: dir,
	}
}

// startGCS starts a server that speaks Google's protocol.
func startGCS(t testing.TB) service {
	t.Helper()
	root := t.TempDir()
	if err := os.Mkdir(filepath.Join(root, bucket), 0o755); err != nil {
		t.Fatal(err)
	}
	addr := server.FreeAddr(t)
	return service{
		Server: server.Start(t, server.Command{
			Name: "fake-gcs-server",
			Args: []string{
				"-scheme", "http", "-host", "127.0.0.1", "-port", server.Port(addr), "-public-host", addr,
				"-backend", "filesystem", "-filesystem-root", root, "-log-level", "error",
			},
			Ready: func(ctx context.Context) error { return answers(ctx, "http://"+addr+"/storage/v1/b/"+bucket) },
		}),
		addr: addr,
		url: func(addr, folder string) string {
			return "gs://" + bucket + "/" + folder + "?anonymous=true&endpoint=http://" + addr
		},
	}
}

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

var folders atomic.Int64

// folder returns a name that nothing else uses.
func folder() string { return fmt.Sprintf("team/cache%d", folders.Add(1)) }

// harness returns a harness for a folder of the service behind a proxy of its own.
func (s service) harness(t testing.TB) (h storetest.Harness, folderName string) {
	t.Helper()
	proxy, name := server.StartProxy(t, s.addr), folder()
	url := s.url(proxy.Addr, name)
	url += "&timeout=10s"
	return storetest.Harness{Open: storetest.Opener(url), URL: url, Faults: proxy.Faults()}, name
}

// rewrite returns a way to spoil the file of an item.
func (s service) rewrite(folder string, change func([]byte) []byte) func(testing.TB, string) {
	return func(t testing.TB, key string) {
		t.Helper()
		file := filepath.Join(s.dir, filepath.FromSlash(folder), ".cachegen", "items", filepath.FromSlash(key)+"~")
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, change(b), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func (s service) damage(folder string) map[string]func(testing.TB, string) {
	return map[string]func(testing.TB, string){
		"truncated": s.rewrite(folder, func(b []byte) []byte { return b[:1000] }),
		"empty":     s.rewrite(folder, func([]byte) []byte { return nil }),
		"no header": s.rewrite(folder, func(b []byte) []byte { return b[:10] }),
		"one byte":  s.rewrite(folder, func(b []byte) []byte { b[1500] ^= 1; return b }),
		"its stamp": s.rewrite(folder, func(b []byte) []byte { b[4] ^= 0x40; return b }),
		"garbage":   s.rewrite(folder, func(b []byte) []byte { return []byte(strings.Repeat("garbage ", 300)) }),
	}
}
