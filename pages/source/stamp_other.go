//go:build !linux

package source

import (
	"io/fs"
	"os"
	"path/filepath"
)

func systemState(fs.FileInfo) (changed int64, inode uint64) { return 0, 0 }

func stampOf(folder, name string) Stamp {
	info, err := os.Stat(filepath.Join(folder, filepath.FromSlash(name)))
	if err != nil {
		return Stamp{}
	}
	return stampOfInfo(info)
}
