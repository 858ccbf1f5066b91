package feed

import (
	"context"
	"sync"
)

const defaultKeep = 1024

// A Log keeps the newest values. The zero Log is ready to use; it must not be copied.
type Log[T any] struct {
	Keep int // how many values are kept; 0 means 1024. Not to be changed after the first Append

	mu    sync.Mutex // guards all fields below
	ring  []T        // value number n stands at (n-1) % Keep
	last  uint64
	waken chan struct{} // closed at the next Append; nil if nobody waits
}

// A Batch is what came after the number a reader had reached.
type Batch[T any] struct {
	Values []T    // oldest first
	Last   uint64 // the number reached now; ask with it next time
	Missed uint64 // how many values were dropped before this reader saw them
}

// Append adds a value and returns its number. It never waits.
func (l *Log[T]) Append(v T) uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	keep := l.keep()
	if len(l.ring) < keep {
		l.ring = append(l.ring, v)
	} else {
		l.ring[l.last%uint64(keep)] = v
	}
	l.last++
	if l.waken != nil {
		close(l.waken)
		l.waken = nil
	}
	return l.last
}

// Last is the number of the newest value, 0 if there was none.
func (l *Log[T]) Last() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last
}

// Since returns what came after number n, perhaps nothing. A number from an earlier run, larger than Last,
// counts as 0.
func (l *Log[T]) Since(n uint64) Batch[T] {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.sinceLocked(n)
}

func (l *Log[T]) sinceLocked(n uint64) Batch[T] {
	if n > l.last {
		n = 0
	}
	b := Batch[T]{Last: l.last}
	if oldest := l.last - uint64(len(l.ring)); n < oldest {
		b.Missed = oldest - n
		n = oldest
	}
	keep := uint64(l.keep())
	for ; n < l.last; n++ {
		b.Values = append(b.Values, l.ring[n%keep])
	}
	return b
}

// Next is Since, but waits for at least one value. Its error is that of ctx.
func (l *Log[T]) Next(ctx context.Context, n uint64) (Batch[T], error) {
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

func (l *Log[T]) keep() int {
	if l.Keep <= 0 {
		return defaultKeep
	}
	return l.Keep
}
