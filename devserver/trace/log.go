package trace

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"

	"huygens/devserver/feed"
)

// The bounds of a Log whose Options say nothing.
const (
	DefaultKeep   = 500
	DefaultMemory = 64 << 20
)

// ErrPinned is returned when so much is pinned that there would be no room for new requests.
var ErrPinned = errors.New("half of the trace's room is pinned: take the pin off another request first")

// Options are the bounds of a Log. Zero values mean the defaults.
type Options struct {
	Keep   int   // requests
	Memory int64 // bytes, as Stats counts them
	Off    bool  // record nothing at all (HUYGENS_TRACE=off)
}

// A Log keeps the newest state of the newest requests of all sites. It is a Source: its numbers count
// changes, and a request that changed comes again under a higher number.
type Log struct {
	off      bool
	fallback *Policy // for requests that bring none
	number   atomic.Uint64
	stir     chan struct{} // wakes Run when the first request begins

	mu         sync.Mutex // guards all fields below
	keep       int
	memory     int64
	head, tail *entry // by change, oldest first
	last       uint64 // number of the newest change
	kept       int
	bytes      int64
	pinned     int
	pinnedSize int64
	dropped    dropped
	cleared    uint64
	silent     map[string]bool // sites that are not recorded; "" stands for all
	running    *Recorder       // newest first
	waken      chan struct{}   // closed at the next change; nil if nobody waits
}

// An entry is one request in the Log's list. Its fields are guarded by the Log.
type entry struct {
	trace      *Trace
	change     uint64
	size       int64
	pinned     bool
	listed     bool
	prev, next *entry
}

// Stats says how full a Log is.
type Stats struct {
	Kept, Keep    int
	Bytes, Memory int64
	Pinned        int
	Recording     bool
	Total         uint64 // requests since the start
	Cleared       uint64 // all requests up to this number were cleared, but for pinned ones
}

// NewLog returns an empty Log.
func NewLog(o Options) *Log {
	l := &Log{off: o.Off, fallback: NewPolicy(nil, nil), stir: make(chan struct{}, 1)}
	l.setLimits(o.Keep, o.Memory)
	return l
}

func (l *Log) setLimits(keep int, memory int64) {
	l.keep, l.memory = keep, memory
	if keep <= 0 {
		l.keep = DefaultKeep
	}
	if memory <= 0 {
		l.memory = DefaultMemory
	}
}

// SetLimits changes the bounds; 0 means the defaults.
func (l *Log) SetLimits(keep int, memory int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.setLimits(keep, memory)
	l.evict()
}

// put makes t, of about size bytes, the state of e and tells the readers.
func (l *Log) put(e *entry, t *Trace, size int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.putLocked(e, t, size)
}

func (l *Log) putLocked(e *entry, t *Trace, size int64) {
	if e.listed {
		l.unlink(e)
	}
	e.trace, e.size = t, size
	l.last++
	e.change = l.last
	l.link(e)
	l.evict()
	if l.waken != nil {
		close(l.waken)
		l.waken = nil
	}
}

func (l *Log) link(e *entry) {
	e.prev, e.next, e.listed = l.tail, nil, true
	if l.tail != nil {
		l.tail.next = e
	} else {
		l.head = e
	}
	l.tail = e
	l.kept++
	l.bytes += e.size
	if e.pinned {
		l.pinned++
		l.pinnedSize += e.size
	}
}

func (l *Log) unlink(e *entry) {
	if e.prev != nil {
		e.prev.next = e.next
	} else {
		l.head = e.next
	}
	if e.next != nil {
		e.next.prev = e.prev
	} else {
		l.tail = e.prev
	}
	e.prev, e.next, e.listed = nil, nil, false
	l.kept--
	l.bytes -= e.size
	if e.pinned {
		l.pinned--
		l.pinnedSize -= e.size
	}
}

// evict drops what changed longest ago until the bounds hold again. The newest and the pinned ones stay.
func (l *Log) evict() {
	for e := l.head; e != nil && e != l.tail && (l.kept > l.keep || l.bytes > l.memory); {
		next := e.next
		if !e.pinned {
			l.unlink(e)
			l.dropped.add(e.change)
		}
		e = next
	}
}

