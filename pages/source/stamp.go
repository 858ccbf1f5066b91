package source

import (
	"io/fs"
	"sort"
	"time"
)

// A FileKind says what lies at a name.
type FileKind uint8

// The kinds.
const (
	Missing FileKind = iota
	Regular
	Directory
	Other // a device, pipe or socket
)

// A Stamp is the state of a file at the moment it was read or asked for. The zero Stamp is a missing file.
type Stamp struct {
	Kind     FileKind
	Hashed   bool // Hash is set
	Unsure   bool // read within 20 ms of its change: the times alone do not prove anything
	Size     int64
	Modified int64 // nanoseconds since 1970
	Changed  int64 // the inode's change time; 0 where the system has none
	Inode    uint64
	Hash     uint64 // of the bytes, or of the names in a folder; only comparable within one Folder
}

// Time is when the file was modified.
func (s Stamp) Time() time.Time { return time.Unix(0, s.Modified) }

func (s Stamp) lastChange() time.Time { return time.Unix(0, max(s.Modified, s.Changed)) }

// sameState compares what a stat tells. The size of a folder means nothing.
func (s Stamp) sameState(t Stamp) bool {
	if s.Kind != t.Kind {
		return false
	}
	if s.Kind == Missing {
		return true
	}
	return (s.Size == t.Size || s.Kind == Directory) && s.Modified == t.Modified && s.Changed == t.Changed && s.Inode == t.Inode
}

// settle marks the Stamp as unsure if the file changed so shortly before now that a further write could
// have left the same times.
func (s *Stamp) settle(now time.Time) {
	s.Unsure = s.Kind != Missing && now.Sub(s.lastChange()) < patience
}

// stillFor says how long the file must have been still to be believed, and how long to wait for that at most.
func (s Stamp) stillFor(before Stamp) (still, longest time.Duration) {
	switch {
	case s.Size == 0 && before.Size > 0:
		return stillEmptied, patienceEmptied
	case s.doubtful(before):
		return stillPartly, patiencePartly
	case s.Size == 0, before.Kind == Regular && before.Inode == s.Inode && !before.sameState(s):
		return stillInPlace, patience
	}
	return stillRenamed, patience
}

// doubtful says whether the size is one that a file has in the middle of being saved: none, or whole pages of
// memory, in which systems write.
func (s Stamp) doubtful(before Stamp) bool {
	return s.Size == 0 && before.Size > 0 || s.Size > 0 && s.Size%memoryPage == 0
}

func stampOfInfo(info fs.FileInfo) Stamp {
	s := Stamp{Kind: kindOf(info.Mode()), Size: info.Size(), Modified: info.ModTime().UnixNano()}
	s.Changed, s.Inode = systemState(info)
	return s
}

func kindOf(mode fs.FileMode) FileKind {
	switch {
	case mode.IsRegular():
		return Regular
	case mode.IsDir():
		return Directory
	}
	return Other
}

func sortEntries(entries []fs.DirEntry) {
	sort.Slice(entries, func(i, j int) bool { return entries[i].Name() < entries[j].Name() })
}
