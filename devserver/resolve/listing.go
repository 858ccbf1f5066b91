package resolve

import (
	"io/fs"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"huygens/pages/source"
)

// maxFolders bounds the listings that are kept; when it is reached all are dropped.
const maxFolders = 10_000

// A listing is what a folder held when it was read. It is never changed.
type listing struct {
	name    string // site path
	stamp   source.Stamp
	read    time.Time // just before it was read
	entries map[string]entry
}

// An entry is one name in a folder.
type entry struct {
	path    string // site path
	kind    kind
	hidden  bool // never served, never run
	regular bool
	dir     bool
}

// listings keeps the listings of the folders of a site.
type listings struct {
	folder *source.Folder
	judge  func(dir string) func(fs.DirEntry) entry

	mu    sync.RWMutex // guards slots
	slots map[string]*slot
}

// A slot is the place of one folder's listing. Its mutex is held while the folder is read.
type slot struct {
	mu   sync.Mutex
	last atomic.Pointer[listing]
}

// get returns the listing of a folder as it is now, nil if it cannot be read.
func (l *listings) get(name string) *listing {
	now := l.folder.Stat(name)
	s := l.slot(name)
	if known := s.last.Load(); known != nil && known.current(now) {
		return known
	}
	if now.Kind != source.Directory {
		l.forget(name)
		return nil
	}
	asked := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if known := s.last.Load(); known != nil && known.read.After(asked) {
		return known // somebody has read it meanwhile, after this request came
	}
	fresh := l.readFolder(name)
	s.last.Store(fresh)
	return fresh
}

// current says whether a listing is proved to be still right by the state that the folder has now.
func (l *listing) current(now source.Stamp) bool {
	was := &l.stamp
	return !was.Unsure && was.Kind == now.Kind && was.Modified == now.Modified && was.Changed == now.Changed && was.Inode == now.Inode
}

func (l *listings) slot(name string) *slot {
	l.mu.RLock()
	s := l.slots[name]
	l.mu.RUnlock()
	if s != nil {
		return s
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if s = l.slots[name]; s != nil {
		return s
	}
	if l.slots == nil || len(l.slots) >= maxFolders {
		l.slots = map[string]*slot{}
	}
	s = &slot{}
	l.slots[name] = s
	return s
}

func (l *listings) forget(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.slots, name)
}

func (l *listings) readFolder(name string) *listing {
	fresh := &listing{name: name, read: time.Now()}
	entries, stamp, err := l.folder.List(name)
	if err != nil {
		return nil
	}
	fresh.stamp = stamp
	fresh.entries = make(map[string]entry, len(entries))
	judge := l.judge(name)
	for _, e := range entries {
		fresh.entries[e.Name()] = judge(e)
	}
	return fresh
}

// judge decides what an entry of a folder is.
func (r *Resolver) judge(dir string) func(fs.DirEntry) entry {
	at := r.placeOf(dir)
	below := anyMarked(dir)
	return func(e fs.DirEntry) entry {
		name := e.Name()
		out := entry{path: join(dir, name), regular: e.Type().IsRegular(), dir: e.IsDir()}
		if !out.regular && !out.dir {
			out.hidden = true // a link, pipe, device or socket
			return out
		}
		out.hidden = hidden(name) || (below || marked(name)) && r.closed(out) ||
			name == wellKnown && !out.dir || out.dir && at.root && fold(name) == "modules"
		switch {
		case out.hidden:
		case out.dir:
			out.kind = folder
		default:
			out.kind = kindOfFile(name, at)
		}
		return out
	}
}

// closed says whether [site] serve does not open an entry whose name, or a folder above it, begins with a dot
// or underscore.
func (r *Resolver) closed(e entry) bool {
	for _, g := range r.serve {
		if e.dir && g.MatchFolder(e.path) || !e.dir && g.Match(e.path) {
			return false
		}
	}
	return true
}

func anyMarked(dir string) bool {
	for name := range strings.SplitSeq(dir, "/") {
		if name != "." && marked(name) {
			return true
		}
	}
	return false
}

// placeOf says what a folder means for the names in it. Only the part below its application counts.
func (r *Resolver) placeOf(dir string) place {
	app := r.owner(dir)
	at := place{root: dir == app.Folder}
	below := dir
	if app.Folder != "." {
		below = strings.TrimPrefix(strings.TrimPrefix(dir, app.Folder), "/")
	}
	for name := range strings.SplitSeq(below, "/") {
		at.public = at.public || name == "client" || name == "public"
	}
	return at
}

func join(dir, name string) string {
	if dir == "." {
		return name
	}
	return dir + "/" + name
}
