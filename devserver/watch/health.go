package watch

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"
)

// fall begins to poll because events do not come.
func (r *run) fall(err error) {
	r.polling = true
	switch {
	case errors.Is(err, syscall.ENOSPC):
		r.why = "The system's limit of watched folders is used up; raise it with: sudo sysctl fs.inotify.max_user_watches=524288"
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		r.why = "The system's limit of watchers or open files is used up; raise it with: sudo sysctl fs.inotify.max_user_instances=512, or ulimit -n"
	default:
		r.why = "The system brings no file events: " + err.Error() + "."
	}
}

// moved looks whether the folder still lies at its path, and follows what happened to it. It returns true
// while there is nothing to scan, and when all was scanned just now.
func (r *run) moved(now time.Time) bool {
	info, err := os.Stat(r.root)
	if err == nil && !info.IsDir() {
		err = errors.New("it is not a folder any more")
	}
	if err != nil {
		if r.gone == "" {
			r.close()
			r.gone = "The folder " + r.root + " is gone."
			r.noteHealth()
			r.changed(Batch{Root: RootGone, First: now})
		}
		return true
	}
	if r.gone == "" && os.SameFile(info, r.info) {
		return false
	}
	r.close()
	if err := r.open(); err != nil {
		r.gone = "The folder " + r.root + " cannot be opened."
		return true
	}
	r.back(now)
	return true
}

func (r *run) back(now time.Time) {
	r.fresh, r.full = nil, false
	s := r.newScan()
	s.all()
	r.scanned, r.scanTook, r.idle = time.Now(), time.Since(now), true
	b := s.batch(now)
	b.Root = RootBack
	r.noteHealth()
	r.changed(b)
}

func (r *run) noteHealth() {
	if r.fault != nil && !r.polling {
		r.fall(r.fault)
	}
	h := Health{Folders: len(r.folders), Files: r.files, Polled: r.polling, Gone: r.gone != "", LastEvent: r.bell.lastEvent()}
	switch {
	case r.gone != "":
		h.Problem, h.Folders = r.gone, 0
	case r.full:
		h.Problem = fmt.Sprintf("The folder holds more than %d files; the others are not watched. Name what need not be watched under [reload] ignore.", r.most)
	case r.polling:
		h.Problem = r.why
	}
	r.mu.Lock()
	r.health = h
	r.mu.Unlock()
}
