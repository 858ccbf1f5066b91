package pool

import (
	"container/list"
	"context"
	"sync"
	"time"

	"huygens/pages"
)

// A Pool is a queue with the workers that empty it. New makes it, Close must end it.
type Pool struct {
	starter starter
	ctx     context.Context // ends with the pool
	cancel  context.CancelFunc
	work    sync.WaitGroup // every goroutine of the pool; Add only under mu, while not closed

	mu        sync.Mutex // guards all fields below, and those of the members
	cfg       Config
	state     State
	closing   bool          // Close was called: nothing new is begun
	closed    bool          // no goroutine is started any more
	awake     bool          // workers are wanted: a request came, or StartNow
	members   []*member     // oldest first
	waiting   list.List     // of *waiter, first come first
	changed   chan struct{} // closed at the next change that a waiting Recycle or Close may want to see
	crashes   []time.Time
	lastError string
	notBefore time.Time   // back-off: no worker starts earlier
	retry     *time.Timer // runs reconcile at notBefore; nil if it is not set
	idle      *time.Timer // runs idled; nil if it is not set
	lastUsed  time.Time
	failures  int             // starts that went wrong so far
	asked     map[string]bool // applications that have had a request: warmed in a successor
}

// A starter starts workers.
type starter interface {
	// start returns a worker that is ready for requests. It calls spawned as soon as there is a process. ctx is for
	// the start only.
	start(ctx context.Context, c Config, spawned func(pid int)) (backend, error)
	// close removes what the starter made. No worker lives any more.
	close()
}

// A backend is a worker that has been started: here, or in another process.
type backend interface {
	// run runs one request. It calls c.free exactly once, when the request has left the worker; that may be after run
	// has returned.
	run(ctx context.Context, c *call) answer
	// own runs one of the front's own kinds of requests, beside what else runs.
	own(ctx context.Context, req *pages.Request) (*pages.Result, error)
	// drain says that no requests will come any more.
	drain()
	// end asks the worker to end, and kills it when ctx ends. It returns when it is dead.
	end(ctx context.Context)
	// kill ends the worker now; v says what its requests are told.
	kill(v verdict)
	// dead is closed when the worker has ended.
	dead() <-chan struct{}
	// last says how it ended. Only to be called after that.
	last() verdict
	// wait waits for everything that the worker's side here has started.
	wait()
}

// A verdict says how a worker ended, or must end.
type verdict struct {
	status int    // for the requests that were in it
	reason string // one phrase: "the worker did not answer for 5s"
	crash  bool   // it was the worker's own fault
}

// maxApplications bounds how many applications are remembered for warming.
const maxApplications = 1000

// New returns a pool, started. With Config.StartNow its workers are being started too.
func New(c Config) *Pool { return newPool(c, &hosts{}) }

func newPool(c Config, s starter) *Pool {
	ctx, cancel := context.WithCancel(context.Background())
	p := &Pool{starter: s, ctx: ctx, cancel: cancel, cfg: c.withDefaults(), state: Started, asked: map[string]bool{}}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tellPool("")
	p.awake = p.cfg.StartNow
	p.reconcile()
	return p
}

// start runs f in a goroutine that Close waits for. The caller holds mu.
func (p *Pool) start(f func()) {
	if !p.closed {
		p.work.Go(f)
	}
}

// note wakes whoever waits for a change. The caller holds mu.
func (p *Pool) note() {
	if p.changed != nil {
		close(p.changed)
		p.changed = nil
	}
}

// until waits until done says so; it is asked under mu, after each change.
func (p *Pool) until(ctx context.Context, done func() bool) error {
	for {
		p.mu.Lock()
		if done() {
			p.mu.Unlock()
			return nil
		}
		if p.changed == nil {
			p.changed = make(chan struct{})
		}
		changed := p.changed
		p.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}
