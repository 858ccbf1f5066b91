package script

import (
	"context"
	"errors"
	"runtime/metrics"
	"sync"
	"time"
)

// ErrMemory is the cause of the error when the Watchdog has interrupted a script.
var ErrMemory = errors.New("the worker's memory is full, and this script has been running for long")

// A Watchdog interrupts scripts when the heap of the process passes a limit. It cannot tell which script grows, so it
// interrupts all that have been running longer than Long. The zero Watchdog does nothing until Run. While no
// script runs it sleeps.
type Watchdog struct {
	Limit uint64        // bytes of live and unswept objects; 0: it watches nothing
	Long  time.Duration // 0 means 100 ms

	mu      sync.Mutex // guards the fields below
	running map[*watched]time.Time
	wake    chan struct{} // buffered; made by Run
}

// every is the time between two looks at the heap while a script runs long.
const every = 5 * time.Millisecond

func (w *Watchdog) long() time.Duration {
	if w.Long == 0 {
		return 100 * time.Millisecond
	}
	return w.Long
}

// Run watches until ctx is over, and returns its cause.
func (w *Watchdog) Run(ctx context.Context) error {
	w.mu.Lock()
	w.wake = make(chan struct{}, 1)
	wake := w.wake
	waiting := len(w.running) == 0
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		w.wake = nil
		w.mu.Unlock()
	}()
	timer := time.NewTimer(w.long())
	defer timer.Stop()
	for {
		if waiting {
			timer.Stop()
			select {
			case <-ctx.Done():
				return context.Cause(ctx)
			case <-wake:
				timer.Reset(w.long())
			}
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-timer.C:
			var pause time.Duration
			if pause, waiting = w.look(heapSize()); !waiting {
				timer.Reset(pause)
			}
		}
	}
}

// look interrupts what must end, and says how long nothing needs to be looked at; idle: until a script starts.
func (w *Watchdog) look(size uint64) (pause time.Duration, idle bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.running) == 0 {
		return 0, true
	}
	now, pause := time.Now(), w.long()
	for s, since := range w.running {
		left := w.long() - now.Sub(since)
		if left > 0 {
			pause = min(pause, left)
			continue
		}
		pause = every
		if w.Limit > 0 && size > w.Limit {
			s.runtime.Interrupt(ErrMemory)
			delete(w.running, s)
		}
	}
	return max(pause, every), false
}

func heapSize() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	if sample[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return sample[0].Value.Uint64()
}

// A watched is one Runtime under a Watchdog; nil: under none.
type watched struct {
	dog     *Watchdog
	runtime *Runtime
}

func (w *Watchdog) add(r *Runtime) *watched {
	if w == nil || w.Limit == 0 {
		return nil
	}
	return &watched{w, r}
}

func (s *watched) begin() {
	if s == nil {
		return
	}
	w := s.dog
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.running == nil {
		w.running = map[*watched]time.Time{}
	}
	w.running[s] = time.Now()
	if w.wake != nil && len(w.running) == 1 {
		select {
		case w.wake <- struct{}{}:
		default:
		}
	}
}

func (s *watched) end() {
	if s == nil {
		return
	}
	s.dog.mu.Lock()
	defer s.dog.mu.Unlock()
	delete(s.dog.running, s)
}

func (s *watched) remove() { s.end() }
