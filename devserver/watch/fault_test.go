package watch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"
)

// A broken notifier fails as systems do.
type broken struct {
	notifier
	addFault func(path string) error
	deaf     bool
	faults   chan error
}

func (b *broken) Add(path string) error {
	if b.addFault != nil {
		if err := b.addFault(path); err != nil {
			return err
		}
	}
	if b.deaf {
		return nil
	}
	return b.notifier.Add(path)
}

func (b *broken) Channels() (<-chan fsnotify.Event, <-chan error) {
	events, faults := b.notifier.Channels()
	if b.faults != nil {
		faults = b.faults
	}
	return events, faults
}

func (b *broken) Close() error {
	if b.faults != nil {
		close(b.faults)
	}
	return b.notifier.Close()
}

func breakWith(b *broken) func(*Watcher) {
	return func(w *Watcher) {
		w.listen = func() (notifier, error) {
			n, err := newSystemNotifier()
			b.notifier = n
			return b, err
		}
	}
}

const often = 20 * time.Millisecond

func TestPolling(t *testing.T) {
	w := watchFolder(t, map[string]string{"a.css": "a", "sub/b.md": "b"}, Options{Poll: true, Every: often})
	w.write("a.css", "a2")
	w.want("modified a.css")
	w.write("new/deep/c.md", "c")
	w.want("created new/deep/c.md")
	w.must(os.RemoveAll(w.path("new")))
	w.want("removed new/deep/c.md")
	if h := w.watcher.Health(); !h.Polled || h.Files != 2 || h.Folders != 2 || h.Problem != "" {
		t.Errorf("health %+v", h)
	}
}

func TestLimitsFallBackToPolling(t *testing.T) {
	tests := []struct {
		name    string
		prepare func(*Watcher)
		says    string
	}{
		{"watches used up", breakWith(&broken{addFault: func(path string) error {
			if strings.HasSuffix(path, "sub") {
				return syscall.ENOSPC
			}
			return nil
		}}), "fs.inotify.max_user_watches"},
		{"instances used up", func(w *Watcher) {
			w.listen = func() (notifier, error) { return nil, syscall.EMFILE }
		}, "fs.inotify.max_user_instances"},
		{"no events at all", func(w *Watcher) {
			w.listen = func() (notifier, error) { return nil, errors.New("not implemented here") }
		}, "not implemented here"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := watchFolder(t, map[string]string{"a.css": "a", "sub/b.md": "b"}, Options{Every: often}, test.prepare)
			if h := w.watcher.Health(); !h.Polled || !strings.Contains(h.Problem, test.says) {
				t.Errorf("health %+v", h)
			}
			w.write("sub/b.md", "b2")
			w.want("modified sub/b.md")
		})
	}
}

func TestLimitReachedLater(t *testing.T) {
	w := watchFolder(t, nil, Options{Every: often}, breakWith(&broken{addFault: func(path string) error {
		if strings.HasSuffix(path, "one-too-many") {
			return fmt.Errorf("adding: %w", syscall.ENOSPC)
		}
		return nil
	}}))
	if h := w.watcher.Health(); h.Polled {
		t.Errorf("health %+v", h)
	}
	w.write("one-too-many/a.md", "a")
	w.want("created one-too-many/a.md")
	w.write("one-too-many/a.md", "changed")
	w.want("modified one-too-many/a.md")
	if h := w.watcher.Health(); !h.Polled || !strings.Contains(h.Problem, "max_user_watches") {
		t.Errorf("health %+v", h)
	}
}

func TestLostEventsAreMadeUpFor(t *testing.T) {
	b := &broken{deaf: true, faults: make(chan error)}
	w := watchFolder(t, map[string]string{"a.css": "a"}, Options{}, breakWith(b))
	w.write("a.css", "a2")
	w.write("sub/b.md", "b")
	b.faults <- fsnotify.ErrEventOverflow
	w.want("modified a.css", "created sub/b.md")
}

func TestFolderGoesAndComesBack(t *testing.T) {
	for name, poll := range map[string]bool{"events": false, "polling": true} {
		t.Run(name, func(t *testing.T) {
			w := watchFolder(t, map[string]string{"a.css": "a", "sub/b.md": "b"}, Options{Poll: poll, Every: often})
			away := w.dir + "-away"

			w.must(os.Rename(w.dir, away))
			w.wantRoot(RootGone)
			if h := w.watcher.Health(); !h.Gone || h.Folders != 0 || !strings.Contains(h.Problem, "gone") {
				t.Errorf("health %+v", h)
			}
			w.must(os.Rename(away, w.dir))
			if b := w.wantRoot(RootBack); len(b.Changes) != 0 {
				t.Errorf("the same folder came back with %v", b.Changes)
			}
			w.write("sub/b.md", "b2")
			w.want("modified sub/b.md")

			w.must(os.RemoveAll(w.dir))
			w.wantRoot(RootGone)
			w.must(os.WriteFile(w.dir, nil, 0o644)) // a file is no folder
			w.must(os.Remove(w.dir))
			w.must(os.Mkdir(w.dir, 0o755))
			w.wantRoot(RootBack)
			w.write("new.md", "n")
			w.want("created new.md")

			// Replaced at once by another folder, as a build does with its output.
			w.must(os.MkdirAll(filepath.Join(away, "sub"), 0o755))
			w.must(os.WriteFile(filepath.Join(away, "sub", "c.md"), []byte("c"), 0o644))
			w.must(os.Rename(w.dir, w.dir+"-old"))
			w.must(os.Rename(away, w.dir))
			w.wantRoot(RootBack)
			w.write("sub/c.md", "c2")
			w.want("modified sub/c.md")
			if h := w.watcher.Health(); h.Gone || h.Problem != "" || h.Files != 1 {
				t.Errorf("health %+v", h)
			}
		})
	}
}

// wantRoot waits for a batch with this state of the folder.
func (w *watched) wantRoot(state RootState) Batch {
	w.Helper()
	deadline := time.After(patient)
	for {
		select {
		case b := <-w.batches:
			if b.Root == state {
				return b
			}
		case <-deadline:
			w.Fatalf("state %d was never told", state)
		}
	}
}

func TestTooManyFiles(t *testing.T) {
	files := map[string]string{}
	for i := range 20 {
		files[fmt.Sprintf("%d.md", i)] = "x"
	}
	w := watchFolder(t, files, Options{MaxFiles: 10})
	if h := w.watcher.Health(); h.Files != 10 || !strings.Contains(h.Problem, "more than 10 files") {
		t.Errorf("health %+v", h)
	}
}

func TestNothingIsLeftRunning(t *testing.T) {
	before := runtime.NumGoroutine()
	dir := t.TempDir()
	for range 20 {
		ctx, cancel := context.WithCancel(context.Background())
		w := New(dir, Options{})
		done := make(chan error)
		go func() { done <- w.Run(ctx, func(Batch) {}) }()
		<-w.Ready()
		cancel()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	// fsnotify's own goroutine ends a moment after Close has returned.
	for deadline := time.Now().Add(patient); runtime.NumGoroutine() > before && time.Now().Before(deadline); {
		runtime.Gosched()
	}
	if after := runtime.NumGoroutine(); after > before {
		t.Errorf("%d goroutines before, %d after", before, after)
	}
}
