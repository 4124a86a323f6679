package dir_test

import (
	"os"
	"runtime"
	"syscall"
	"testing"
)

// asNobody calls f as a user who owns nothing. Root's rights would hide what is tested; others lack them already.
func asNobody(t *testing.T, f func()) {
	t.Helper()
	if os.Getuid() != 0 {
		f()
		return
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // Not unlocked: the thread ends with its rights.
		const nobody = 65534
		if _, _, errno := syscall.RawSyscall(syscall.SYS_SETFSUID, nobody, 0, 0); errno != 0 {
			t.Error(errno)
			return
		}
		f()
	}()
	<-done
}
