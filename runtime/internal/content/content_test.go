package content

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// later is when a file that was written just now counts as settled.
func later() time.Time { return time.Now().Add(time.Hour) }

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func (d *digests) want(t *testing.T, path, content string, now time.Time) {
	t.Helper()
	if got, err := d.digest(path, now); err != nil || got != sha256.Sum256([]byte(content)) {
		t.Errorf("%s: %x, %v, not that of %q", path, got, err, content)
	}
}

func TestDigest(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	write(t, path, "a")
	got, err := Digest(path)
	if err != nil || got != sha256.Sum256([]byte("a")) {
		t.Errorf("%x, %v", got, err)
	}
	var d digests
	d.want(t, path, "a", later())
	write(t, path, "longer")
	d.want(t, path, "longer", later())
}

// TestRacy digests a file that was just written: a write in the same tick of the clock would not
// show, so nothing is kept.
func TestRacy(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	write(t, path, "a")
	var d digests
	now := time.Now()
	d.want(t, path, "a", now)
	d.want(t, path, "a", now.Add(-time.Hour))
	if len(d.known) > 0 {
		t.Error("the digest of a file that may change unseen is kept")
	}
}

func TestLink(t *testing.T) {
	dir := t.TempDir()
	link := filepath.Join(dir, "link")
	for _, content := range []string{"a", "b"} {
		target := filepath.Join(dir, content)
		write(t, target, content)
		_ = os.Remove(link)
		if err := os.Symlink(target, link); err != nil {
			t.Fatal(err)
		}
	}
	var d digests
	d.want(t, link, "b", later())
	if err := os.Rename(filepath.Join(dir, "a"), filepath.Join(dir, "b")); err != nil {
		t.Fatal(err)
	}
	d.want(t, link, "a", later())
}

func TestUnreadable(t *testing.T) {
	dir := t.TempDir()
	for _, path := range []string{dir, filepath.Join(dir, "missing"), ""} {
		if got, err := Digest(path); err == nil {
			t.Errorf("%q: %x", path, got)
		}
	}
	path := filepath.Join(dir, "f")
	write(t, path, "a")
	var d digests
	d.want(t, path, "a", later())
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if got, err := d.digest(path, later()); err == nil {
		t.Errorf("a removed file has the digest %x", got)
	}
}

func TestBounded(t *testing.T) {
	var d digests
	for i := range maxKept + 10 {
		d.put(fmt.Sprint(i), known{})
	}
	if len(d.known) != maxKept {
		t.Errorf("%d digests are kept", len(d.known))
	}
}
