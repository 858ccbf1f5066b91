//go:build unix

package pool

import (
	"net"
	"os"
	"syscall"
	"time"
)

// exitCause says how a process ended, as the rest of "the worker …", and whether that was its own doing: it is
// not when a signal came from outside. fatal is what it said itself.
func exitCause(state *os.ProcessState, fatal string) (text string, crash bool) {
	if state == nil {
		return "ended", false
	}
	status, ok := state.Sys().(syscall.WaitStatus)
	switch {
	case fatal != "":
		return "ended with " + fatal, true
	case ok && status.Signaled():
		switch s := status.Signal(); s {
		case syscall.SIGKILL, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP, syscall.SIGQUIT:
			return "was ended by a signal (" + s.String() + ")", false
		default:
			return "was ended by a signal (" + s.String() + ")", true
		}
	case state.ExitCode() == 0:
		return "ended by itself", true
	}
	return "ended with " + state.String(), true
}

// processLives says whether there is a process with this number.
func processLives(pid int) bool { return pid > 0 && syscall.Kill(pid, 0) != syscall.ESRCH }

func isOurs(info os.FileInfo) bool {
	s, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(s.Uid) == os.Getuid()
}

// shortTemp is a folder for temporary files with a short name.
func shortTemp(string) string { return "/tmp" }

// answers says whether somebody listens at a socket.
func answers(path string) bool {
	c, err := net.DialTimeout("unix", path, time.Second)
	if err == nil {
		c.Close()
	}
	return err == nil
}
