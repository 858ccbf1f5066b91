package source

import (
	"errors"
	"io/fs"
	"sync"
	"sync/atomic"
	"time"
)

// An Input is a file that something was made from, in the state in which it was read. A file that was looked
// for and was not there is an input too.
type Input struct {
	Name  string
	Stamp Stamp
}

// Inputs is what one thing was made from. It is made by a Reader and checked at each use.
type Inputs struct {
	folder *Folder
	mu     sync.Mutex // held while an entry is replaced by a newer Stamp of the same bytes
	list   atomic.Pointer[[]Input]
}

// A Change is the first input that is no longer what it was.
type Change struct {
	Name string
	When time.Time // when it changed, as far as the file system tells; zero if it is gone
	Gone bool
	New  bool // it was missing before
}

// List returns the inputs in the order in which they were read. The slice must not be changed.
func (in *Inputs) List() []Input {
	if in == nil {
		return nil
	}
	return *in.list.Load()
}

// Changed looks whether any input has changed, and returns the first that has.
func (in *Inputs) Changed() (Change, bool) {
	if in == nil {
		return Change{}, false
	}
	list := *in.list.Load()
	for i := range list {
		was := &list[i]
		now := in.folder.Stat(was.Name)
		if now.sameState(was.Stamp) && !was.Stamp.Unsure {
			continue
		}
		if c, changed := in.compare(i, *was, now); changed {
			return c, true
		}
	}
	return Change{}, false
}

// compare decides by the bytes. If they are the same, the new Stamp takes the place of the old one.
func (in *Inputs) compare(i int, was Input, now Stamp) (Change, bool) {
	change := Change{Name: was.Name, Gone: now.Kind == Missing, New: was.Stamp.Kind == Missing}
	if !change.Gone {
		change.When = now.lastChange()
	}
	if now.Kind != was.Stamp.Kind || !was.Stamp.Hashed {
		return change, !now.sameState(was.Stamp)
	}
	var err error
	switch now.Kind {
	case Regular:
		_, now, err = in.folder.Read(was.Name, was.Stamp)
	case Directory:
		_, now, err = in.folder.List(was.Name)
	default:
		return change, true
	}
	if err != nil || now.Hash != was.Stamp.Hash {
		return change, true
	}
	in.replace(i, Input{Name: was.Name, Stamp: now})
	return Change{}, false
}

func (in *Inputs) replace(i int, by Input) {
	in.mu.Lock()
	defer in.mu.Unlock()
	list := append([]Input(nil), *in.list.Load()...)
	list[i] = by
	in.list.Store(&list)
}

// A Reader reads files and remembers each as an input, misses included. It belongs to one goroutine, or is
// guarded by its user.
type Reader struct {
	folder *Folder
	before map[string]Stamp
	seen   map[string]int
	list   []Input
}

// NewReader returns a Reader on folder. before is what the same thing was made from last time, or nil: it
// tells a file that was written in place from a new one.
func NewReader(folder *Folder, before *Inputs) *Reader {
	r := &Reader{folder: folder, seen: map[string]int{}}
	for _, in := range before.List() {
		if r.before == nil {
			r.before = map[string]Stamp{}
		}
		r.before[in.Name] = in.Stamp
	}
	return r
}

// Folder is where the Reader reads.
func (r *Reader) Folder() *Folder { return r.folder }

// ReadFile returns the whole file. The error of a missing file is fs.ErrNotExist.
func (r *Reader) ReadFile(name string) ([]byte, error) {
	data, stamp, err := r.folder.Read(name, r.before[name])
	r.add(name, stamp)
	return data, err
}

// Exists says whether name is a regular file, and remembers the answer as an input.
func (r *Reader) Exists(name string) bool {
	stamp := r.folder.Stat(name)
	if stamp.Kind == Regular {
		// Only the being there matters, but an input without hash counts as changed when the file is saved;
		// that is harmless, as whoever asks reads it next.
		r.add(name, stamp)
		return true
	}
	r.add(name, stamp)
	return false
}

// List returns the entries of a folder; a new or removed file in it is then a change.
func (r *Reader) List(name string) ([]fs.DirEntry, error) {
	entries, stamp, err := r.folder.List(name)
	if err != nil && errors.Is(err, fs.ErrNotExist) {
		stamp = Stamp{}
	}
	r.add(name, stamp)
	return entries, err
}

func (r *Reader) add(name string, stamp Stamp) {
	if i, ok := r.seen[name]; ok {
		if stamp.Hashed || !r.list[i].Stamp.Hashed {
			r.list[i].Stamp = stamp
		}
		return
	}
	r.seen[name] = len(r.list)
	r.list = append(r.list, Input{Name: name, Stamp: stamp})
}

// Note remembers an input that somebody else has read.
func (r *Reader) Note(in Input) { r.add(in.Name, in.Stamp) }

// Inputs returns what has been read so far.
func (r *Reader) Inputs() *Inputs {
	in := &Inputs{folder: r.folder}
	list := append([]Input(nil), r.list...)
	in.list.Store(&list)
	return in
}
