package watch

import "time"

const (
	quiet     = 8 * time.Millisecond   // of silence before a lone save is told
	patience  = 100 * time.Millisecond // the longest a first event waits while the pace is slower than this
	slowest   = 200 * time.Millisecond
	following = 50 * time.Millisecond // a batch that begins this soon after another follows it
)

// pace decides when a batch is told. It knows no clock: each moment is given to it.
type pace struct {
	most  time.Duration // of silence, when one batch follows another
	wait  time.Duration // of silence, for the batch that gathers now
	first time.Time     // its first event; zero: there is none
	last  time.Time     // its newest event
	told  time.Time     // when the batch before it was told
}

// ring notes an event.
func (p *pace) ring(now time.Time) {
	p.last = now
	if !p.first.IsZero() {
		return
	}
	p.first = now
	switch {
	case p.told.IsZero() || now.Sub(p.told) > max(following, p.wait):
		p.wait = quiet
	default:
		p.wait = min(2*p.wait, p.most)
	}
}

// due is when the batch may be told; false if there is none.
func (p *pace) due() (time.Time, bool) {
	if p.first.IsZero() {
		return time.Time{}, false
	}
	still, longest := p.last.Add(p.wait), p.first.Add(max(patience, p.wait))
	if longest.Before(still) {
		return longest, true
	}
	return still, true
}

// tell ends the batch.
func (p *pace) tell(now time.Time) {
	p.told, p.first, p.last = now, time.Time{}, time.Time{}
}
