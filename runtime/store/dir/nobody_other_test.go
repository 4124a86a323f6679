//go:build unix && !linux

package dir_test

import (
	"os"
	"testing"
)

// asNobody calls f, which must not have root's rights.
func asNobody(t *testing.T, f func()) {
	t.Helper()
	if os.Getuid() == 0 {
		t.Fatal("run this test as another user than root")
	}
	f()
}
