package pool

import "time"

// State is how a pool is (api.md, 6).
type State string

// The states of a pool.
const (
	Started State = "started"
	Stopped State = "stopped"
	Failed  State = "failed"
)

// WorkerState is how a worker is (api.md, 6).
type WorkerState string

// The states of a worker, in their order.
const (
	Starting WorkerState = "starting"
	IsWarm   WorkerState = "warm"
	Serving  WorkerState = "serving"
	Draining WorkerState = "draining"
	Dead     WorkerState = "dead"
)

// An Event is a change of a pool's or a worker's state, or a notice about it.
type Event struct {
	When   time.Time
	Pool   string
	Worker bool   // State is a worker's, not the pool's
	PID    int    // of the worker process; 0 if there is none
	State  string // a WorkerState or a State
	Cause  string // why, as one phrase; may be ""
	Crash  bool   // a death that counts for rapid fail
}

// A Line is one line that a worker process printed.
type Line struct {
	When   time.Time
	Pool   string
	PID    int
	Stderr bool
	Text   string // without its end; at most 8 kB
}

// Status is how a pool is now. Its JSON form is api.md, 6.
type Status struct {
	Name     string         `json:"name"`
	State    State          `json:"state"`
	Hosting  Hosting        `json:"hosting"`
	Pipeline string         `json:"pipeline"`
	Queue    int            `json:"queue"` // requests that wait
	Workers  []WorkerStatus `json:"workers"`
}

// WorkerStatus is how one worker is now.
type WorkerStatus struct {
	PID      int         `json:"pid"` // 0: in this process, or not started yet
	State    WorkerState `json:"state"`
	AgeMS    int64       `json:"ageMs"`
	Requests int         `json:"requests"` // begun so far
	Memory   int64       `json:"memory"`   // resident bytes; 0: unknown
	InFlight int         `json:"inFlight"`
}

// Status tells how the pool is.
func (p *Pool) Status() Status {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := Status{
		Name: p.cfg.Name, State: p.state, Hosting: p.cfg.Hosting, Pipeline: p.cfg.Pipeline,
		Queue: p.waiting.Len(), Workers: []WorkerStatus{},
	}
	for _, m := range p.members {
		w := WorkerStatus{
			PID: m.pid, State: m.state, AgeMS: time.Since(m.began).Milliseconds(),
			Requests: m.requests, InFlight: m.inFlight,
		}
		if m.pid != 0 {
			w.Memory = residentBytes(m.pid)
		}
		s.Workers = append(s.Workers, w)
	}
	return s
}

// LastError says why the last crash happened, "" if there was none since the last Reset.
func (p *Pool) LastError() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lastError
}

func (p *Pool) tellWorker(m *member, cause string) {
	p.tell(Event{Worker: true, PID: m.pid, State: string(m.state), Cause: cause})
}

func (p *Pool) tellPool(cause string) { p.tell(Event{State: string(p.state), Cause: cause}) }

func (p *Pool) tell(e Event) {
	if p.cfg.Events == nil {
		return
	}
	e.When, e.Pool = time.Now(), p.cfg.Name
	p.cfg.Events.Append(e)
}
