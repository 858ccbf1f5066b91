package pool

import (
	"context"
	"time"
)

// Stop takes the pool out of service: what waits is refused, what runs may finish until ctx ends. It returns
// when no worker lives any more. Start undoes it.
func (p *Pool) Stop(ctx context.Context) error {
	p.mu.Lock()
	if p.closing {
		p.mu.Unlock()
		return nil
	}
	if p.state != Stopped {
		p.state = Stopped
		p.tellPool("stopped by hand")
		p.rest()
	}
	p.mu.Unlock()
	err := p.until(ctx, p.empty)
	if err != nil {
		p.killAll("the pool was stopped")
		return p.until(context.WithoutCancel(ctx), p.empty)
	}
	return nil
}

func (p *Pool) empty() bool { return p.closed || len(p.members) == 0 }

// closeTime is how long Close takes at most.
const closeTime = 2 * time.Second

// Close ends the pool: what waits is refused, what runs may finish for a moment, at most until ctx ends or for a
// second. It returns when no worker and no goroutine of the pool is left, after 2 s at most. The pool cannot be
// used afterwards.
func (p *Pool) Close(ctx context.Context) error {
	p.mu.Lock()
	if p.closing {
		p.mu.Unlock()
		p.work.Wait()
		return nil
	}
	p.closing = true
	p.state = Stopped
	p.tellPool("closing")
	p.rest()
	p.mu.Unlock()

	patience := closeTime / 2
	if end, ok := ctx.Deadline(); ok {
		patience = min(patience, time.Until(end)/2)
	}
	limit, cancel := context.WithTimeout(ctx, patience)
	p.until(limit, p.empty)
	cancel()
	p.killAll("the server is stopping")
	p.mu.Lock()
	p.closed = true
	p.note()
	p.mu.Unlock()
	p.cancel()
	p.work.Wait()
	p.starter.close()
	return nil
}

// killAll kills the workers that live.
func (p *Pool) killAll(reason string) {
	var workers []backend
	p.mu.Lock()
	for _, m := range p.members {
		if m.worker != nil {
			workers = append(workers, m.worker)
		}
	}
	p.mu.Unlock()
	for _, w := range workers {
		w.kill(verdict{status: 502, reason: reason})
	}
}
