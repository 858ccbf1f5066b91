package pool

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// A member is a worker as its pool sees it. The pool's mu guards it.
type member struct {
	pool        string // its pool's name
	pid         int
	worker      backend // nil while starting
	concurrency int
	state       WorkerState
	began       time.Time
	requests    int // begun so far
	inFlight    int
	answered    bool   // at least one request was answered
	retiring    bool   // to be replaced; takes requests until the successor is there
	why         string // the cause of that
	late        int    // requests over their time: while there are any, nothing new is given
	ending      bool   // end has been called
	lost        bool   // it is dead, or will be in a moment: nothing new is given
	age, limit  *time.Timer
	giveUp      context.CancelFunc // ends the start
}

func (m *member) ready() bool { return m.state == IsWarm || m.state == Serving }

// takes says whether m may be given a request.
func (m *member) takes() bool {
	return m.ready() && m.late == 0 && !m.lost && m.inFlight < m.concurrency
}

// reconcile starts as many workers as are missing. The caller holds mu.
func (p *Pool) reconcile() {
	if p.closing || p.state != Started || !p.awake {
		return
	}
	missing := p.cfg.Workers
	for _, m := range p.members {
		if m.state == Starting || m.ready() && m.late == 0 && !m.retiring {
			missing--
		}
	}
	if missing <= 0 {
		return
	}
	if wait := time.Until(p.notBefore); wait > 0 {
		if p.retry == nil {
			p.retry = time.AfterFunc(wait, p.retryStart)
		}
		return
	}
	for range missing {
		p.startMember()
	}
}

func (p *Pool) retryStart() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.retry = nil
	p.reconcile()
}

func (p *Pool) startMember() {
	m := &member{pool: p.cfg.Name, state: Starting, began: time.Now(), concurrency: p.cfg.Concurrency}
	p.members = append(p.members, m)
	cfg := p.cfg
	warm := []string(nil)
	if slices.ContainsFunc(p.members, func(other *member) bool { return other.retiring }) {
		for application := range p.asked {
			warm = append(warm, application)
		}
		slices.Sort(warm)
	}
	var ctx context.Context
	ctx, m.giveUp = context.WithTimeoutCause(p.ctx, cfg.StartTimeout, fmt.Errorf("it was not ready after %s", cfg.StartTimeout))
	p.start(func() { p.bringUp(ctx, m, cfg, warm) })
}

// bringUp starts the worker of m and lives as long as that does.
func (p *Pool) bringUp(ctx context.Context, m *member, cfg Config, warm []string) {
	defer m.giveUp()
	worker, err := p.starter.start(ctx, cfg, func(pid int) { p.spawned(m, pid) })
	if err == nil {
		if err = warmUp(ctx, worker, warm); err != nil {
			worker.kill(verdict{status: 502, reason: "the worker could not be warmed"})
			worker.wait()
		}
	}
	if err != nil {
		p.notStarted(m, err)
		return
	}
	if !p.arrived(m, worker) {
		worker.kill(verdict{status: 502, reason: "the pool was stopped"})
	}
	<-worker.dead()
	p.died(m)
	worker.wait()
}

func (p *Pool) spawned(m *member, pid int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	m.pid = pid
	p.tellWorker(m, "")
}

// arrived puts a worker into service. It returns false if nobody wants it any more.
func (p *Pool) arrived(m *member, worker backend) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	m.worker = worker
	if p.closing || p.state != Started {
		m.state, m.ending = Draining, true
		return false
	}
	m.state = IsWarm
	p.lastUsed = time.Now()
	p.tellWorker(m, "")
	if after := p.cfg.Recycle.After; after > 0 {
		m.age = time.AfterFunc(after, func() { p.aged(m, after) })
	}
	p.armIdle()
	p.relieve()
	p.dispatch()
	p.note()
	return true
}

// relieve drains the workers that are more than wanted: those that are late or to be replaced first.
func (p *Pool) relieve() {
	var ready []*member
	for _, m := range p.members {
		if m.ready() {
			ready = append(ready, m)
		}
	}
	rank := func(m *member) int {
		switch {
		case m.late > 0:
			return 0
		case m.retiring:
			return 1
		}
		return 2
	}
	slices.SortStableFunc(ready, func(a, b *member) int { return rank(a) - rank(b) })
	for _, m := range ready[:max(0, len(ready)-p.cfg.Workers)] {
		p.drain(m, m.why)
	}
}

// drain gives m no new requests and ends it when it has none left, at the latest after Config.Drain.
func (p *Pool) drain(m *member, cause string) {
	if !m.ready() {
		return
	}
	m.state = Draining
	p.tellWorker(m, cause)
	p.note()
	m.worker.drain()
	if m.inFlight == 0 {
		p.end(m)
		return
	}
	limit := p.cfg.Drain
	m.limit = time.AfterFunc(limit, func() {
		m.worker.kill(verdict{status: 502, reason: fmt.Sprintf("the worker was replaced and the request did not end within %s", limit)})
	})
}

// end ends a worker without requests.
func (p *Pool) end(m *member) {
	if m.ending {
		return
	}
	m.ending = true
	p.start(func() {
		ctx, cancel := context.WithTimeout(p.ctx, endTime)
		defer cancel()
		m.worker.end(ctx)
	})
}

// endTime is how long a worker may take to end when it is asked to.
const endTime = 1500 * time.Millisecond

// died takes a dead worker out of the pool.
func (p *Pool) died(m *member) {
	v := m.worker.last()
	p.mu.Lock()
	defer p.mu.Unlock()
	crash := v.crash || !m.answered && !m.ending && m.state != Draining
	p.remove(m)
	p.tell(Event{Worker: true, PID: m.pid, State: string(Dead), Cause: v.reason, Crash: crash})
	if crash {
		p.crashed(v.reason)
	}
	p.reconcile()
	p.note()
}

func (p *Pool) remove(m *member) {
	m.state = Dead
	p.members = slices.DeleteFunc(p.members, func(other *member) bool { return other == m })
	for _, t := range []*time.Timer{m.age, m.limit} {
		if t != nil {
			t.Stop()
		}
	}
}

// notStarted takes a worker out of the pool that could not be started. If another is in service it stays so;
// else this is a crash.
func (p *Pool) notStarted(m *member, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.remove(m)
	p.failures++
	defer p.note()
	cause := "the worker could not be started: " + err.Error()
	wanted := !p.closing && p.state == Started
	stays := wanted && p.keepOld(cause)
	p.tell(Event{Worker: true, PID: m.pid, State: string(Dead), Cause: cause, Crash: wanted && !stays})
	switch {
	case stays:
		p.lastError = cause
	case wanted:
		p.crashed(cause)
	}
	p.reconcile()
}

// keepOld keeps those in service that should have been replaced, and reports whether there are any.
func (p *Pool) keepOld(cause string) bool {
	kept := false
	for _, old := range p.members {
		if !old.ready() || !old.retiring {
			continue
		}
		kept = true
		old.retiring = false
		p.tellWorker(old, "stays in service: "+cause)
		if after := p.cfg.Recycle.After; after > 0 {
			old.age.Stop()
			old.age = time.AfterFunc(retryRecycle, func() { p.aged(old, after) })
		}
	}
	return kept
}

// retryRecycle is when a recycle that went wrong is tried again.
const retryRecycle = time.Minute
