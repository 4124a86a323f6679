package layer_test

import (
	"testing"

	_ "github.com/cachegen/cachegen/runtime/store/dir"
	"github.com/cachegen/cachegen/runtime/store/layer"
	"github.com/cachegen/cachegen/runtime/store/storetest"
)

func TestSecrets(t *testing.T) { storetest.Secrets(t, 20, "memory", "dir", "redis", "nothing") }

// TestCheck tells what can't be right from what may come back.
func TestCheck(t *testing.T) {
	for _, bad := range []string{
		"", "dirr:", "::", "dir:?nonsense=1", "dir:?max-bytes=lots", "dir:?max-bytes=0", "dir://host/folder", "dir:#x", "redis://", "redis:u:pw@host",
		"memory:?entries=0", "memory:?unknown=1", "memory: dirr:", "dir:?compress=much", "dir:?encrypt=env:LAYER_TEST_UNSET", "dir:?plain-targets",
	} {
		if layer.Check(bad) == nil {
			t.Errorf("Check(%q) is nil", bad)
		}
	}
	for _, good := range []string{
		"dir:", "dir:///does/not/exist", "dir:some/folder?max-bytes=1GiB&compress&limit=1MiB", "memory:", "memory:name?entries=3", "memory: dir:",
	} {
		if err := layer.Check(good); err != nil {
			t.Errorf("Check(%q): %v", good, err)
		}
	}
}
