package pool

import (
	"errors"
	"fmt"
	"runtime/debug"
	"strings"

	"huygens/devserver/wire"
)

// The line that a worker prints when it is ready, and the one when it cannot start.
const (
	readyWord  = "huygens-worker-ready"
	failedWord = "huygens-worker-failed"
)

func readyLine() string { return readyWord + " " + buildID() }

func failedLine(err error) string {
	return failedWord + " " + short(strings.Join(strings.Fields(err.Error()), " "))
}

// checkHandshake judges a worker's first line.
func checkHandshake(line string) error {
	word, rest, _ := strings.Cut(line, " ")
	switch {
	case word == failedWord:
		return errors.New(rest)
	case word != readyWord:
		return fmt.Errorf("%w: %q instead of its first line", errNonsense, short(line))
	case rest != buildID():
		return fmt.Errorf("the worker is another build of the program (%s) than this one (%s): build both anew and start again", short(rest), buildID())
	}
	return nil
}

// buildID names the protocol and what the program was built from.
func buildID() string {
	id := fmt.Sprintf("protocol-%d", wire.Version)
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return id
	}
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			id += "-" + s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			id += "-modified"
		}
	}
	return id
}
