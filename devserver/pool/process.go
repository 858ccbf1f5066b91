package pool

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"huygens/devserver/wire"
	"huygens/pages"
)

// process is a worker in another process, as the front sees it.
type process struct {
	cfg     Config
	cmd     *exec.Cmd
	pid     int
	name    string // "worker 1234", in traces
	socket  string
	secret  [wire.SecretSize]byte
	control *control // set once, by launch
	stdin   *os.File // its end ends the worker
	output  *output
	ids     atomic.Uint64

	exited     chan struct{}  // closed when the process has ended
	goroutines sync.WaitGroup // of this worker; see background

	mu      sync.Mutex // guards the fields below
	idle    []*link    // connections without a request, the one used last at the end
	sealed  bool       // no connection is kept any more
	verdict *verdict   // nil until somebody says why it must end, or it has ended
}

// run writes the request to the worker: then it has begun.
func (w *process) run(ctx context.Context, c *call) answer {
	l, err := w.link(ctx)
	if err != nil {
		return w.noLink(ctx, c, err)
	}
	x := &exchange{call: c, link: l, id: w.ids.Add(1)}
	c.line.hop(w.name)
	x.since = time.Now()
	if err := l.Send(&wire.Request{ID: x.id, Request: c.req, First: c.first, More: c.more}); err != nil {
		l.Close()
		if errors.Is(err, wire.ErrTooLarge) {
			c.free(unanswered)
			return answer{failure: &pages.Failure{Status: 502, Reason: "The request is too large for a worker.", Err: err}}
		}
		c.line.hopFailed(nil)
		return w.notBegun(c, err)
	}
	a, err := x.wait(ctx)
	switch {
	case err == nil:
		w.ended(x, a)
		return a
	case ctx.Err() != nil:
		w.abandon(x)
		return answer{failure: &pages.Failure{Status: 499, Reason: "The client went away.", Err: context.Cause(ctx)}}
	}
	failure := w.broken(x, err)
	return answer{failure: failure, died: true}
}

// noLink says why there is no connection for a request: the worker is gone, or we have no descriptor left.
func (w *process) noLink(ctx context.Context, c *call, err error) answer {
	switch {
	case ctx.Err() != nil:
		c.free(unanswered)
		return answer{failure: &pages.Failure{Status: 499, Reason: "The client went away.", Err: context.Cause(ctx)}}
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, os.ErrNotExist), errors.Is(err, syscall.EPIPE):
		return w.notBegun(c, err)
	}
	c.free(unanswered)
	return answer{failure: &pages.Failure{Status: 503, Reason: "No connection to a worker could be opened.", RetryAfter: retryFull, Err: err}}
}

// notBegun gives the request back. The worker is most likely dying: it gets no request before that is known.
func (w *process) notBegun(c *call, err error) answer {
	select {
	case <-w.exited:
	case <-time.After(lostTime):
		w.kill(verdict{status: 502, reason: "the worker could not be reached: " + err.Error()})
		<-w.exited
	}
	c.free(lost)
	return answer{notBegun: true, failure: &pages.Failure{Status: 503, Err: err}}
}

// ended keeps the link of a request that has been answered.
func (w *process) ended(x *exchange, a answer) {
	w.keep(x.link)
	if x.over {
		x.inTime()
	}
	x.free(fateOf(a))
}

// abandon leaves a request alone whose client went away: the worker is told, and its place stays taken until it
// has ended.
func (w *process) abandon(x *exchange) {
	x.alone = true
	w.background(func() {
		w.control.send(&wire.Cancel{ID: x.id})
		if a, err := x.wait(context.Background()); err == nil {
			w.ended(x, a)
		} else {
			w.broken(x, err)
		}
	})
}

// background runs f in a goroutine of this worker. If the worker is dead f runs at once: it has nothing to wait
// for then.
func (w *process) background(f func()) {
	w.mu.Lock()
	if w.sealed {
		w.mu.Unlock()
		f()
		return
	}
	w.goroutines.Go(f) // under mu: what sets sealed is counted itself, so that nobody has waited yet
	w.mu.Unlock()
}

