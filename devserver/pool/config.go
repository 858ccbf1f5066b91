package pool

import (
	"context"
	"time"

	"huygens/devserver/feed"
	"huygens/pages"
)

// Hosting says where a pool's workers live.
type Hosting string

// The kinds of hosting. The empty Hosting is Process.
const (
	Process   Hosting = "process"
	InProcess Hosting = "in-process"
)

// A Program is what is started as a worker process. It must call Child when it sees Args.
type Program struct {
	Executable string
	Args       []string
}

// StartFunc makes the runner of a worker from its settings. If the runner has a method Close() or Close() error
// it is called when the worker ends.
type StartFunc func(ctx context.Context, settings []byte) (pages.Runner, error)

// Config is what a pool is made from: [pool] of huygens.toml with the defaults filled in, and where to find
// things. A zero value is the default of api.md, 4, but where that says that 0 means off, it means off here too.
type Config struct {
	Name     string    // "" means "Default"
	Hosting  Hosting   // "" means Process
	Pipeline string    // "" means "integrated"; only told in Status
	Program  Program   // for Process
	Start    StartFunc // for InProcess
	Settings []byte    // for StartFunc, JSON

	Workers      int           // 0 means 1
	Concurrency  int           // requests in one worker; 0 means 64
	Queue        int           // requests that wait; 0 means 1000
	StartNow     bool          // start workers before the first request
	StartTimeout time.Duration // 0 means 10 s
	Repeat       bool          // begin GET and HEAD once more when their worker died
	Idle         time.Duration // end the workers when no request came for so long; 0: never
	Drain        time.Duration // how long a worker may finish its requests; 0 means 90 s

	Recycle   Recycle
	Health    Health
	RapidFail RapidFail
	Env       []string // names of environment variables that workers see, besides the usual ones

	Events *feed.Log[Event] // what happens to pool and workers; nil: not told
	Output *feed.Log[Line]  // what worker processes print; nil: dropped
}

// Recycle says when a worker is replaced by a fresh one.
type Recycle struct {
	After    time.Duration // age; 0: never
	Requests int           // 0: never
	Memory   int64         // bytes; the hard limit of a process is twice as much. 0: 1 GB is the hard limit
}

// Health says how a worker process is asked whether it lives.
type Health struct {
	Ping   time.Duration // how often; 0: never
	Answer time.Duration // how long an answer may take; 0 means 5 s
}

// RapidFail says when a pool gives up.
type RapidFail struct {
	Crashes int           // 0: never
	Within  time.Duration // 0 means 5 min
}

const (
	softSlack = 50 * time.Millisecond // the worker's own timer runs a little late
	killAfter = 2 * time.Second       // after the deadline
)

func (c Config) withDefaults() Config {
	orText(&c.Name, "Default")
	orText((*string)(&c.Hosting), string(Process))
	orText(&c.Pipeline, "integrated")
	orNumber(&c.Workers, 1)
	orNumber(&c.Concurrency, 64)
	orNumber(&c.Queue, 1000)
	orNumber(&c.StartTimeout, 10*time.Second)
	orNumber(&c.Drain, 90*time.Second)
	orNumber(&c.Health.Answer, 5*time.Second)
	orNumber(&c.RapidFail.Within, 5*time.Minute)
	return c
}

func orText(s *string, value string) {
	if *s == "" {
		*s = value
	}
}

func orNumber[T int | time.Duration](n *T, value T) {
	if *n <= 0 {
		*n = value
	}
}
