//go:build unix

package state

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// identity is the device and inode of a folder.
func identity(folder string) (string, error) {
	info, err := os.Stat(folder)
	if err != nil {
		return "", err
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return "", errors.New("the system tells no inode")
	}
	return fmt.Sprintf("%d:%d", st.Dev, st.Ino), nil
}

// lockFile takes the lock of a file, which ends when the file is closed or the process ends.
func lockFile(f *os.File) error { return flock(f, syscall.LOCK_EX) }

// lockShared takes a lock that hinders lockFile only.
func lockShared(f *os.File) error { return flock(f, syscall.LOCK_SH) }

// unlockFile gives a lock back before the file is closed.
func unlockFile(f *os.File) error { return flock(f, syscall.LOCK_UN) }

func flock(f *os.File, how int) error {
	for {
		err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
		switch {
		case errors.Is(err, syscall.EINTR):
			continue
		case errors.Is(err, syscall.EWOULDBLOCK):
			return errHeld
		}
		return err
	}
}

func renameFile(old, name string) error { return os.Rename(old, name) }

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
