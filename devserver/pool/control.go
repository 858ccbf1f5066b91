package pool

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"huygens/devserver/wire"
	"huygens/pages"
)

// control is the front's side of a worker's control connection: what goes over it never waits behind a page.
type control struct {
	link  *link
	pongs chan uint64 // has room for one

	mu      sync.Mutex // guards the fields below
	pending map[uint64]chan reply
	ended   bool
}

type reply struct {
	result *pages.Result
	err    error
}

var errControlEnded = errors.New("the worker's control connection has ended")

func newControl(l *link) *control {
	return &control{link: l, pongs: make(chan uint64, 1), pending: map[uint64]chan reply{}}
}

// controlTime is how long writing a few bytes may take: a worker that does not read them will not answer its
// ping either.
const controlTime = time.Second

// send writes a message that has no answer. A worker that cannot be told is noticed elsewhere.
func (c *control) send(m wire.Message) error {
	c.link.SetWriteDeadline(time.Now().Add(controlTime))
	return c.link.Send(m)
}

// read takes what the worker says until the connection ends. The error says why, if it is not the end of it.
func (c *control) read() error {
	defer c.end()
	for {
		m, err := c.link.Receive()
		if err != nil {
			return err
		}
		switch m := m.(type) {
		case *wire.Pong:
			select {
			case c.pongs <- m.Number:
			default:
				return fmt.Errorf("%w: an answer to no ping", errNonsense)
			}
		case *wire.Result:
			c.answer(m.ID, reply{result: m.Result})
		case *wire.Failure:
			c.answer(m.ID, reply{err: asFailure(m.Failure)})
		default:
			return fmt.Errorf("%w: %T on the control connection", errNonsense, m)
		}
	}
}

func (c *control) answer(id uint64, r reply) {
	c.mu.Lock()
	waiting := c.pending[id]
	delete(c.pending, id)
	c.mu.Unlock()
	if waiting != nil { // else whoever asked has gone
		waiting <- r
	}
}

// end tells everybody who waits that nothing comes any more.
func (c *control) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended = true
	for id, waiting := range c.pending {
		waiting <- reply{err: errControlEnded}
		delete(c.pending, id)
	}
}

// ask runs one of the front's own kinds of requests.
func (c *control) ask(ctx context.Context, id uint64, req *pages.Request) (*pages.Result, error) {
	answer := make(chan reply, 1)
	c.mu.Lock()
	if c.ended {
		c.mu.Unlock()
		return nil, errControlEnded
	}
	c.pending[id] = answer
	c.mu.Unlock()
	if err := c.send(&wire.Request{ID: id, Request: req}); err != nil {
		c.forget(id)
		return nil, fmt.Errorf("%w: %w", errControlEnded, err)
	}
	select {
	case r := <-answer:
		return r.result, r.err
	case <-ctx.Done():
		c.forget(id)
		c.send(&wire.Cancel{ID: id})
		return nil, context.Cause(ctx)
	}
}

func (c *control) forget(id uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.pending, id)
}

// ping asks whether the worker lives, until it does not answer in time or ended is closed.
func (c *control) ping(h Health, ended <-chan struct{}) (alive bool) {
	tick := time.NewTicker(h.Ping)
	defer tick.Stop()
	for number := uint64(1); ; number++ {
		select {
		case <-tick.C:
		case <-ended:
			return true
		}
		sent := c.send(&wire.Ping{Number: number}) == nil
		limit := time.NewTimer(h.Answer)
		select {
		case n := <-c.pongs:
			limit.Stop()
			if !sent || n != number {
				return false
			}
		case <-limit.C:
			return false
		case <-ended:
			limit.Stop()
			return true
		}
	}
}

func (c *control) close() { c.link.Close() }
