package pool

import (
	"fmt"
	"slices"
	"time"
)

// backOff is how long the next start waits after the first crash, the second and so on.
var backOff = [...]time.Duration{0, time.Second, 2 * time.Second, 4 * time.Second}

// crashed counts a crash. The caller holds mu.
func (p *Pool) crashed(cause string) {
	now := time.Now()
	p.lastError = cause
	p.crashes = slices.DeleteFunc(p.crashes, func(t time.Time) bool { return now.Sub(t) >= p.cfg.RapidFail.Within })
	p.crashes = append(p.crashes, now)
	p.notBefore = now.Add(backOff[min(len(p.crashes), len(backOff))-1])
	if p.cfg.RapidFail.Crashes <= 0 || len(p.crashes) < p.cfg.RapidFail.Crashes || p.state != Started {
		return
	}
	p.state = Failed
	p.tellPool(fmt.Sprintf("%d crashes within %s; the last: %s", len(p.crashes), p.cfg.RapidFail.Within, cause))
	p.rest()
}

// rest takes a pool out of service whose state has just been changed to Stopped or Failed.
func (p *Pool) rest() {
	p.awake = false
	for _, t := range []**time.Timer{&p.retry, &p.idle} {
		if *t != nil {
			(*t).Stop()
			*t = nil
		}
	}
	p.refuseWaiting()
	for _, m := range slices.Clone(p.members) {
		if m.state == Starting {
			m.giveUp()
		}
		p.drain(m, "the pool is "+string(p.state))
	}
	p.note()
}

// Reset forgets the crashes: a file has changed, so the next start may go well. A failed pool serves again.
func (p *Pool) Reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closing {
		return
	}
	p.forgetCrashes()
	if p.state == Failed {
		p.revive("something changed")
	}
	p.reconcile()
}

func (p *Pool) forgetCrashes() {
	p.crashes, p.lastError, p.notBefore = nil, "", time.Time{}
	if p.retry != nil {
		p.retry.Stop()
		p.retry = nil
	}
}

func (p *Pool) revive(cause string) {
	p.state = Started
	p.awake = p.cfg.StartNow
	p.tellPool(cause)
}

// Start lets a pool that is stopped or has failed serve again.
func (p *Pool) Start() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closing || p.state == Started {
		return
	}
	p.forgetCrashes()
	p.revive("started by hand")
	p.reconcile()
}
