package watch

import (
	"context"
	"fmt"
	"hash/maphash"
	"path/filepath"
	"sync"
	"time"
)

const (
	second     = time.Second
	pollEvery  = 2 * time.Second
	checkEvery = 30 * time.Second
	maxFiles   = 200_000
)

// A Watcher watches one folder. Run may be called once; the other methods at any time by any goroutine.
type Watcher struct {
	at     string // the folder's path as it was given
	o      Options
	ready  chan struct{}
	listen func() (notifier, error) // opens the system's events
	slow   time.Duration            // see pace.most

	mu     sync.Mutex // guards health
	health Health
}

// New returns a Watcher on folder. Nothing is opened before Run.
func New(folder string, o Options) *Watcher {
	if o.Every <= 0 {
		o.Every = pollEvery
	}
	if o.MaxFiles <= 0 {
		o.MaxFiles = maxFiles
	}
	return &Watcher{at: folder, o: o, ready: make(chan struct{}), listen: newSystemNotifier, slow: slowest}
}

// Ready is closed when the first snapshot is taken: every change after that is told.
func (w *Watcher) Ready() <-chan struct{} { return w.ready }

// Health says how well the folder is watched now.
func (w *Watcher) Health() Health {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.health
}

// Run is the function Run of this package.
func (w *Watcher) Run(ctx context.Context, changed func(Batch)) error {
	skip, err := newSkipper(w.o.Ignore)
	if err != nil {
		return err
	}
	root, err := filepath.Abs(w.at)
	if err != nil {
		return fmt.Errorf("watching %s: %w", w.at, err)
	}
	r := &run{
		Watcher: w, changed: changed, bell: newBell(root, skip), polling: w.o.Poll, budget: hashBudget, always: make(chan struct{}),
		tree: &tree{root: root, skip: skip, most: w.o.MaxFiles, hash: hasher{seed: maphash.MakeSeed()}, folders: map[string]map[string]entry{".": {}}},
	}
	close(r.always)
	r.bell.pace.most = w.slow
	if err := r.open(); err != nil {
		return fmt.Errorf("watching %s: %w", w.at, err)
	}
	defer r.close()
	r.scanAll(time.Time{}) // the first snapshot: nothing in it is a change
	r.noteHealth()
	close(w.ready)
	r.loop(ctx)
	return nil
}
