package server

import "syscall"

// dieWithParent ends a server with the test binary, also where that is killed by a timeout.
func dieWithParent() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
