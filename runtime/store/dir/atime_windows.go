package dir

import (
	"io/fs"
	"syscall"
	"time"
)

// accessed returns when a file was last read.
func accessed(info fs.FileInfo) time.Time {
	if d, ok := info.Sys().(*syscall.Win32FileAttributeData); ok {
		return time.Unix(0, d.LastAccessTime.Nanoseconds())
	}
	return info.ModTime()
}
