//go:build darwin || freebsd || netbsd

package content

import (
	"os"
	"syscall"
)

func stateOf(info os.FileInfo) (state, bool) {
	sys, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return state{}, false
	}
	return state{
		device: uint64(sys.Dev), inode: uint64(sys.Ino), size: info.Size(),
		modified: info.ModTime().UnixNano(), changed: sys.Ctimespec.Nano(),
	}, true
}
