//go:build cgo || !darwin

package ui

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"huygens/devserver/feed"
	"huygens/devserver/trace"
)

// countingScreen counts what the pump brings. Only the goroutine that stands for the window touches it.
type countingScreen struct {
	batches, traces, sites int
	missed                 uint64
	lost                   []string
}

func (c *countingScreen) showTraces(b feed.Batch[*trace.Trace], _ Status) {
	c.batches++
	c.traces += len(b.Values)
	c.missed += b.Missed
}
func (c *countingScreen) showSites([]Site, Status) { c.sites++ }
func (c *countingScreen) showLost(err error)       { c.lost = append(c.lost, err.Error()) }

// window runs functions one after another, as Fyne's main goroutine does.
type window struct {
	queue chan func()
	done  chan struct{}
}

func newTestLoop() *window {
	w := &window{queue: make(chan func(), 1000), done: make(chan struct{})}
	go func() {
		defer close(w.done)
		for f := range w.queue {
			f()
		}
	}()
	return w
}

func (w *window) end() { close(w.queue); <-w.done }

func TestPumpBatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, c, w := &fakeServer{}, &countingScreen{}, newTestLoop()
		p := newPump(s, c, Options{Do: func(f func()) { w.queue <- f }})
		p.start()
		for n := uint64(1); n <= 1000; n++ {
			s.traces.Append(page(n))
			<-time.After(time.Millisecond) // fake time: a request every millisecond, for a second
		}
		synctest.Wait()
		p.Close()
		w.end()
		if c.batches < 9 || c.batches > 11 {
			t.Errorf("%d batches in a second, want about 10", c.batches)
		}
		if c.traces < 850 || c.missed != 0 {
			t.Errorf("%d traces shown, %d missed", c.traces, c.missed)
		}
	})
}

func TestPumpWaitsForABusyWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, c, w := &fakeServer{}, &countingScreen{}, newTestLoop()
		busy := make(chan struct{})
		w.queue <- func() { <-busy }
		p := newPump(s, c, Options{Do: func(f func()) { w.queue <- f }})
		p.start()
		for n := uint64(1); n <= 50; n++ {
			s.traces.Append(page(n))
			<-time.After(100 * time.Millisecond)
		}
		if n := len(w.queue); n > 2 {
			t.Errorf("%d functions wait for a busy window, want one of each kind", n)
		}
		close(busy)
		<-time.After(time.Second)
		synctest.Wait()
		p.Close()
		w.end()
		if c.traces != 50 {
			t.Errorf("%d traces shown, want 50", c.traces)
		}
	})
}

func TestPumpTellsChangesAndLoss(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, c, w := &fakeServer{}, &countingScreen{}, newTestLoop()
		p := newPump(s, c, Options{Do: func(f func()) { w.queue <- f }})
		p.start()
		synctest.Wait()
		before := c.sites
		s.change(func(f *fakeServer) {})
		<-time.After(time.Second)
		synctest.Wait()
		s.change(func(f *fakeServer) { f.broken = errFake })
		<-time.After(time.Second)
		synctest.Wait()
		p.Close()
		w.end()
		if before != 1 || c.sites < 2 {
			t.Errorf("sites shown %d times at the start and %d in all", before, c.sites)
		}
		if len(c.lost) != 1 || c.lost[0] != "watching sites: "+errFake.Error() {
			t.Errorf("lost: %q", c.lost)
		}
	})
}

func TestPumpCloseEndsCommandsAndShowsNothingMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, c, w := &fakeServer{}, &countingScreen{}, newTestLoop()
		var late []func()
		p := newPump(s, c, Options{Do: func(f func()) { late = append(late, f) }})
		after := false
		ended := make(chan error, 1)
		p.run(func(ctx context.Context) error {
			<-ctx.Done()
			ended <- ctx.Err()
			return ctx.Err()
		}, func(error) { after = true })
		p.Close() // returns only when the command has returned
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("command ended with %v", err)
		}
		for _, f := range late { // the window comes to it only now
			f()
		}
		p.run(func(context.Context) error { t.Error("a command ran after Close"); return nil }, func(error) {})
		p.Close()
		w.end()
		if after || c.sites > 0 {
			t.Error("the screen was touched after Close")
		}
	})
}
