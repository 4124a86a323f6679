package dir

import (
	"io/fs"
	"syscall"
	"time"
)

// accessed returns when a file was last read.
func accessed(info fs.FileInfo) time.Time {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return time.Unix(st.Atim.Unix())
	}
	return info.ModTime()
}
