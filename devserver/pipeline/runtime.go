package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"runtime/debug"
	"sync"
	"time"

	"huygens/pages"
	"huygens/pages/script"
)

// Config is what a worker is told at its start.
type Config struct {
	Applications []pages.Config
}

// A Runtime is the pages.Runner of a worker. It may be called by any number of goroutines.
type Runtime struct {
	config  Config
	modules []Module

	watchdog *script.Watchdog // nil: the process has no memory limit
	stop     context.CancelFunc
	watching sync.WaitGroup

	mu   sync.Mutex // guards apps
	apps map[string]*loading
}

// A loading is an application that is loaded, or about to be: the first requests wait for each other.
type loading struct {
	once  sync.Once
	app   *Application
	err   error
	users sync.WaitGroup // requests in the application
}

// New returns a Runtime with the built-in modules. Applications are loaded at their first request.
func New(c Config) *Runtime { return newRuntime(c, builtIn()) }

func newRuntime(c Config, modules []Module) *Runtime {
	r := &Runtime{config: c, modules: modules, apps: map[string]*loading{}}
	ctx, stop := context.WithCancel(context.Background())
	r.stop = stop
	if limit := debug.SetMemoryLimit(-1); limit < math.MaxInt64 {
		r.watchdog = &script.Watchdog{Limit: uint64(limit)}
		r.watching.Go(func() { r.watchdog.Run(ctx) })
	}
	return r
}

// Start is New for a worker process: config is a Config as JSON.
func Start(_ context.Context, config []byte) (pages.Runner, error) {
	var c Config
	if err := json.Unmarshal(config, &c); err != nil {
		return nil, fmt.Errorf("reading the worker's configuration: %w", err)
	}
	return New(c), nil
}

// builtIn is the list of built-in modules in their order. Session, FormsAuthentication, UrlAuthorization,
// OutputCache, CustomErrors and Log take their places here.
func builtIn() []Module { return nil }

// Run answers one request. Its time is measured by the caller, who knows when it stands still: ctx ends with the
// cause pages.ErrTimeout.
func (r *Runtime) Run(ctx context.Context, req *pages.Request, host pages.Host) (*pages.Result, error) {
	switch req.Kind {
	case pages.Client:
		return r.serve(ctx, req, host)
	case pages.Warm, pages.Describe:
		l, err := r.enter(req.Application)
		if err != nil {
			return nil, &pages.Failure{Status: 503, Reason: "The application could not be loaded.", Err: err}
		}
		defer l.users.Done()
		return l.app.describe()
	case pages.Unload:
		r.unload(req.Application)
	case pages.SessionEnd: // no module keeps sessions yet: there is nobody to tell
	}
	return &pages.Result{Status: 204, ScriptAt: -1}, nil
}

func (r *Runtime) serve(ctx context.Context, req *pages.Request, host pages.Host) (*pages.Result, error) {
	record := pages.NewRecorder(time.Now())
	stop := reportProgress(ctx, host, record)
	defer stop()
	l, err := r.enter(req.Application)
	if err != nil {
		return nil, &pages.Failure{Status: 503, Reason: "The application could not be loaded.", Err: err}
	}
	defer l.users.Done()
	c := pages.NewContext(req, host, l.app.pages, record)
	l.app.run(ctx, c)
	if err := context.Cause(ctx); err != nil && !errors.Is(err, pages.ErrTimeout) {
		return nil, &pages.Failure{Status: 499, Reason: "The client went away.", Err: err}
	}
	if err := c.Response.Finish(ctx); err != nil {
		return nil, &pages.Failure{Status: 502, Reason: "The rest of the answer could not be sent.", Err: err}
	}
	result := c.Result()
	result.Spans, result.Log = record.Finish()
	return result, nil
}

var errNoApplication = errors.New("no such application")

// enter returns the application at a path, loaded. The caller calls users.Done when its request has ended.
func (r *Runtime) enter(path string) (*loading, error) {
	r.mu.Lock()
	l := r.apps[path]
	if l == nil {
		l = &loading{}
		r.apps[path] = l
	}
	l.users.Add(1)
	r.mu.Unlock()
	l.once.Do(func() { l.app, l.err = r.load(path) })
	if l.err != nil {
		l.users.Done()
		r.forget(path, l)
		return nil, l.err
	}
	return l, nil
}

func (r *Runtime) load(path string) (*Application, error) {
	for _, c := range r.config.Applications {
		if c.Path == path {
			return newApplication(c, r.modules, r.watchdog)
		}
	}
	return nil, fmt.Errorf("application %q: %w", path, errNoApplication)
}

// forget makes the next request load the application anew.
func (r *Runtime) forget(path string, l *loading) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.apps[path] == l {
		delete(r.apps, path)
	}
}

// unload ends the application at a path when its requests have ended. The next request loads it anew.
func (r *Runtime) unload(path string) {
	r.mu.Lock()
	l := r.apps[path]
	delete(r.apps, path)
	r.mu.Unlock()
	if l != nil {
		l.end()
	}
}

func (l *loading) end() {
	l.users.Wait()
	if l.app != nil {
		l.app.close()
	}
}

// Close ends all applications when their requests have ended.
func (r *Runtime) Close() {
	defer r.watching.Wait()
	defer r.stop()
	r.mu.Lock()
	apps := r.apps
	r.apps = map[string]*loading{}
	r.mu.Unlock()
	for _, l := range apps {
		l.end()
	}
}

func (a *Application) describe() (*pages.Result, error) {
	d := pages.Described{Events: []string{}, Inputs: []string{}}
	for i, listening := range a.byEvent {
		if len(listening) > 0 {
			d.Events = append(d.Events, pages.PipelineEvents[i])
		}
	}
	return d.Describe()
}
