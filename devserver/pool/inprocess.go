package pool

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"huygens/pages"
)

// inProcess is a worker in this process: the runner is called directly, by the goroutine of the request.
type inProcess struct {
	running
	ids    atomic.Uint64
	cancel context.CancelFunc // of the runner's context

	once    sync.Once
	gone    chan struct{} // closed when the worker takes no requests any more
	verdict verdict       // set before gone is closed
	closed  chan struct{} // closed when the runner is closed
}

var errNoStart = errors.New("the pool has no runner for this process")

func startInProcess(c Config) (backend, error) {
	if c.Start == nil {
		return nil, errNoStart
	}
	ctx, cancel := context.WithCancel(context.Background())
	runner, err := c.Start(ctx, c.Settings)
	if err != nil {
		cancel()
		return nil, err
	}
	return &inProcess{running: running{runner: runner}, cancel: cancel, gone: make(chan struct{}), closed: make(chan struct{})}, nil
}

func (w *inProcess) run(ctx context.Context, c *call) answer {
	req := c.req
	if c.first != nil {
		given := *req
		given.Body = bytes.NewReader(c.first)
		if c.more {
			given.Body = io.MultiReader(given.Body, req.Body)
		}
		req = &given
	}
	c.line.floor = c.line.now()
	began := time.Now()
	c.host.began = began
	result, failure := w.running.run(ctx, w.ids.Add(1), req, &c.host)
	if failure != nil && ctx.Err() == nil && w.isDead() {
		failure = &pages.Failure{Status: w.verdict.status, Reason: sentence(w.verdict.reason), Err: failure.Err}
	}
	a := answer{result: result, failure: failure, began: began}
	c.free(fateOf(a))
	return a
}

func (w *inProcess) isDead() bool {
	select {
	case <-w.gone:
		return true
	default:
		return false
	}
}

func (w *inProcess) own(ctx context.Context, req *pages.Request) (*pages.Result, error) {
	result, failure := w.running.run(ctx, w.ids.Add(1), req, noHost{})
	if failure != nil {
		return nil, failure
	}
	return result, nil
}

func (w *inProcess) drain() {}

// end closes the runner. No request is in it any more.
func (w *inProcess) end(ctx context.Context) {
	w.kill(verdict{status: 502, reason: "it was ended"})
	select {
	case <-w.closed:
	case <-ctx.Done(): // its Application_End does not end; there is nothing that could be killed
	}
}

// kill ends the contexts of the requests. Those that do not care run on: that is what in-process means.
func (w *inProcess) kill(v verdict) {
	w.once.Do(func() {
		w.verdict = v
		close(w.gone)
		w.running.end(fmt.Errorf("the worker was ended: %s", v.reason))
		go func() { // ends with the runner; wait waits for it
			defer close(w.closed)
			defer w.cancel()
			closeRunner(w.runner)
		}()
	})
}

func (w *inProcess) dead() <-chan struct{} { return w.gone }

func (w *inProcess) last() verdict { return w.verdict }

// wait does not wait for a runner that does not close: it may be in a request that never ends.
func (w *inProcess) wait() {
	select {
	case <-w.closed:
	case <-time.After(closeTime / 2):
	}
}
