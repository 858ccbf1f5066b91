package pool

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"huygens/devserver/feed"
	"huygens/pages"
)

// fakes starts fake workers. Tests with it run in virtual time.
type fakes struct {
	mu      sync.Mutex
	starts  []time.Duration // when each start was tried, since began
	began   time.Time
	workers []*fakeWorker
	takes   time.Duration         // a start
	fails   func(number int) bool // start number, from 1
	closed  bool
}

var errFake = errors.New("no luck")

func (f *fakes) start(ctx context.Context, c Config, spawned func(int)) (backend, error) {
	f.mu.Lock()
	f.starts = append(f.starts, time.Since(f.began))
	number := len(f.starts)
	fails := f.fails != nil && f.fails(number)
	f.mu.Unlock()
	spawned(number)
	select {
	case <-time.After(f.takes):
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	if fails {
		return nil, errFake
	}
	w := &fakeWorker{number: number, gone: make(chan struct{}), drained: make(chan struct{}), most: c.Concurrency}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.workers = append(f.workers, w)
	return w, nil
}

func (f *fakes) close() { f.closed = true }

// worker is the one with this number; started ones only.
func (f *fakes) worker(number int) *fakeWorker {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, w := range f.workers {
		if w.number == number {
			return w
		}
	}
	return nil
}

func (f *fakes) living() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, w := range f.workers {
		select {
		case <-w.gone:
		default:
			n++
		}
	}
	return n
}

// fakeWorker runs requests that last as long as their query says; "late" ones are over their time at once and
// killed as the real ones are.
type fakeWorker struct {
	number  int
	most    int
	once    sync.Once
	gone    chan struct{}
	v       verdict
	drained chan struct{}
	warmed  []string

	mu   sync.Mutex
	now  int // requests in it
	seen int // the most at once
	all  int
}

func (w *fakeWorker) count(n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now += n
	w.seen = max(w.seen, w.now)
	if n > 0 {
		w.all++
	}
}

func (w *fakeWorker) run(ctx context.Context, c *call) answer {
	select {
	case <-w.gone:
		c.free(lost)
		return answer{notBegun: true}
	default:
	}
	w.count(1)
	took, _ := time.ParseDuration(c.req.Query)
	over := c.req.Path == "/late"
	if over {
		c.late()
		go func() {
			select {
			case <-time.After(killAfter):
				w.kill(verdict{status: 502, reason: "a request did not end", crash: true})
			case <-w.gone:
			}
		}()
	}
	select {
	case <-time.After(took):
		if over {
			c.inTime()
		}
		w.count(-1)
		c.free(answered)
		return answer{result: text(fmt.Sprint("worker ", w.number))}
	case <-w.gone:
		w.count(-1)
		c.free(lost)
		return answer{died: true, failure: &pages.Failure{Status: w.v.status, Reason: sentence(w.v.reason)}}
	case <-ctx.Done():
		w.count(-1)
		c.free(unanswered)
		return answer{failure: &pages.Failure{Status: 499, Reason: "The client went away."}}
	}
}

func (w *fakeWorker) own(_ context.Context, req *pages.Request) (*pages.Result, error) {
	w.warmed = append(w.warmed, req.Application)
	return text(""), nil
}

func (w *fakeWorker) drain() { close(w.drained) }

func (w *fakeWorker) end(context.Context) { w.kill(verdict{status: 502, reason: "it was ended"}) }

func (w *fakeWorker) kill(v verdict) {
	w.once.Do(func() {
		w.v = v
		close(w.gone)
	})
}

func (w *fakeWorker) dead() <-chan struct{} { return w.gone }
func (w *fakeWorker) last() verdict         { return w.v }
func (w *fakeWorker) wait()                 {}

// inFakeTime runs a test with fake workers in virtual time, and closes the pool at its end.
func inFakeTime(t *testing.T, c Config, f *fakes, test func(t *testing.T, p *Pool)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		f.began = time.Now()
		if c.Events == nil {
			c.Events = &feed.Log[Event]{}
		}
		p := newPool(c, f)
		test(t, p)
		if err := p.Close(t.Context()); err != nil {
			t.Error(err)
		}
		if n := f.living(); n > 0 || !f.closed {
			t.Errorf("%d workers live after Close; starter closed: %t", n, f.closed)
		}
		if t.Failed() {
			for _, e := range c.Events.Since(0).Values {
				t.Logf("%v worker=%t %d %s: %s crash=%t", e.When.Sub(f.began), e.Worker, e.PID, e.State, e.Cause, e.Crash)
			}
		}
	})
}

// asking is a request under way.
type asking struct {
	body    string
	failure *pages.Failure
	took    time.Duration
	done    chan struct{}
	cancel  context.CancelFunc
}

// ask begins a request and returns when it is in the pool's hands.
func askPool(p *Pool, target string) *asking {
	ctx, cancel := context.WithCancel(context.Background())
	a := &asking{done: make(chan struct{}), cancel: cancel}
	go func() {
		defer close(a.done)
		defer cancel()
		began := time.Now()
		r, err := p.Run(ctx, request(target), &testHost{})
		a.took = time.Since(began)
		if err != nil {
			errors.As(err, &a.failure)
			return
		}
		a.body = string(r.Body)
	}()
	synctest.Wait()
	return a
}

func (a *asking) isDone() bool {
	select {
	case <-a.done:
		return true
	default:
		return false
	}
}

func (a *asking) answer(t *testing.T) string {
	t.Helper()
	<-a.done
	if a.failure != nil {
		t.Errorf("failed: %v", a.failure)
	}
	return a.body
}

func (a *asking) status(t *testing.T, status int) *pages.Failure {
	t.Helper()
	<-a.done
	if a.failure == nil || a.failure.Status != status {
		t.Fatalf("answer %q, failure %v, want %d", a.body, a.failure, status)
	}
	return a.failure
}
