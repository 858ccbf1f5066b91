package watch

import (
	"hash/maphash"
	"io"
	"io/fs"
	"time"

	"huygens/pages/source"
)

const (
	hashBelow   = 256 << 10             // larger files are told by size and times alone
	tick        = 20 * time.Millisecond // two writes this close together may leave the same times
	hashAtOnce  = 1000                  // files of one batch that are hashed before it is told
	hashBudget  = 64 << 20              // bytes that may be hashed in idle moments at the start,
	hashRefill  = 4 << 20               // and in each second after it
	hashPerTurn = 32                    // files hashed before the bell is looked at again
)

// An entry is the state of a file, folder or link when it was scanned.
type entry struct {
	size     int64
	modified int64 // nanoseconds since 1970
	inode    uint64
	hash     uint64
	mode     fs.FileMode
	hashed   bool
	unsure   bool // scanned so soon after it was written that its times prove nothing
}

func entryOf(info fs.FileInfo, now time.Time) entry {
	e := entry{size: info.Size(), modified: info.ModTime().UnixNano(), inode: inodeOf(info), mode: info.Mode()}
	age := now.Sub(info.ModTime())
	e.unsure = e.mode.IsRegular() && age < tick && age > -tick
	return e
}

func (e entry) isFolder() bool { return e.mode.IsDir() }

// sameState compares what the system tells. The size and times of a folder say nothing about itself.
func (e entry) sameState(o entry) bool {
	if e.mode != o.mode || e.inode != o.inode {
		return false
	}
	return e.isFolder() || e.size == o.size && e.modified == o.modified
}

func (e entry) mayHash() bool { return e.mode.IsRegular() && e.size <= hashBelow }

// hasher reads small files of one folder.
type hasher struct {
	seed maphash.Seed
	buf  []byte
}

// sum hashes the file if it still is what e says; e is returned with or without its hash.
func (h *hasher) sum(folder *source.Folder, name string, e entry) entry {
	e.hashed = false
	if !e.mayHash() {
		return e
	}
	file, info, err := folder.OpenFile(name)
	if err != nil {
		return e
	}
	defer file.Close()
	if !entryOf(info, time.Time{}).sameState(e) {
		return e
	}
	if h.buf == nil {
		h.buf = make([]byte, hashBelow+1)
	}
	n, err := io.ReadFull(file, h.buf)
	if err != io.EOF && err != io.ErrUnexpectedEOF {
		return e // longer than it may be, or unreadable
	}
	info, err = file.Stat()
	if err != nil || int64(n) != e.size || !entryOf(info, time.Time{}).sameState(e) {
		return e
	}
	e.hash, e.hashed = maphash.Bytes(h.seed, h.buf[:n]), true
	return e
}
