//go:build unix

package schema

import "syscall"

// drop gives up the rights of the superuser: mutants may do anything.
func drop() {
	if syscall.Getuid() == 0 {
		_ = syscall.Setgid(65534)
		_ = syscall.Setuid(65534)
	}
}
