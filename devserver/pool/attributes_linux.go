package pool

import "syscall"

// processAttributes ends a worker with the thread that started it. Its standard input ends it too, but only if it
// is not stopped.
func processAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
