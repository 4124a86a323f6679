package dir

import "testing"

func TestLocalFolderIsNotDistant(t *testing.T) {
	if isDistant(t.TempDir()) {
		t.Error("the folder for temporary files is taken for another machine's: calls are slower than they need to be")
	}
	if !isDistant("/no/such/folder") {
		t.Error("a folder that can't be looked at is taken for a local one")
	}
}
