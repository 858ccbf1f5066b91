//go:build !linux

package pool

import "syscall"

// processAttributes are the usual ones: the end of its standard input ends a worker.
func processAttributes() *syscall.SysProcAttr { return nil }
