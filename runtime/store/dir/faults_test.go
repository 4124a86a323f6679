package dir_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/cachegen/cachegen/runtime/store/dir"
)

// faults are ways to break a folder.
func faults(folder string) map[string]func(t testing.TB) (heal func()) {
	must := func(t testing.TB, err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	away := folder + ".away"
	return map[string]func(t testing.TB) (heal func()){
		"moved away": func(t testing.TB) func() {
			must(t, os.Rename(folder, away))
			return func() {
				must(t, os.RemoveAll(folder))
				must(t, os.Rename(away, folder))
			}
		},
		"a file in its place": func(t testing.TB) func() {
			must(t, os.Rename(folder, away))
			must(t, os.WriteFile(folder, []byte("file"), 0o600))
			return func() {
				must(t, os.Remove(folder))
				must(t, os.Rename(away, folder))
			}
		},
		"items replaced by a file": func(t testing.TB) func() {
			must(t, os.Rename(folder+"/items", away))
			must(t, os.WriteFile(folder+"/items", []byte("file"), 0o600))
			return func() {
				must(t, os.Remove(folder+"/items"))
				must(t, os.Rename(away, folder+"/items"))
			}
		},
		"locks held by a stopped process": func(t testing.TB) func() {
			var held []*os.File
			for n := range 256 {
				shard := filepath.Join(folder, "items", string("0123456789abcdef"[n/16])+string("0123456789abcdef"[n%16]))
				must(t, os.MkdirAll(shard, 0o700))
				f, err := os.OpenFile(shard+"/~state", os.O_RDWR|os.O_CREATE, 0o600)
				must(t, err)
				for ok := false; !ok; { // Others have it for a moment.
					ok, err = dir.TryLock(f)
					must(t, err)
				}
				held = append(held, f)
			}
			return func() {
				for _, f := range held {
					f.Close()
				}
			}
		},
		"state files are garbage": func(t testing.TB) func() {
			states, _ := filepath.Glob(folder + "/items/*/~state")
			for _, f := range states {
				must(t, os.WriteFile(f, []byte("garbage garbage garbage"), 0o600))
			}
			return func() {}
		},
	}
}
