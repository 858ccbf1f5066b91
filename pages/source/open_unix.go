//go:build unix && !linux

package source

import "syscall"

const openNonblock = syscall.O_NONBLOCK
