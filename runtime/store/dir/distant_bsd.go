//go:build darwin || freebsd

package dir

import "syscall"

// mountLocal is MNT_LOCAL of sys/mount.h.
const mountLocal = 0x1000

// isDistant reports whether a call of the system for a file in folder may take for ever.
func isDistant(folder string) bool {
	var st syscall.Statfs_t
	err := syscall.Statfs(folder, &st)
	return err != nil || uint64(st.Flags)&mountLocal == 0
}
