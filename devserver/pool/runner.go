package pool

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"

	"huygens/pages"
)

// running are the requests that run in a worker, so that they can be cancelled. Both kinds of worker have it.
type running struct {
	runner pages.Runner

	mu      sync.Mutex // guards the fields below
	cancels map[uint64]context.CancelCauseFunc
	early   [64]uint64 // cancelled before they began: cancelling goes another way than requests
	next    int        // in early
	ended   error      // why nothing is run any more, nil while it is
}

// errGone is the cause when a request's client went away.
var errGone = errors.New("the client went away")

// run runs a request: its context ends when its time is over, when it is cancelled, and with parent. A panic
// becomes a Failure with its stack.
func (r *running) run(parent context.Context, id uint64, req *pages.Request, host pages.Host) (result *pages.Result, failure *pages.Failure) {
	ctx, cancel := context.WithCancelCause(parent)
	defer cancel(errEnded)
	if err := r.enter(id, cancel); err != nil {
		return nil, &pages.Failure{Status: 502, Reason: "The worker was ended.", Err: err}
	}
	defer r.leave(id)
	clock := startClock(req.Timeout, cancel)
	defer clock.stop()
	if clock != nil {
		host = timedHost{host, clock}
		if req.Body != nil {
			req.Body = timedBody{req.Body, clock}
		}
	}
	result, failure = r.guarded(ctx, req, host)
	if failure != nil && failure.Status == 499 && errors.Is(context.Cause(ctx), pages.ErrTimeout) {
		failure.Status, failure.Reason = 504, "The request took longer than it may."
	}
	return result, failure
}

func (r *running) guarded(ctx context.Context, req *pages.Request, host pages.Host) (result *pages.Result, failure *pages.Failure) {
	defer func() {
		if v := recover(); v != nil {
			result = nil
			failure = &pages.Failure{
				Status: 502, Reason: "The worker failed while it ran the request.",
				Err: fmt.Errorf("panic: %v\n%s", v, debug.Stack()),
			}
		}
	}()
	result, err := r.runner.Run(ctx, req, host)
	switch {
	case err != nil:
		return nil, asFailure(err)
	case result == nil:
		return nil, &pages.Failure{Status: 502, Reason: "The worker gave no answer."}
	}
	return result, nil
}

func (r *running) enter(id uint64, cancel context.CancelCauseFunc) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ended != nil {
		return r.ended
	}
	if r.cancels == nil {
		r.cancels = map[uint64]context.CancelCauseFunc{}
	}
	r.cancels[id] = cancel
	for i, e := range r.early {
		if e == id && id != 0 {
			r.early[i] = 0
			cancel(errGone)
		}
	}
	return nil
}

func (r *running) leave(id uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.cancels, id)
}

// cancel ends the context of a request, also of one that has not begun yet.
func (r *running) cancel(id uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if cancel := r.cancels[id]; cancel != nil {
		cancel(errGone)
		return
	}
	r.early[r.next] = id
	r.next = (r.next + 1) % len(r.early)
}

// end ends the contexts of all requests, and lets none begin any more.
func (r *running) end(cause error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ended == nil {
		r.ended = cause
	}
	for _, cancel := range r.cancels {
		cancel(cause)
	}
}

// closeRunner ends the runner, if it wants to be told.
func closeRunner(r pages.Runner) error {
	switch c := r.(type) {
	case interface{ Close() error }:
		return c.Close()
	case interface{ Close() }:
		c.Close()
	}
	return nil
}

// noHost is the host of the front's own kinds of requests: they have no client.
type noHost struct{}

var errNoClient = errors.New("the request has no client")

func (noHost) Session(context.Context, pages.SessionMode) (pages.Session, error) {
	return pages.Session{}, errNoClient
}

func (noHost) Stream(context.Context, int, []pages.Field, []byte) error { return errNoClient }

func (noHost) Pause(context.Context, pages.Stage, pages.Snapshot) (pages.Action, error) {
	return pages.Action{}, errNoClient
}

func (noHost) Progress(context.Context, []pages.Span, []pages.Line) {}
