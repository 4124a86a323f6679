package blob_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cachegen/cachegen/runtime/store"
	"github.com/cachegen/cachegen/runtime/store/storetest"
	"github.com/cachegen/cachegen/runtime/store/storetest/server"
)

// service is an object store on loopback.
type service struct{ server.Service }

func startS3(t testing.TB) service { return service{server.StartS3(t)} }

func startGCS(t testing.TB) service { return service{server.StartGCS(t)} }

var folders atomic.Int64

// folder returns a name that nothing else uses.
func folder() string { return fmt.Sprintf("team/cache%d", folders.Add(1)) }

// harness returns a harness for a folder of the service behind a proxy of its own.
func (s service) harness(t testing.TB) (h storetest.Harness, folderName string) {
	t.Helper()
	proxy, name := server.StartProxy(t, s.Addr), folder()
	url := s.URL(proxy.Addr, name) + "&timeout=10s"
	keep := func(t testing.TB, d time.Duration) store.Store {
		return storetest.Opener(url + "&keep=" + d.String())(t)
	}
	return storetest.Harness{Open: storetest.Opener(url), URL: url, Faults: proxy.Faults(), Keep: keep}, name
}

// rewrite returns a way to spoil the file of an item.
func (s service) rewrite(folder string, change func([]byte) []byte) func(testing.TB, string) {
	return func(t testing.TB, key string) {
		t.Helper()
		file := filepath.Join(s.Dir, filepath.FromSlash(folder), ".cachegen", "items", filepath.FromSlash(key)+"~")
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
