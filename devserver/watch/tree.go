package watch

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sort"
	"time"

	"huygens/pages/source"
)

// A tree is the last snapshot of a folder. It belongs to the watcher's goroutine.
type tree struct {
	root    string // absolute path
	skip    skipper
	most    int // files kept in mind
	folder  *source.Folder
	notify  notifier // nil: no events
	hash    hasher
	folders map[string]map[string]entry // by site path, then by name
	files   int
	full    bool  // there are more files than most
	fault   error // the first folder that could not be watched
	fresh   []string
	pending []string // small files that are still to be hashed
}

// A scan compares the tree with what lies on disk and writes the differences into the tree.
type scan struct {
	*tree
	changes  map[string]Kind
	lists    map[string]bool // folders whose names changed
	added    []string        // folders found, not yet walked
	emptied  []string        // files that are most likely in the middle of a save
	hashed   int
	deep     bool // go into known folders too
	old      time.Time
	unbelled bool // deep: something had changed before old
}

func (t *tree) newScan() *scan {
	return &scan{tree: t, changes: map[string]Kind{}, lists: map[string]bool{}}
}

// bell scans what events named.
func (s *scan) bell(r ringing) {
	for folder, d := range r.dirty {
		if _, known := s.folders[folder]; !known {
			continue // gone again, or new: then its parent is named too
		}
		if d.all {
			s.compareFolder(folder, d.named)
			continue
		}
		for name := range d.named {
			s.compareNamed(folder, name)
		}
	}
	s.walkAdded()
}

// all scans everything.
func (s *scan) all() {
	s.deep = true
	s.watch(".")
	s.compareFolder(".", nil)
	s.walkAdded()
}

// again scans folders that were new a moment ago: what happened in them before they were watched, or while
// the system still knew them under another name, may have rung no bell.
func (s *scan) again(folders []string) {
	for _, f := range folders {
		if _, known := s.folders[f]; known {
			s.watch(f)
			s.compareFolder(f, nil)
		}
	}
	s.walkAdded()
}

// walkAdded walks new folders after all vanished ones were let go: a renamed folder is both, and the system
// knows it by one watch.
func (s *scan) walkAdded() {
	for len(s.added) > 0 {
		folder := s.added[len(s.added)-1]
		s.added = s.added[:len(s.added)-1]
		if _, known := s.folders[folder]; known {
			continue
		}
		s.folders[folder] = map[string]entry{}
		s.fresh = append(s.fresh, folder)
		s.watch(folder)
		s.compareFolder(folder, nil)
	}
}

// watch comes before the listing, so that nothing falls between the two.
func (t *tree) watch(folder string) {
	if t.notify == nil {
		return
	}
	err := t.notify.Add(t.path(folder))
	if err != nil && t.fault == nil && !errors.Is(err, fs.ErrNotExist) {
		t.fault = err
	}
}

func (t *tree) path(name string) string { return filepath.Join(t.root, filepath.FromSlash(name)) }

func (s *scan) compareFolder(folder string, named map[string]bool) {
	list, err := os.ReadDir(s.path(folder))
	if err != nil {
		return // gone: its parent's scan says so; unreadable: what was known stays
	}
	known := s.folders[folder]
	there := make(map[string]bool, len(list))
	now := time.Now()
	for _, item := range list {
		name := path.Join(folder, item.Name())
		if item.IsDir() && s.skip.folder(name) || !item.IsDir() && s.skip.file(name) {
			continue
		}
		info, err := item.Info()
		if err != nil {
			continue
		}
		there[item.Name()] = true
		s.compare(folder, item.Name(), entryOf(info, now), named[item.Name()])
	}
	for name := range known {
		if !there[name] {
			s.remove(folder, name)
		}
	}
}

func (s *scan) compareNamed(folder, name string) {
	full := path.Join(folder, name)
	info, err := os.Lstat(s.path(full))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		s.remove(folder, name)
	case err == nil && (info.IsDir() && s.skip.folder(full) || s.skip.file(full)):
	case err == nil:
		s.compare(folder, name, entryOf(info, time.Now()), true)
	}
}

