package pool

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"huygens/pages"
)

// An Observer is a pages.Host that wants to know which worker runs its request. Begun is called before the
// request is begun, again if it is begun once more; pid is 0 in this process.
type Observer interface{ Begun(pool string, pid int) }

// A call is one request on its way to a worker.
type call struct {
	pool   *Pool
	member *member // where it has a place
	req    *pages.Request
	host   watchedHost
	first  []byte // the beginning of the body, for a worker process
	more   bool   // req.Body has more
	line   timeline
}

func newCall(p *Pool, req *pages.Request, host pages.Host) *call {
	c := &call{pool: p, req: req}
	c.line.start()
	c.host.Host, c.host.line = host, &c.line
	return c
}

// late says that the request is over its time, inTime that it ended after that, but before it was killed.
func (c *call) late()   { c.pool.late(c.member) }
func (c *call) inTime() { c.pool.inTime(c.member) }

// free says that the request has left the worker.
func (c *call) free(f fate) { c.pool.left(c.member, f) }

// A fate is how a request has left its worker.
type fate uint8

const (
	unanswered fate = iota
	answered
	lost // the worker is dead, or will be in a moment
)

func fateOf(a answer) fate {
	if a.result != nil {
		return answered
	}
	return unanswered
}

// An answer is how a call ended.
type answer struct {
	result   *pages.Result
	failure  *pages.Failure
	began    time.Time // when the worker called Run
	notBegun bool      // the worker has not got it
	died     bool      // the worker died, or was killed, while it ran it
}

// maxTries bounds how often a request is given to a worker that turns out to be dead.
const maxTries = 5

// Run runs a request in a worker. The error is always a *pages.Failure.
func (p *Pool) Run(ctx context.Context, req *pages.Request, host pages.Host) (*pages.Result, error) {
	if req.Kind != pages.Client {
		return p.runOwn(ctx, req)
	}
	c := newCall(p, req, host)
	line := &c.line
	if err := c.readFirst(); err != nil {
		return nil, line.fail(&pages.Failure{Status: 499, Reason: "The client sent only a part of the request.", Err: err}, nil)
	}
	repeated := false
	for try := 1; ; try++ {
		if failure := c.enter(ctx); failure != nil {
			return nil, line.fail(failure, nil)
		}
		a := c.member.worker.run(ctx, c)
		switch {
		case a.notBegun && try < maxTries && ctx.Err() == nil:
			continue
		case a.notBegun:
			return nil, line.fail(&pages.Failure{Status: 503, Reason: "No worker could be reached.", RetryAfter: retryFull, Err: a.cause()}, nil)
		case a.died && !repeated && p.mayRepeat(c):
			line.hopFailed(a.failure)
			repeated = true
			continue
		case a.failure != nil:
			return nil, line.finish(nil, a)
		}
		if err := line.finish(a.result, a); err != nil {
			return nil, err
		}
		return a.result, nil
	}
}

func (a answer) cause() error {
	if a.failure == nil {
		return nil
	}
	return a.failure.Err
}

// enter waits for a place in a worker.
func (c *call) enter(ctx context.Context) (failure *pages.Failure) {
	c.line.enter(pages.SpanQueue, "")
	c.member, failure = c.pool.acquire(ctx, c.req.Application)
	c.line.leave(failure)
	if o, ok := c.host.Host.(Observer); ok && failure == nil {
		o.Begun(c.member.pool, c.member.pid)
	}
	return failure
}

func (p *Pool) left(m *member, f fate) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch f {
	case answered:
		m.answered = true
	case lost:
		m.lost = true
	}
	p.release(m)
}

// mayRepeat says whether a request whose worker died may be begun once more: nothing of an answer was sent, and
// the site allows it.
func (p *Pool) mayRepeat(c *call) bool {
	p.mu.Lock()
	repeat := p.cfg.Repeat
	p.mu.Unlock()
	return repeat && (c.req.Method == "GET" || c.req.Method == "HEAD") && c.req.Body == nil && !c.host.streamed.Load()
}

// firstSize is how much of the body travels with the request.
const firstSize = 64 << 10

// readFirst reads the beginning of the body, so that a worker is not kept waiting for it.
func (c *call) readFirst() error {
	if c.req.Body == nil {
		return nil
	}
	first := bytes.NewBuffer(make([]byte, 0, 4<<10))
	n, err := io.CopyN(first, c.req.Body, firstSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("reading the request's body: %w", err)
	}
	c.first = first.Bytes()
	c.more = n == firstSize
	return nil
}

// watchedHost shifts the times of Progress to those of the front, and notes whether anything was sent.
type watchedHost struct {
	pages.Host
	line     *timeline
	began    time.Time // when the worker in this process called Run
	streamed atomic.Bool
}

func (h *watchedHost) Stream(ctx context.Context, status int, header []pages.Field, part []byte) error {
	h.streamed.Store(true)
	return h.Host.Stream(ctx, status, header, part)
}

// runOwn runs one of the front's own kinds. Unload goes to all workers, the others to one.
func (p *Pool) runOwn(ctx context.Context, req *pages.Request) (*pages.Result, error) {
	nobody := &pages.Result{Status: 204, ScriptAt: -1}
	switch req.Kind {
	case pages.Unload:
		for _, w := range p.workers() {
			if _, err := w.own(ctx, req); err != nil {
				return nil, asFailure(err)
			}
		}
		return nobody, nil
	case pages.SessionEnd:
		workers := p.workers()
		if len(workers) == 0 {
			return nobody, nil // it is skipped then (lifecycle.md, 1)
		}
		return owned(workers[0].own(ctx, req))
	}
	m, failure := p.acquire(ctx, req.Application)
	if failure != nil {
		return nil, failure
	}
	defer p.left(m, unanswered)
	return owned(m.worker.own(ctx, req))
}

func owned(r *pages.Result, err error) (*pages.Result, error) {
	if err != nil {
		return nil, asFailure(err)
	}
	return r, nil
}

// workers are those that can be asked.
func (p *Pool) workers() []backend {
	p.mu.Lock()
	defer p.mu.Unlock()
	var all []backend
	for _, m := range p.members {
		if m.ready() {
			all = append(all, m.worker)
		}
	}
	return all
}

// asFailure makes sure that an error of a runner is a *pages.Failure with a status that api.md, 5 knows.
func asFailure(err error) *pages.Failure {
	var f *pages.Failure
	if !errors.As(err, &f) {
		return &pages.Failure{Status: 502, Reason: "The worker gave no answer.", Err: err}
	}
	switch f.Status {
	case 499, 502, 503, 504:
		return f
	}
	return &pages.Failure{Status: 502, Reason: f.Reason, Err: f.Err, Spans: f.Spans}
}
