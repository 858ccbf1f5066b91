package trace

import (
	"context"
	"strings"
	"time"
)

const (
	slowAfter  = 100 * time.Millisecond // a request that takes longer is shown while it runs
	sweepEvery = 50 * time.Millisecond
)

func equalFold(a, b string) bool { return len(a) == len(b) && strings.EqualFold(a, b) }

// begin puts a Recorder on the list of running requests and gives it its number.
func (l *Log) begin(r *Recorder) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.recordingLocked(r.raw.site) {
		r.silent = true
		return
	}
	r.number = l.number.Add(1)
	r.entry = &entry{}
	r.next = l.running
	if l.running != nil {
		l.running.prev = r
	} else {
		select {
		case l.stir <- struct{}{}:
		default: // Run knows already
		}
	}
	l.running = r
}

// end takes a Recorder off the list and publishes its Trace.
func (l *Log) end(r *Recorder, t *Trace) {
	if r.silent {
		return
	}
	size := sizeOf(t)
	l.mu.Lock()
	defer l.mu.Unlock()
	if r.prev != nil {
		r.prev.next = r.next
	} else {
		l.running = r.next
	}
	if r.next != nil {
		r.next.prev = r.prev
	}
	r.prev, r.next = nil, nil
	l.putLocked(r.entry, t, size)
}

// Run shows requests that take longer than 100 ms while they run, at most every 50 ms each. It returns when
// ctx ends. While nothing runs it sleeps.
func (l *Log) Run(ctx context.Context) {
	timer := time.NewTimer(sweepEvery)
	defer timer.Stop()
	for {
		if !l.busy() {
			select {
			case <-l.stir:
			case <-ctx.Done():
				return
			}
		}
		timer.Reset(sweepEvery)
		select {
		case <-timer.C:
		case <-ctx.Done():
			return
		}
		for _, r := range l.slow() {
			r.show()
		}
	}
}

func (l *Log) busy() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.running != nil
}

// slow lists the requests that have run for a while.
func (l *Log) slow() []*Recorder {
	l.mu.Lock()
	defer l.mu.Unlock()
	var slow []*Recorder
	for r := l.running; r != nil; r = r.next {
		if time.Since(r.began) >= slowAfter {
			slow = append(slow, r)
		}
	}
	return slow
}

// show publishes a request that still runs, if there is something new to see.
func (r *Recorder) show() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.state != recording {
		return
	}
	spans, lines := r.list.snapshot()
	if r.shown && !r.progress.news && len(spans) == r.shownSpans && len(lines) == r.shownLines {
		return
	}
	r.shown, r.shownSpans, r.shownLines, r.progress.news = true, len(spans), len(lines), false
	with := spanList{spans: spans, lines: lines}
	told, said := bounded(r.progress.spans, r.progress.lines)
	with.join(r.asked, told, said)
	spans, lines = with.spans, with.lines
	t := r.raw.trace(r, Running, spans, lines)
	t.Took = time.Since(r.began)
	r.log.put(r.entry, t, sizeOf(t))
}
