package script

import (
	"container/heap"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/dop251/goja"
)

// ErrNever is the cause of the error when a promise is waited for that nothing can settle any more.
var ErrNever = errors.New("nothing is left that could settle the promise")

// A loop holds what a script still has to do: timers, and completions of work on other goroutines.
type loop struct {
	ctx     context.Context // of the Call under way
	timers  timers
	last    int // number of the newest timer
	byID    map[int]*timer
	epoch   int             // completions of work that was started in another one are dropped
	end     context.Context // over when the loop is closed; made with the first work
	cancel  context.CancelFunc
	workers sync.WaitGroup
	working int // work of this epoch that is under way

	mu     sync.Mutex // guards the fields below
	posted []completion
	woken  error         // given to Interrupt
	signal chan struct{} // buffered
}

type completion struct {
	epoch int
	run   func() error
}

func (l *loop) init() { l.signal = make(chan struct{}, 1) }

// post hands a completion to the loop, from any goroutine.
func (l *loop) post(c completion) {
	l.mu.Lock()
	l.posted = append(l.posted, c)
	l.mu.Unlock()
	l.ring()
}

func (l *loop) ring() {
	select {
	case l.signal <- struct{}{}:
	default:
	}
}

// wake ends a waiting with an error, from any goroutine.
func (l *loop) wake(err error) {
	l.mu.Lock()
	l.woken = err
	l.mu.Unlock()
	l.ring()
}

func (l *loop) interruption() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.woken
}

// calm forgets what wake was for.
func (l *loop) calm() {
	l.mu.Lock()
	l.woken = nil
	l.mu.Unlock()
}

// take returns the oldest completion that counts.
func (l *loop) take() (run func() error, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.posted) > 0 {
		c := l.posted[0]
		l.posted[0] = completion{}
		l.posted = l.posted[1:]
		if c.epoch == l.epoch {
			return c.run, true
		}
	}
	return nil, false
}

// drop forgets all that is still to be done. Work that is under way is told to end; nobody hears of it any more.
func (l *loop) drop() {
	l.epoch++
	l.working = 0
	l.timers, l.byID = nil, nil
	if l.cancel != nil {
		l.cancel()
		l.end, l.cancel = nil, nil
	}
}

func (l *loop) close() {
	l.drop()
	l.workers.Wait()
}

// start runs work on a goroutine and returns a promise of its result.
func (r *Runtime) start(work func(context.Context) (any, error)) any {
	l := &r.loop
	p, resolve, reject := r.vm.NewPromise()
	if l.end == nil {
		l.end, l.cancel = context.WithCancel(context.Background())
	}
	ctx, cancel := context.WithCancel(l.ctx)
	unhook := context.AfterFunc(l.end, cancel)
	epoch := l.epoch
	l.working++
	l.workers.Go(func() { // ends when work does, which ctx asks for; Close waits
		v, err := safely(ctx, work)
		unhook()
		cancel()
		l.post(completion{epoch, func() error {
			l.working--
			var stop *stopped
			switch {
			case errors.As(err, &stop):
				return stop
			case err != nil:
				return reject(r.newError("Error", err))
			}
			return resolve(r.toScript(v))
		}})
	})
	return &promise{inPlace{r, r.vm.ToValue(p).(*goja.Object)}}
}

// safely makes an error of a panic.
func safely(ctx context.Context, work func(context.Context) (any, error)) (v any, err error) {
	defer func() {
		if x := recover(); x != nil {
			err = fmt.Errorf("internal error: %v", x)
		}
	}()
	return work(ctx)
}

// settle waits for v, if it is a promise.
func (r *Runtime) settle(ctx context.Context, name string, v goja.Value) (goja.Value, error) {
	o, ok := v.(*goja.Object)
	if !ok || o.ExportType() != typePromise {
		return v, nil
	}
	p := o.Export().(*goja.Promise)
	for p.State() == goja.PromiseStatePending {
		if err := r.step(ctx, name); err != nil {
			return nil, err
		}
	}
	if p.State() == goja.PromiseStateRejected {
		r.trackRejection(p, goja.PromiseRejectionHandle)
		return nil, r.rejection(p.Result())
	}
	return p.Result(), nil
}

// step does the next thing that is to be done, waiting for it if need be.
func (r *Runtime) step(ctx context.Context, name string) error {
	l := &r.loop
	if err := l.interruption(); err != nil {
		return r.waited(name, err)
	}
	if run, ok := l.take(); ok {
		return run()
	}
	var due <-chan time.Time
	if len(l.timers) > 0 {
		wait := time.Until(l.timers[0].due)
		if wait <= 0 {
			if err := context.Cause(ctx); err != nil {
				return r.waited(name, err)
			}
			return l.fire()
		}
		t := time.NewTimer(wait)
		defer t.Stop()
		due = t.C
	} else if l.working == 0 {
		return &Error{File: r.program.name, Message: fmt.Sprintf("%s never ends: %v", name, ErrNever), Err: ErrNever}
	}
	select {
	case <-l.signal:
	case <-due:
	case <-ctx.Done():
		return r.waited(name, context.Cause(ctx))
	}
	return nil
}

// waited is the error of a call whose time ended while it waited.
func (r *Runtime) waited(name string, cause error) error {
	return &Error{File: r.program.name, Message: fmt.Sprintf("%s was still waiting: %v", name, cause), Err: cause}
}

// trackRejection keeps the rejected promises that nobody has handled.
func (r *Runtime) trackRejection(p *goja.Promise, op goja.PromiseRejectionOperation) {
	if op == goja.PromiseRejectionReject {
		r.rejected = append(r.rejected, p)
		return
	}
	for i, other := range r.rejected {
		if other == p {
			r.rejected = append(r.rejected[:i], r.rejected[i+1:]...)
			return
		}
	}
}

// A timer is something to be done at a time. Timers of one time are done in the order in which they were set.
type timer struct {
	id    int
	due   time.Time
	every time.Duration // 0: once
	run   func() error
	index int // in timers, for heap
}

type timers []*timer

func (t timers) Len() int { return len(t) }
func (t timers) Less(i, j int) bool {
	return t[i].due.Before(t[j].due) || t[i].due.Equal(t[j].due) && t[i].id < t[j].id
}

func (t timers) Swap(i, j int) {
	t[i], t[j] = t[j], t[i]
	t[i].index, t[j].index = i, j
}

// Push is for heap.
func (t *timers) Push(x any) {
	item := x.(*timer)
	item.index = len(*t)
	*t = append(*t, item)
}

// Pop is for heap.
func (t *timers) Pop() any {
	old := *t
	item := old[len(old)-1]
	old[len(old)-1] = nil
	*t = old[:len(old)-1]
	return item
}

// after sets a timer and returns its number.
func (l *loop) after(d, every time.Duration, run func() error) int {
	l.last++
	t := &timer{id: l.last, due: time.Now().Add(d), every: every, run: run}
	heap.Push(&l.timers, t)
	if l.byID == nil {
		l.byID = map[int]*timer{}
	}
	l.byID[t.id] = t
	return t.id
}

func (l *loop) clear(id int) {
	if t, ok := l.byID[id]; ok {
		delete(l.byID, id)
		heap.Remove(&l.timers, t.index)
	}
}

// fire does what the first timer is for.
func (l *loop) fire() error {
	t := l.timers[0]
	if t.every > 0 {
		t.due = time.Now().Add(t.every)
		heap.Fix(&l.timers, 0)
	} else {
		l.clear(t.id)
	}
	return t.run()
}
