package pool

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"huygens/pages"
)

// Recycle replaces all workers by fresh ones, overlapped, and returns when the new ones serve; the old ones may
// still be draining. If they cannot be started the old ones stay in service, and the error says why. cause is
// told in the events. A pool without workers has nothing to do.
func (p *Pool) Recycle(ctx context.Context, cause string) error {
	p.mu.Lock()
	var old []*member
	for _, m := range p.members {
		if m.ready() {
			old = append(old, m)
			m.retiring, m.why = true, cause
		}
	}
	failures := p.failures
	p.reconcile()
	p.mu.Unlock()
	var failed string
	err := p.until(ctx, func() bool {
		if p.failures > failures {
			failed = p.lastError
			return true
		}
		return p.closing || !slices.ContainsFunc(old, (*member).ready)
	})
	if failed != "" {
		return fmt.Errorf("recycling pool %s: %w", p.name(), errors.New(failed))
	}
	return err
}

// Reconfigure makes c the pool's configuration: workers are recycled, overlapped, what waits stays in the queue.
func (p *Pool) Reconfigure(ctx context.Context, c Config) error {
	p.mu.Lock()
	p.cfg = c.withDefaults()
	p.mu.Unlock()
	return p.Recycle(ctx, "the configuration has changed")
}

func (p *Pool) name() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cfg.Name
}

// retire has m replaced. The caller holds mu.
func (p *Pool) retire(m *member, cause string) {
	m.retiring, m.why = true, cause
	p.reconcile()
}

func (p *Pool) aged(m *member, after time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if m.ready() && !m.retiring {
		p.retire(m, fmt.Sprintf("is %s old", after))
	}
}

// late has m replaced because a request in it is over its time. The caller says with inTime that it came to
// its end after all, before m was replaced.
func (p *Pool) late(m *member) {
	p.mu.Lock()
	defer p.mu.Unlock()
	m.late++
	m.why = "a request in it does not end"
	if m.ready() {
		p.tellWorker(m, m.why)
	}
	p.reconcile()
}

func (p *Pool) inTime(m *member) {
	p.mu.Lock()
	defer p.mu.Unlock()
	m.late--
	p.dispatch()
}

// armIdle has the workers ended when no request comes for Config.Idle.
func (p *Pool) armIdle() {
	if p.cfg.Idle > 0 && p.idle == nil {
		p.idle = time.AfterFunc(p.cfg.Idle, p.idled)
	}
}

func (p *Pool) idled() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.idle == nil || p.closing {
		return
	}
	rest := p.cfg.Idle - time.Since(p.lastUsed)
	busy := p.waiting.Len() > 0 || slices.ContainsFunc(p.members, func(m *member) bool { return m.inFlight > 0 })
	switch {
	case busy:
		p.idle.Reset(p.cfg.Idle)
	case rest > 0:
		p.idle.Reset(rest)
	default:
		p.idle = nil
		p.awake = false
		for _, m := range slices.Clone(p.members) {
			p.drain(m, fmt.Sprintf("no request for %s", p.cfg.Idle))
		}
	}
}

// warmUp lets a new worker load the applications that its predecessor had.
func warmUp(ctx context.Context, worker backend, applications []string) error {
	for _, application := range applications {
		_, err := worker.own(ctx, &pages.Request{Kind: pages.Warm, Application: application})
		var failure *pages.Failure
		switch {
		case err == nil:
		case errors.As(err, &failure) && failure.Err != nil:
			return fmt.Errorf("warming %s: %w", short(application), failure.Err)
		default:
			return fmt.Errorf("warming %s: %w", short(application), err)
		}
	}
	return nil
}
