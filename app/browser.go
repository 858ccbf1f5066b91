package main

import (
	"context"
	"fmt"
	"os/exec"
	"runtime"
)

// openBrowser opens an address of ours in the user's browser.
func openBrowser(ctx context.Context, url string) error {
	name, args := "xdg-open", []string{url}
	switch runtime.GOOS {
	case "darwin":
		name = "open"
	case "windows":
		name, args = "rundll32", []string{"url.dll,FileProtocolHandler", url}
	}
	if err := exec.CommandContext(ctx, name, args...).Start(); err != nil {
		return fmt.Errorf("starting %s: %w", name, err)
	}
	return nil
}
