package pipeline

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"huygens/pages"
	"huygens/pages/script"
)

// An Application raises the events of the requests to one application of the site.
type Application struct {
	pages   *pages.Application
	byEvent [][]listening
}

// newApplication opens the application that c describes, with modules.
func newApplication(c pages.Config, modules []Module, w *script.Watchdog) (*Application, error) {
	p, err := pages.NewApplication(c, w)
	if err != nil {
		return nil, err
	}
	return &Application{pages: p, byEvent: listeners(modules)}, nil
}

// run takes one request through the events. The answer is in c.Response afterwards, an error page included.
func (a *Application) run(ctx context.Context, c *pages.Context) {
	failed := false
	fail := func(err error) {
		failed = true
		c.Fail(ctx, err)
	}
	for i := 0; i < preSendHeaders; i++ {
		if err := a.raise(ctx, i, c); err != nil {
			if failed {
				c.Record.Log("error", err.Error(), "huygens") // answered once, never in a loop
				continue
			}
			fail(err)
			i = max(i, logRequest-1)
			continue
		}
		if i == beforeHandler {
			if err := a.handle(ctx, c); err != nil {
				fail(err)
				i = logRequest - 1
				continue
			}
		}
		if c.Completed() {
			i = afterCompletion(i)
		}
	}
	a.send(ctx, c)
}

// afterCompletion is where a completed request goes on: at the release of the state if it was acquired, else
// at LogRequest.
func afterCompletion(i int) int {
	switch {
	case i >= postRelease:
		return max(i, logRequest-1)
	case i >= releaseState:
		return i
	case i >= acquireState:
		return releaseState - 1
	}
	return logRequest - 1
}

func (a *Application) send(ctx context.Context, c *pages.Context) {
	events := []int{preSendHeaders, preSendContent}
	if c.Request.Method == "HEAD" || c.Response.Status == 304 {
		events = events[:1]
	}
	for _, i := range events {
		if err := a.raise(ctx, i, c); err != nil {
			c.Record.Log("error", err.Error(), "huygens")
		}
	}
}

// raise tells the listeners of event i, until one fails or completes the request.
func (a *Application) raise(ctx context.Context, i int, c *pages.Context) error {
	name := pages.PipelineEvents[i]
	if len(a.byEvent[i]) == 0 {
		c.Record.Instant(name)
		return nil
	}
	return c.Record.Step(name, "", func() error {
		for _, l := range a.byEvent[i] {
			if err := guarded(func() error { return l.tell(ctx, c) }); err != nil {
				return fmt.Errorf("module %s at %s: %w", l.module, name, err)
			}
			if c.Completed() {
				return nil
			}
		}
		return nil
	})
}

// handle runs the handler of the resource.
func (a *Application) handle(ctx context.Context, c *pages.Context) error {
	res := c.Request.Resource
	return c.Record.Step(pages.SpanHandler, string(res.Handler), func() error {
		return guarded(func() error { return a.pages.Handle(ctx, c) })
	})
}

// guarded turns a panic into an error that carries its stack: no request takes the worker along.
func guarded(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errors.Join(fmt.Errorf("huygens itself failed: %v", r), fmt.Errorf("%s", debug.Stack()))
		}
	}()
	return f()
}

func (a *Application) close() error { return a.pages.Close() }