// Since returns the requests that came or changed after the number n, in the order of their own numbers.
func (l *Log) Since(n uint64) feed.Batch[*Trace] {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.sinceLocked(n)
}

func (l *Log) sinceLocked(n uint64) feed.Batch[*Trace] {
	if n > l.last {
		n = 0 // from an earlier run
	}
	b := feed.Batch[*Trace]{Last: l.last, Missed: l.dropped.after(n)}
	for e := l.tail; e != nil && e.change > n; e = e.prev {
		b.Values = append(b.Values, e.trace)
	}
	slices.Reverse(b.Values)
	slices.SortStableFunc(b.Values, func(a, b *Trace) int {
		if a.Number < b.Number {
			return -1
		}
		return 1
	})
	return b
}

// Next is Since, but waits for at least one request. Its error is that of ctx.
func (l *Log) Next(ctx context.Context, n uint64) (feed.Batch[*Trace], error) {
	for {
		l.mu.Lock()
		b := l.sinceLocked(n)
		if len(b.Values) > 0 {
			l.mu.Unlock()
			return b, nil
		}
		if l.waken == nil {
			l.waken = make(chan struct{})
		}
		waken := l.waken
		l.mu.Unlock()
		select {
		case <-waken:
		case <-ctx.Done():
			return b, ctx.Err()
		}
	}
}

// Find returns a request by its id or its number. Of several with one id (a client may send the same
// traceparent twice) it returns the newest.
func (l *Log) Find(idOrNumber string) (*Trace, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e := l.findLocked(idOrNumber); e != nil {
		return e.trace, true
	}
	return nil, false
}

func (l *Log) findLocked(idOrNumber string) *entry {
	number, err := strconv.ParseUint(idOrNumber, 10, 64)
	numbered := err == nil && len(idOrNumber) < 20
	for e := l.tail; e != nil; e = e.prev {
		if e.trace.ID == idOrNumber || numbered && e.trace.Number == number {
			return e
		}
	}
	return nil
}

// Clear drops the requests of a site, or of all sites if site is "". Pinned ones stay.
func (l *Log) Clear(site string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for e := l.head; e != nil; {
		next := e.next
		if !e.pinned && (site == "" || e.trace.Site == site) {
			l.unlink(e)
		}
		e = next
	}
	if site == "" {
		l.cleared = l.number.Load()
	}
}

// Pin keeps a request until the pin is taken off. ok is false if there is no such request.
func (l *Log) Pin(idOrNumber string, on bool) (ok bool, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e := l.findLocked(idOrNumber)
	if e == nil || e.pinned == on {
		return e != nil, nil
	}
	if on && (l.pinned >= l.keep/2 || l.pinnedSize+e.size > l.memory/2) {
		return true, ErrPinned
	}
	l.unlink(e)
	e.pinned = on
	l.putLocked(e, e.trace, e.size) // as a change, so that what is dropped is always what changed longest ago
	return true, nil
}

// Record switches recording off and on, for a site or for all ("").
func (l *Log) Record(site string, on bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if on {
		delete(l.silent, site)
		return
	}
	if l.silent == nil {
		l.silent = map[string]bool{}
	}
	l.silent[site] = true
}

// Recording reports whether requests of a site are kept.
func (l *Log) Recording(site string) bool {
	if l == nil || l.off {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.recordingLocked(site)
}

func (l *Log) recordingLocked(site string) bool {
	return len(l.silent) == 0 || !l.silent[""] && !l.silent[site]
}

// Stats says how full the Log is.
func (l *Log) Stats() Stats {
	l.mu.Lock()
	defer l.mu.Unlock()
	return Stats{
		Kept: l.kept, Keep: l.keep, Bytes: l.bytes, Memory: l.memory, Pinned: l.pinned,
		Recording: !l.off && l.recordingLocked(""), Total: l.number.Load(), Cleared: l.cleared,
	}
}
