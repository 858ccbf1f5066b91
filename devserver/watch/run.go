package watch

import (
	"context"
	"os"
	"sync"
	"time"

	"huygens/pages/source"
)

// A run is the state of Run. All of it belongs to Run's goroutine, but for the bell.
type run struct {
	*Watcher
	*tree
	bell      *bell
	always    chan struct{} // closed
	changed   func(Batch)
	listening sync.WaitGroup

	info      os.FileInfo // of the folder when it was opened
	gone      string      // why nothing is watched, "" while the folder is there
	polling   bool
	why       string // why polling
	budget    int64  // bytes that may still be hashed in idle moments
	idle      bool   // there may be files to hash
	scanTook  time.Duration
	scanned   time.Time // when everything was scanned last
	lastClock time.Time // of the last tick, with the wall clock
}

// open opens the folder and the system's events for it.
func (r *run) open() error {
	folder, err := source.Open(r.root)
	if err != nil {
		return err
	}
	info, err := folder.Root().Stat(".")
	if err != nil {
		folder.Close()
		return err
	}
	r.folder, r.info, r.gone = folder, info, ""
	if kind := remote(r.root); kind != "" && !r.polling {
		r.polling, r.why = true, "The folder is on "+kind+", which brings no file events."
	}
	if r.o.Poll {
		return nil
	}
	n, err := r.listen()
	if err != nil {
		r.fall(err)
		return nil
	}
	r.notify = n
	r.listening.Go(func() { r.bell.listen(n) }) // ends when n is closed
	r.watch(".")
	return nil
}

func (r *run) close() {
	if r.notify != nil {
		r.notify.Close()
		r.listening.Wait()
		r.notify = nil
	}
	if r.folder != nil {
		r.folder.Close()
		r.folder = nil
	}
}

func (r *run) loop(ctx context.Context) {
	due := time.NewTimer(time.Hour)
	defer due.Stop()
	ticker := time.NewTicker(min(second, r.o.Every))
	defer ticker.Stop()
	r.lastClock, r.idle = time.Now(), true
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.bell.rung:
			r.arm(due)
		case now := <-due.C:
			r.dueNow(now, due)
		case <-ticker.C:
			r.tick(time.Now())
			r.arm(due)
		case <-r.turn():
			r.sumSome()
		}
	}
}

// turn is ready while there is something to hash and no event waits.
func (r *run) turn() <-chan struct{} {
	if !r.idle || r.budget <= 0 || r.gone != "" || len(r.pending) == 0 {
		return nil
	}
	if _, ringing := r.bell.due(); ringing {
		return nil
	}
	return r.always
}

func (r *run) sumSome() {
	read, more := r.sumPending(time.Now())
	r.budget -= read
	r.idle = more
}

func (r *run) arm(due *time.Timer) {
	if at, ringing := r.bell.due(); ringing {
		due.Reset(time.Until(at))
	}
}

func (r *run) dueNow(now time.Time, due *time.Timer) {
	at, ringing := r.bell.due()
	if !ringing {
		return
	}
	if at.After(now) {
		due.Reset(time.Until(at))
		return
	}
	what := r.bell.take(now)
	if r.gone != "" {
		return
	}
	if what.whole && r.moved(now) {
		return
	}
	if what.whole {
		r.scanAll(what.first)
	} else {
		s := r.newScan()
		s.bell(what)
		r.tell(s, what.first)
	}
	r.noteHealth()
}

// tick looks every second whether the folder is there, and scans when it is time.
func (r *run) tick(now time.Time) {
	slept := now.Round(0).Sub(r.lastClock.Round(0)) > now.Sub(r.lastClock)+5*second
	r.lastClock = now
	r.budget = min(r.budget+hashRefill, hashBudget)
	r.idle = true
	if r.moved(now) {
		r.noteHealth()
		return
	}
	since := now.Sub(r.scanned)
	switch fresh := r.fresh; {
	case r.polling && since >= max(r.o.Every, 20*r.scanTook), slept:
		r.scanAll(now)
	case since >= max(checkEvery, 500*r.scanTook):
		r.check(now)
	case len(fresh) > 0:
		r.fresh = nil
		s := r.newScan()
		s.again(fresh)
		r.tell(s, now)
	}
	r.noteHealth()
}

// check scans everything, and begins to poll if something had changed a while ago without an event.
func (r *run) check(now time.Time) {
	if _, ringing := r.bell.due(); ringing {
		return
	}
	if s := r.scanAll(now); s.unbelled && !r.polling {
		r.polling, r.why = true, "A change came without a file event, so the folder is scanned every 2 seconds."
	}
}

// scanAll scans everything and tells what changed since first; the zero time: tells nothing.
func (r *run) scanAll(first time.Time) *scan {
	began := time.Now()
	r.fresh, r.full = nil, false
	s := r.newScan()
	s.old = began.Add(-5 * second)
	s.all()
	r.scanned, r.scanTook = time.Now(), time.Since(began)
	if !first.IsZero() {
		r.tell(s, first)
	}
	return s
}

func (r *run) tell(s *scan, first time.Time) {
	for _, name := range s.emptied {
		r.bell.ringAgain(name, time.Now())
	}
	if len(s.changes)+len(s.lists) == 0 {
		return
	}
	r.idle = true
	r.noteHealth()
	r.changed(s.batch(first))
}