// lostTime is how long a worker that has closed its connection may take to end; a killed process takes its time on a
// loaded machine. Its clients wait for that, and are to be told within 250 ms (security.md, F1).
const lostTime = 200 * time.Millisecond

// broken ends a worker that cannot be used any more, and says what its request is told.
func (w *process) broken(x *exchange, err error) *pages.Failure {
	x.link.Close()
	defer x.free(lost)
	switch {
	case errors.Is(err, errOver):
		reason := fmt.Sprintf("a request did not end %s after its time", killAfter)
		w.kill(verdict{status: 502, reason: "the worker was ended because " + reason, crash: true})
		return &pages.Failure{Status: 504, Reason: fmt.Sprintf("The page took longer than %s and did not stop.", x.req.Timeout), Err: err}
	case errors.Is(err, errNonsense), errors.Is(err, wire.ErrMalformed):
		w.kill(verdict{status: 502, reason: "the worker sent nonsense: " + err.Error(), crash: true})
	}
	select {
	case <-w.exited:
	case <-time.After(lostTime):
		w.kill(verdict{status: 502, reason: "the worker closed its connection", crash: true})
	}
	v := w.last()
	return &pages.Failure{Status: v.status, Reason: sentence(v.reason), Err: err}
}

// link returns a connection without a request.
func (w *process) link(ctx context.Context) (*link, error) {
	w.mu.Lock()
	if n := len(w.idle); n > 0 {
		l := w.idle[n-1]
		w.idle = w.idle[:n-1]
		w.mu.Unlock()
		return l, nil
	}
	w.mu.Unlock()
	return w.dial(ctx, false)
}

func (w *process) keep(l *link) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.sealed {
		l.Close()
		return
	}
	w.idle = append(w.idle, l)
}

func (w *process) own(ctx context.Context, req *pages.Request) (*pages.Result, error) {
	result, err := w.control.ask(ctx, w.ids.Add(1), req)
	if err != nil && ctx.Err() == nil && errors.Is(err, errControlEnded) {
		<-w.exited
		v := w.last()
		return nil, &pages.Failure{Status: v.status, Reason: sentence(v.reason), Err: err}
	}
	return result, err
}

func (w *process) drain() { w.background(func() { w.control.send(&wire.Drain{}) }) }

// end asks the worker to end, and kills it when ctx ends.
func (w *process) end(ctx context.Context) {
	w.condemn(verdict{status: 502, reason: "it was ended"})
	w.control.send(&wire.Bye{})
	select {
	case <-w.exited:
	case <-ctx.Done():
		w.cmd.Process.Kill()
		<-w.exited
	}
}

// kill ends the process now. The first verdict holds.
func (w *process) kill(v verdict) {
	w.condemn(v)
	w.cmd.Process.Kill()
}

func (w *process) condemn(v verdict) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.verdict == nil {
		w.verdict = &v
	}
}

func (w *process) dead() <-chan struct{} { return w.exited }

func (w *process) last() verdict {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.verdict == nil {
		return verdict{status: 502, reason: "the worker ended"}
	}
	return *w.verdict
}

func (w *process) wait() { w.goroutines.Wait() }

// await waits for the end of the process and says why it ended, if nobody knows better.
func (w *process) await() {
	w.cmd.Wait() // its error is in ProcessState
	w.output.finish()
	text, crash := exitCause(w.cmd.ProcessState, w.output.fatal())
	w.condemn(verdict{status: 502, reason: "the worker " + text, crash: crash})
	w.mu.Lock()
	w.sealed = true
	for _, l := range w.idle {
		l.Close()
	}
	w.idle = nil
	if w.control != nil {
		w.control.close()
	}
	w.mu.Unlock()
	w.stdin.Close()
	os.Remove(w.socket)
	close(w.exited)
}
