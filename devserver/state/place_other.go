//go:build !unix || darwin || ios

package state

import (
	"os"
	"path/filepath"
	"strings"
)

// place is where the system wants what a program keeps for itself (Application Support, AppData).
func place() (string, error) {
	dir, err := localPlace()
	return filepath.Join(dir, "Huygens"), err
}

func localPlace() (string, error) {
	if dir := os.Getenv("LocalAppData"); filepath.IsAbs(dir) { // Windows: not copied to other machines
		return dir, nil
	}
	return os.UserConfigDir()
}

// foldPath is a path as the system compares it: without regard to case.
func foldPath(path string) string { return strings.ToLower(path) }
