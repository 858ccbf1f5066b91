package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// probeTime is how long the probe may take (design.md, 2).
const probeTime = 2 * time.Second

const probeName = "window-probe"

// probeCommand tries to open a hidden window, in a process of its own: without a display Fyne panics, without
// OpenGL it hangs.
func (p program) probeCommand() *cobra.Command {
	return &cobra.Command{
		Use: probeName, Hidden: true, Args: noArguments,
		RunE: func(*cobra.Command, []string) error { return probeWindow() },
	}
}

// canOpenWindow says why no window can be opened here, nil if one can.
func canOpenWindow(ctx context.Context) error {
	if !builtWithWindow {
		return errors.New("this program was built without one")
	}
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("finding the program: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	var out bytes.Buffer
	cmd := exec.CommandContext(ctx, self, probeName)
	cmd.Stderr = &out
	err = cmd.Run()
	switch {
	case err == nil:
		return nil
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return errors.New("the display did not open one in 2 s")
	}
	if said := lastLine(out.String()); said != "" {
		return errors.New(strings.TrimPrefix(said, "huygens: "))
	}
	return err
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for i := len(lines) - 1; i >= 0; i-- {
		if rest, ok := strings.CutPrefix(lines[i], "huygens: "); ok {
			return rest
		}
	}
	return lines[len(lines)-1]
}
