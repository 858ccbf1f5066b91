package pool

import (
	"context"
	"io"
	"sync"
	"time"

	"huygens/pages"
)

// A clock measures the time that a request computes, and ends its context when that is more than allowed. It
// stands still while somebody holds it.
type clock struct {
	limit  time.Duration
	expire context.CancelCauseFunc

	mu      sync.Mutex // guards the fields below
	left    time.Duration
	since   time.Time // when it last went on
	holds   int
	stopped bool
	timer   *time.Timer
}

// startClock returns a clock that calls expire with pages.ErrTimeout after limit. A nil clock, for limit 0, has
// no end.
func startClock(limit time.Duration, expire context.CancelCauseFunc) *clock {
	if limit <= 0 {
		return nil
	}
	c := &clock{limit: limit, left: limit, expire: expire, since: time.Now()}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.timer = time.AfterFunc(limit, c.rang)
	return c
}

func (c *clock) rang() {
	c.mu.Lock()
	over := !c.stopped && c.holds == 0 && time.Since(c.since) >= c.left
	c.mu.Unlock()
	if over {
		c.expire(pages.ErrTimeout)
	}
}

// hold stops the clock until release is called as often.
func (c *clock) hold() {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.holds == 0 {
		c.timer.Stop()
		c.left -= time.Since(c.since)
	}
	c.holds++
}

// release undoes a hold. anew gives the request its whole time again.
func (c *clock) release(anew bool) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.holds--
	if anew {
		c.left = c.limit
	}
	if c.holds == 0 && !c.stopped {
		c.since = time.Now()
		c.timer.Reset(max(c.left, 0))
	}
}

// stop ends the clock. expire is not called any more once it has returned, unless that has begun.
func (c *clock) stop() {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stopped = true
	c.timer.Stop()
}

// timedHost is a host whose waiting calls do not count as computing.
type timedHost struct {
	pages.Host
	clock *clock
}

func (h timedHost) Session(ctx context.Context, mode pages.SessionMode) (pages.Session, error) {
	h.clock.hold()
	defer h.clock.release(false)
	return h.Host.Session(ctx, mode)
}

func (h timedHost) Stream(ctx context.Context, status int, header []pages.Field, part []byte) error {
	h.clock.hold()
	defer h.clock.release(true)
	return h.Host.Stream(ctx, status, header, part)
}

func (h timedHost) Pause(ctx context.Context, at pages.Stage, s pages.Snapshot) (pages.Action, error) {
	h.clock.hold()
	defer h.clock.release(false)
	return h.Host.Pause(ctx, at, s)
}

// timedBody is a body whose reader is not blamed for a slow client.
type timedBody struct {
	io.Reader
	clock *clock
}

func (b timedBody) Read(p []byte) (int, error) {
	b.clock.hold()
	defer b.clock.release(false)
	return b.Reader.Read(p)
}