// compare decides about one name that is there. named says that an event named it.
func (s *scan) compare(folder, base string, now entry, named bool) {
	name := path.Join(folder, base)
	was, known := s.folders[folder][base]
	if known && was.isFolder() != now.isFolder() || known && now.isFolder() && was.inode != now.inode {
		s.remove(folder, base)
		known = false
	}
	if now.size == 0 && now.unsure && (!known || was.size > 0) {
		s.emptied = append(s.emptied, name) // its bytes are most likely on their way
		return
	}
	if !known {
		s.create(folder, base, now)
		return
	}
	if now.isFolder() {
		if s.deep {
			s.watch(name)
			s.compareFolder(name, nil)
		}
		return
	}
	if was.sameState(now) && (!was.unsure || !named && !was.hashed) {
		return
	}
	if was.hashed && was.size == now.size {
		now = s.hash.sum(s.tree.folder, name, now)
	} else {
		now = s.sumSoon(name, now)
	}
	s.folders[folder][base] = now
	if !was.hashed || !now.hashed || was.hash != now.hash {
		s.change(name, Modified)
		s.unbelled = s.unbelled || time.Unix(0, now.modified).Before(s.old)
	}
}

// sumSoon hashes a small file now if few were hashed in this scan, else in an idle moment.
func (s *scan) sumSoon(name string, e entry) entry {
	if !e.mayHash() {
		return e
	}
	if s.hashed < hashAtOnce {
		s.hashed++
		e = s.hash.sum(s.tree.folder, name, e)
	}
	if !e.hashed {
		s.pending = append(s.pending, name)
	}
	return e
}

func (s *scan) create(folder, base string, e entry) {
	name := path.Join(folder, base)
	if !e.isFolder() {
		if s.files >= s.most {
			s.full = true
			return
		}
		s.files++
		e = s.sumSoon(name, e)
		s.change(name, Created)
		s.unbelled = s.unbelled || time.Unix(0, e.modified).Before(s.old)
	} else {
		s.added = append(s.added, name)
	}
	s.folders[folder][base] = e
	s.lists[folder] = true
}

func (s *scan) remove(folder, base string) {
	e, known := s.folders[folder][base]
	if !known {
		return
	}
	name := path.Join(folder, base)
	delete(s.folders[folder], base)
	s.lists[folder] = true
	if !e.isFolder() {
		s.files--
		s.change(name, Removed)
		return
	}
	for inner := range s.folders[name] {
		s.remove(name, inner)
	}
	if s.notify != nil {
		_ = s.notify.Remove(s.path(name)) // usually gone already
	}
	delete(s.folders, name)
	delete(s.lists, name)
}

// change notes a change. What goes and comes within one scan was modified; what comes and goes was never there.
func (s *scan) change(name string, k Kind) {
	switch was := s.changes[name]; {
	case was == Removed && k == Created:
		k = Modified
	case was == Created && k == Modified:
		k = Created
	case was == Created && k == Removed:
		delete(s.changes, name)
		return
	}
	s.changes[name] = k
}

func (s *scan) batch(first time.Time) Batch {
	b := Batch{First: first}
	for name, kind := range s.changes {
		b.Changes = append(b.Changes, Change{Path: name, Kind: kind})
	}
	sort.Slice(b.Changes, func(i, j int) bool { return b.Changes[i].Path < b.Changes[j].Path })
	for folder := range s.lists {
		b.Folders = append(b.Folders, folder)
	}
	sort.Strings(b.Folders)
	return b
}

// sumPending hashes some of the files that wait for it. It returns the bytes read, and false when there is
// nothing to do before the next second.
func (t *tree) sumPending(now time.Time) (read int64, more bool) {
	var later []string
	for range min(hashPerTurn, len(t.pending)) {
		name := t.pending[len(t.pending)-1]
		t.pending = t.pending[:len(t.pending)-1]
		folder, base := path.Split(name)
		entries := t.folders[path.Clean(folder)]
		e, known := entries[base]
		if !known || e.hashed {
			continue
		}
		if e.unsure && now.Sub(time.Unix(0, e.modified)) < tick {
			later = append(later, name)
			continue
		}
		entries[base] = t.hash.sum(t.folder, name, e)
		read += e.size
	}
	more = len(t.pending) > 0
	t.pending = append(t.pending, later...)
	return read, more && len(later) == 0
}
