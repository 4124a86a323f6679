//go:build unix

package outages

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/redis/rueidis"

	"github.com/cachegen/cachegen/runtime/store/storetest/server"
)

// fault breaks something and returns what mends it. Loses says that the store has lost all that it
// had when it is mended.
type fault struct {
	name   string
	loses  bool
	sample bool // whether it is tried with all tests
	breaks func(*testing.T, *world) (mend func())
}

// processFaults are those of the processes themselves, over any store.
var processFaults = []fault{
	{name: "a process is killed", sample: true, breaks: func(t *testing.T, w *world) func() {
		w.kill(t, 0)
		return func() { w.start(t) }
	}},
	{name: "a process is stopped", breaks: func(t *testing.T, w *world) func() {
		w.signal(t, 0, syscall.SIGSTOP)
		return func() { w.signal(t, 0, syscall.SIGCONT) }
	}},
}

var redisFaults = []fault{
	{name: "the server is killed", sample: true, breaks: func(_ *testing.T, w *world) func() {
		w.redis.Kill()
		return w.redis.Restart
	}},
	{name: "the server is stopped", sample: true, breaks: func(_ *testing.T, w *world) func() {
		w.redis.Stop()
		return w.redis.Continue
	}},
	{name: "the network is cut", breaks: proxied(server.Gone)},
	{name: "the network is silent", breaks: proxied(server.Silent)},
	{name: "the network garbles", breaks: proxied(server.Garbage)},
	{name: "answers break off", breaks: proxied(server.Half)},
	{name: "the server is full", breaks: func(t *testing.T, w *world) func() {
		w.command(t, "CONFIG", "SET", "maxmemory", "1")
		return func() { w.command(t, "CONFIG", "SET", "maxmemory", "0") }
	}},
	{name: "the server loses everything", loses: true, breaks: func(t *testing.T, w *world) func() {
		w.command(t, "FLUSHALL")
		return func() { w.command(t, "FLUSHALL") }
	}},
	{name: "the server forgets who reads what", breaks: func(t *testing.T, w *world) func() {
		w.command(t, "CLIENT", "KILL", "TYPE", "normal")
		return func() { w.command(t, "CLIENT", "KILL", "TYPE", "normal") }
	}},
}

func proxied(f server.Fault) func(*testing.T, *world) func() {
	return func(_ *testing.T, w *world) func() {
		w.proxy.Set(f)
		return func() {
			w.proxy.Set(server.Gone) // what was spoilt stays so
			w.proxy.Set(server.None)
		}
	}
}

// command gives the server a command behind everybody's back.
func (w *world) command(t *testing.T, words ...string) {
	c, err := rueidis.NewClient(rueidis.ClientOption{InitAddress: []string{w.redis.Addr}, ForceSingleClient: true, DisableCache: true})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Do(context.Background(), c.B().Arbitrary(words...).Build()).Error(); err != nil {
		t.Errorf("%q: %v", words, err)
	}
}

var folderFaults = []fault{
	{name: "the folder is moved away and back", loses: true, sample: true, breaks: func(t *testing.T, w *world) func() {
		rename(t, w.folder, w.folder+"-away")
		return func() {
			removeAll(t, w.folder) // which was made again
			rename(t, w.folder+"-away", w.folder)
		}
	}},
	{name: "a file is in its place", breaks: func(t *testing.T, w *world) func() {
		rename(t, w.folder, w.folder+"-away")
		write(t, w.folder, "in the way")
		return func() {
			removeAll(t, w.folder)
			rename(t, w.folder+"-away", w.folder)
		}
	}},
	{name: "the folder is removed", loses: true, breaks: func(t *testing.T, w *world) func() {
		removeAll(t, w.folder)
		return func() { removeAll(t, w.folder) }
	}},
	{name: "pipes are in the place of shards", loses: true, breaks: func(t *testing.T, w *world) func() {
		for _, shard := range w.shards(t) {
			removeAll(t, shard)
			_ = syscall.Mkfifo(shard, 0o600) // unless somebody made it again
		}
		return func() {
			for _, shard := range w.shards(t) {
				if info, err := os.Lstat(shard); err == nil && !info.IsDir() {
					removeAll(t, shard)
				}
			}
		}
	}},
	{name: "the disk is full", sample: true, breaks: func(t *testing.T, w *world) func() {
		w.signalAll(t, fillsDisk)
		return func() { w.signalAll(t, emptiesDisk) }
	}},
	{name: "files are torn", loses: true, breaks: func(t *testing.T, w *world) func() {
		_ = filepath.WalkDir(w.folder, func(path string, e fs.DirEntry, err error) error {
			if info, failed := os.Lstat(path); failed == nil && info.Mode().IsRegular() {
				_ = os.Truncate(path, info.Size()/2)
			}
			return nil
		})
		return func() {}
	}},
}

func (w *world) shards(t *testing.T) []string {
	l, err := filepath.Glob(filepath.Join(w.folder, "items", "[0-9a-f][0-9a-f]"))
	if err != nil {
		t.Error(err)
	}
	return l
}

func rename(t *testing.T, from, to string) {
	if err := os.Rename(from, to); err != nil {
		t.Error(err)
	}
}

func write(t *testing.T, name, text string) {
	removeAll(t, name) // a process made it again
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Error(err)
	}
}

// removeAll removes what processes may be writing to.
func removeAll(t *testing.T, name string) {
	var err error
	for range 100 {
		if err = os.RemoveAll(name); err == nil {
			return
		}
	}
	t.Error(err)
}
