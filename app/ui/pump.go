//go:build cgo || !darwin

package ui

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"fyne.io/fyne/v2"

	"huygens/devserver/feed"
	"huygens/devserver/trace"
)

const defaultEvery = 100 * time.Millisecond

// A screen is what the pump fills. Its methods are called on the goroutine of the window only.
type screen interface {
	showTraces(b feed.Batch[*trace.Trace], s Status)
	showSites(sites []Site, s Status)
	showLost(err error) // watching ended: what is shown is not kept up to date any more
}

// A pump takes batches from the Server and hands them to the screen, and runs the user's commands. Its
// goroutines end at Close, which waits for them; nothing reaches the screen afterwards.
type pump struct {
	server Server
	screen screen
	every  time.Duration
	do     func(func())

	ctx    context.Context
	cancel context.CancelFunc
	wait   sync.WaitGroup

	mu     sync.Mutex // guards all fields below
	closed bool
}

func newPump(s Server, to screen, o Options) *pump {
	p := &pump{server: s, screen: to, every: o.Every, do: o.Do}
	if p.every <= 0 {
		p.every = defaultEvery
	}
	if p.do == nil {
		p.do = fyne.Do
	}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	return p
}

// start begins to watch. It is called once.
func (p *pump) start() {
	p.goes(p.watchTraces)
	p.goes(p.watchSites)
}

// Close may be called again, and on the goroutine of the window.
func (p *pump) Close() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.cancel()
	p.wait.Wait()
}

// run calls command in a goroutine and then, on the goroutine of the window, after with its error.
func (p *pump) run(command func(context.Context) error, after func(error)) {
	p.goes(func() {
		err := command(p.ctx)
		p.hand(func() { after(err) })
	})
}

// goes starts a goroutine that ends with p.ctx; after Close it does nothing.
func (p *pump) goes(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.closed {
		p.wait.Go(f)
	}
}

// hand runs f on the goroutine of the window and waits for it, unless the pump is closed first: so a window
// that is busy gets fewer, larger batches and never a queue of them.
func (p *pump) hand(f func()) {
	shown := make(chan struct{})
	p.do(func() {
		defer close(shown)
		if !p.isClosed() {
			f()
		}
	})
	select {
	case <-shown:
	case <-p.ctx.Done():
	}
}

func (p *pump) isClosed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.closed
}

func (p *pump) watchTraces() {
	source := p.server.Traces()
	var n uint64
	for {
		b, err := source.Next(p.ctx, n)
		if err != nil {
			p.lost("requests", err)
			return
		}
		n = b.Last
		s := p.server.Status()
		p.hand(func() { p.screen.showTraces(b, s) })
		if !p.rest() {
			return
		}
	}
}

func (p *pump) watchSites() {
	p.handSites()
	var n uint64
	for p.rest() {
		next, err := p.server.Changed(p.ctx, n)
		if err != nil {
			p.lost("sites", err)
			return
		}
		n = next
		p.handSites()
	}
}

func (p *pump) handSites() {
	sites, s := p.server.Sites(), p.server.Status()
	p.hand(func() { p.screen.showSites(sites, s) })
}

func (p *pump) lost(what string, err error) {
	if p.ctx.Err() != nil || errors.Is(err, context.Canceled) {
		return
	}
	p.hand(func() { p.screen.showLost(fmt.Errorf("watching %s: %w", what, err)) })
}

// rest keeps the pace; false: the pump is closed.
func (p *pump) rest() bool {
	t := time.NewTimer(p.every)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-p.ctx.Done():
		return false
	}
}
