//go:build darwin || freebsd || netbsd

package dir

import (
	"io/fs"
	"syscall"
	"time"
)

// accessed returns when a file was last read.
func accessed(info fs.FileInfo) time.Time {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return time.Unix(st.Atimespec.Unix())
	}
	return info.ModTime()
}
