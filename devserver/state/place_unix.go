//go:build unix && !darwin && !ios

package state

import (
	"os"
	"path/filepath"
)

// place is where the system wants state (XDG Base Directory).
func place() (string, error) {
	if dir := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "huygens"), nil
	}
	home, err := os.UserHomeDir()
	return filepath.Join(home, ".local", "state", "huygens"), err
}

// foldPath is a path as the system compares it.
func foldPath(path string) string { return path }
