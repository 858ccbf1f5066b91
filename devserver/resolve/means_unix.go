//go:build unix

package resolve

import (
	"errors"
	"syscall"
)

// outOfMeans says whether an error is the machine's, not the file's.
func outOfMeans(err error) bool {
	return errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) || errors.Is(err, syscall.ENOMEM)
}
