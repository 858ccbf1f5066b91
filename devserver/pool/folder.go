package pool

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	folderPrefix  = "huygens-"
	maxSocketPath = 100         // bytes; systems allow 103 to 107
	staleAfter    = time.Minute // a folder that is younger may be just in the making
)

// A socketFolder holds the sockets of a pool's workers. Nobody else may enter it. The zero value is ready for
// use; the folder is made when it is needed first.
type socketFolder struct {
	mu   sync.Mutex // guards the fields below
	path string
	last int
}

// socket returns a path for the socket of a new worker.
func (f *socketFolder) socket() (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.path == "" {
		path, err := makeFolder(os.TempDir())
		if err != nil {
			return "", fmt.Errorf("making a folder for the workers' sockets: %w", err)
		}
		f.path = path
	}
	f.last++
	return filepath.Join(f.path, strconv.Itoa(f.last)), nil
}

// makeFolder makes a folder that only this user can enter, in base unless its name is too long for a socket.
func makeFolder(base string) (string, error) {
	pattern := fmt.Sprintf("%s%d-", folderPrefix, os.Getpid())
	if len(base)+len(pattern)+len("/1234567890/123456") > maxSocketPath {
		base = shortTemp(base)
	}
	removeStale(base)
	return os.MkdirTemp(base, pattern) // mode 0700
}

func (f *socketFolder) remove() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.path != "" {
		os.RemoveAll(f.path)
		f.path = ""
	}
}

// removeStale removes what an app left behind that was killed: folders of ours, whose process is gone and at
// whose sockets nobody listens.
func removeStale(base string) {
	folders, err := filepath.Glob(filepath.Join(base, folderPrefix+"*-*"))
	if err != nil {
		return
	}
	for _, folder := range folders {
		number, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(folder), folderPrefix), "-")
		pid, err := strconv.Atoi(number)
		if err != nil || processLives(pid) {
			continue
		}
		info, err := os.Lstat(folder)
		if err != nil || !info.IsDir() || !isOurs(info) || time.Since(info.ModTime()) < staleAfter {
			continue
		}
		removeSockets(folder)
	}
}

// removeSockets removes a folder with its dead sockets. A socket that is in use, or anything else in the folder,
// keeps it.
func removeSockets(folder string) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return
	}
	for _, e := range entries {
		path := filepath.Join(folder, e.Name())
		if e.Type()&os.ModeSocket == 0 || answers(path) {
			return
		}
		os.Remove(path)
	}
	os.Remove(folder)
}
