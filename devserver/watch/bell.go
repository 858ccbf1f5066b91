package watch

import (
	"errors"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"
)

// maxNamed bounds the names kept for one folder; beyond it the folder is scanned whole.
const maxNamed = 1024

// A notifier brings the system's events for folders. fsnotify has all of it; tests break it.
type notifier interface {
	Add(path string) error
	Remove(path string) error
	Close() error
	Channels() (<-chan fsnotify.Event, <-chan error)
}

type systemNotifier struct{ *fsnotify.Watcher }

func (n systemNotifier) Channels() (<-chan fsnotify.Event, <-chan error) { return n.Events, n.Errors }

func newSystemNotifier() (notifier, error) {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	return systemNotifier{w}, nil
}

// dirty is what events said about one folder.
type dirty struct {
	all   bool            // its list of names may have changed
	named map[string]bool // files that were written
}

// A bell gathers events until the next scan. One goroutine rings it, so that the system's queue is emptied at
// once; the watcher's own goroutine takes what gathered.
type bell struct {
	root string // absolute path of the folder
	skip skipper

	rung chan struct{} // holds one value when the first event of a batch has come

	mu    sync.Mutex // guards all fields below
	pace  pace
	dirty map[string]*dirty
	whole bool      // events were lost: scan everything
	last  time.Time // when the newest event came
}

func newBell(root string, skip skipper) *bell {
	return &bell{root: root, skip: skip, rung: make(chan struct{}, 1), pace: pace{most: slowest}, dirty: map[string]*dirty{}}
}

// listen rings for each event of n, until n is closed.
func (b *bell) listen(n notifier) {
	events, faults := n.Channels()
	for events != nil || faults != nil {
		select {
		case e, ok := <-events:
			if !ok {
				events = nil
				continue
			}
			b.event(e, time.Now())
		case err, ok := <-faults:
			if !ok {
				faults = nil
				continue
			}
			if errors.Is(err, fsnotify.ErrEventOverflow) {
				b.ringWhole(time.Now())
			}
		}
	}
}

func (b *bell) event(e fsnotify.Event, now time.Time) {
	if e.Op == fsnotify.Chmod {
		return // indexers and backups send floods of them; the next scan sees a real one
	}
	rel, inside := strings.CutPrefix(e.Name, b.root+string(filepath.Separator))
	if !inside {
		if e.Name == b.root && e.Has(fsnotify.Remove|fsnotify.Rename) {
			b.ringWhole(now)
		}
		return
	}
	name := filepath.ToSlash(rel)
	if b.skip.file(name) {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.last = now
	b.noteLocked(name, !exactNames && e.Has(fsnotify.Create|fsnotify.Remove|fsnotify.Rename))
	b.ringLocked(now)
}

func (b *bell) noteLocked(name string, listChanged bool) {
	folder := path.Dir(name)
	d := b.dirty[folder]
	if d == nil {
		d = &dirty{named: map[string]bool{}}
		b.dirty[folder] = d
	}
	d.all = d.all || listChanged || len(d.named) >= maxNamed
	if len(d.named) < maxNamed {
		d.named[path.Base(name)] = true
	}
}

// ringAgain asks for another look at a file.
func (b *bell) ringAgain(name string, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.noteLocked(name, false)
	b.ringLocked(now)
}

func (b *bell) ringWhole(now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.whole = true
	b.ringLocked(now)
}

func (b *bell) ringLocked(now time.Time) {
	b.pace.ring(now)
	select {
	case b.rung <- struct{}{}:
	default:
	}
}

// due is when what gathered may be told; false if nothing has.
func (b *bell) due() (time.Time, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.pace.due()
}

// A ringing is what gathered between two scans.
type ringing struct {
	first time.Time
	whole bool
	dirty map[string]*dirty
}

// take empties the bell.
func (b *bell) take(now time.Time) ringing {
	b.mu.Lock()
	defer b.mu.Unlock()
	r := ringing{first: b.pace.first, whole: b.whole, dirty: b.dirty}
	b.dirty, b.whole = map[string]*dirty{}, false
	b.pace.tell(now)
	return r
}

func (b *bell) lastEvent() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.last
}
