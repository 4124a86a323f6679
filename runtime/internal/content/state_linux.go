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
		device: uint64(sys.Dev), inode: sys.Ino, size: info.Size(),
		modified: info.ModTime().UnixNano(), changed: sys.Ctim.Nano(),
	}, true
}
