package pool

import (
	"os"
)

// exitCause says how a process ended, as the rest of "the worker …", and whether that was its own doing. fatal is
// what it said itself. TerminateProcess, as we and the task manager use it, ends a process with 1.
func exitCause(state *os.ProcessState, fatal string) (text string, crash bool) {
	switch {
	case fatal != "":
		return "ended with " + fatal, true
	case state == nil:
		return "ended", false
	case state.ExitCode() == 1:
		return "was ended", false
	case state.ExitCode() == 0:
		return "ended by itself", true
	}
	return "ended with " + state.String(), true
}

// processLives is true where nobody can tell: nothing is removed then.
func processLives(int) bool { return true }

func isOurs(os.FileInfo) bool { return false }

func shortTemp(base string) string { return base }

func answers(string) bool { return true }
