package dir

import (
	"context"
	"os"
	"strings"
	"time"
)

// strayAge is the age from which a temporary file is removed.
const strayAge = time.Hour

// removeStray removes temporary files and lease files that nobody has.
func (sh *shard) removeStray(ctx context.Context, names []string) {
	removeStrayTemps(sh.root, names)
	for _, name := range names {
		if strings.HasPrefix(name, leaseMark) && isStray(sh.root, name) {
			sh.removeStrayLease(ctx, name)
		}
	}
}

func (sh *shard) removeStrayLease(ctx context.Context, name string) {
	if sh.lock(ctx) != nil {
		return
	}
	defer sh.unlock()
	f, err := sh.root.OpenFile(name, os.O_RDWR|nonblock, 0)
	if err != nil {
		return
	}
	defer f.Close()
	if free, err := tryLock(f); free && err == nil {
		_ = sh.root.Remove(name)
	}
}

// removeStray removes the temporary files of a folder.
func removeStray(root *os.Root, folder string) {
	d, err := root.Open(folder)
	if err != nil {
		return
	}
	defer d.Close()
	names, _ := d.Readdirnames(-1)
	removeStrayTemps(root, names)
}

func removeStrayTemps(root *os.Root, names []string) {
	for _, name := range names {
		if strings.HasPrefix(name, tempMark) && isStray(root, name) {
			_ = root.Remove(name)
		}
	}
}

func isStray(root *os.Root, name string) bool {
	info, err := root.Lstat(name)
	return err == nil && time.Since(info.ModTime()) > strayAge
}
