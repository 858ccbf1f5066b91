package pool

import (
	"container/list"
	"context"
	"fmt"
	"time"

	"huygens/pages"
)

// A waiter is a request in the queue.
type waiter struct {
	granted chan grant // has room for one
	place   *list.Element
}

// A grant is a place in a worker, or the reason why there is none.
type grant struct {
	m       *member
	refused *pages.Failure
}

const (
	retryFull = time.Second     // a place in the queue is free soon
	retryDown = 5 * time.Second // somebody has to act first
)

// acquire takes a place in a worker, and waits for one in the queue. The error is a *pages.Failure.
func (p *Pool) acquire(ctx context.Context, application string) (*member, *pages.Failure) {
	p.mu.Lock()
	if refused := p.refusal(); refused != nil {
		p.mu.Unlock()
		return nil, refused
	}
	p.awake = true
	if len(p.asked) < maxApplications && !p.asked[application] {
		p.asked[application] = true
	}
	if p.waiting.Len() == 0 {
		if m := p.pick(); m != nil {
			p.take(m)
			p.mu.Unlock()
			return m, nil
		}
	}
	if p.waiting.Len() >= p.cfg.Queue {
		defer p.mu.Unlock()
		return nil, p.full()
	}
	w := &waiter{granted: make(chan grant, 1)}
	w.place = p.waiting.PushBack(w)
	p.reconcile()
	p.mu.Unlock()
	select {
	case g := <-w.granted:
		return g.m, g.refused
	case <-ctx.Done():
		p.leave(w)
		return nil, &pages.Failure{Status: 499, Reason: "The client went away.", Err: context.Cause(ctx)}
	}
}

func (p *Pool) full() *pages.Failure {
	return &pages.Failure{
		Status: 503, RetryAfter: retryFull,
		Reason: fmt.Sprintf("Too many requests are waiting (%d) for the workers of pool %s.", p.cfg.Queue, p.cfg.Name),
	}
}

// leave takes a waiter out of the queue whose client went away. What it was given meanwhile goes to the next.
func (p *Pool) leave(w *waiter) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if w.place != nil {
		p.waiting.Remove(w.place)
		return
	}
	if g := <-w.granted; g.m != nil {
		g.m.requests--
		p.release(g.m)
	}
}

// refusal says why no request is taken now, nil if one is.
func (p *Pool) refusal() *pages.Failure {
	var reason string
	switch {
	case p.closing:
		reason = "The server is stopping."
	case p.state == Stopped:
		reason = fmt.Sprintf("The pool %s is stopped.", p.cfg.Name)
	case p.state == Failed:
		reason = fmt.Sprintf("The pool %s has given up after %d crashes; the last: %s.", p.cfg.Name, len(p.crashes), p.lastError)
	default:
		return nil
	}
	return &pages.Failure{Status: 503, RetryAfter: retryDown, Reason: reason}
}

// refuseWaiting empties the queue.
func (p *Pool) refuseWaiting() {
	for e := p.waiting.Front(); e != nil; e = p.waiting.Front() {
		p.give(e, grant{refused: p.refusal()})
	}
}

// dispatch gives free places to those that wait.
func (p *Pool) dispatch() {
	for e := p.waiting.Front(); e != nil; e = p.waiting.Front() {
		m := p.pick()
		if m == nil {
			return
		}
		p.take(m)
		p.give(e, grant{m: m})
	}
}

func (p *Pool) give(e *list.Element, g grant) {
	w := p.waiting.Remove(e).(*waiter)
	w.place = nil
	w.granted <- g
}

// pick returns the worker that gets the next request, nil if all are full. One that is about to be replaced gets
// it only if there is no other.
func (p *Pool) pick() *member {
	var best *member
	for _, m := range p.members {
		if !m.takes() {
			continue
		}
		if best == nil || best.retiring && !m.retiring || best.retiring == m.retiring && m.inFlight < best.inFlight {
			best = m
		}
	}
	return best
}

// take counts a request that begins in m.
func (p *Pool) take(m *member) {
	m.inFlight++
	m.requests++
	if m.state == IsWarm {
		m.state = Serving
		p.tellWorker(m, "")
	}
	if limit := p.cfg.Recycle.Requests; limit > 0 && m.requests >= limit && !m.retiring {
		p.retire(m, fmt.Sprintf("has had %d requests", m.requests))
	}
}

// release counts a request that has left m.
func (p *Pool) release(m *member) {
	m.inFlight--
	p.lastUsed = time.Now()
	if m.state == Draining && m.inFlight == 0 {
		p.end(m)
	}
	if p.waiting.Len() > 0 {
		p.dispatch()
	}
}
