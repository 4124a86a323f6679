package dir

import "syscall"

// local are the file systems that are known not to wait for another machine or process (statfs(2)).
var local = map[uint32]string{
	0xef53: "ext4", 0x58465342: "xfs", 0x9123683e: "btrfs", 0x01021994: "tmpfs", 0x794c7630: "overlayfs", 0x2fc12fc1: "zfs",
	0xf2f52010: "f2fs", 0xca451a4e: "bcachefs", 0x858458f6: "ramfs",
}

// isDistant reports whether a call of the system for a file in folder may take for ever.
func isDistant(folder string) bool {
	var st syscall.Statfs_t
	if err := syscall.Statfs(folder, &st); err != nil {
		return true
	}
	return local[uint32(st.Type)] == ""
}
