package pool

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"huygens/devserver/feed"
	"huygens/pages"
)

// The test binary is the worker, as the app is.
func TestMain(m *testing.M) {
	os.Setenv("GORACE", "atexit_sleep_ms=0") // else every child sleeps a second at its end
	if len(os.Args) > 1 && os.Args[1] == ChildArgument {
		os.Exit(childMain())
	}
	os.Exit(m.Run())
}

func childMain() int {
	if len(os.Args) > 2 {
		return badChild(os.Args[2])
	}
	if err := Child(os.Stdin, os.Stdout, startTestRunner); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// testSettings is what a test tells its workers.
type testSettings struct {
	Fail  string // start fails with this
	Exit  int    // start ends the process with this
	Hang  bool   // start does not end
	Chill bool   // warming fails
}

func (s testSettings) json(t testing.TB) []byte {
	t.Helper()
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func startTestRunner(ctx context.Context, settings []byte) (pages.Runner, error) {
	var s testSettings
	if len(settings) > 0 {
		if err := json.Unmarshal(settings, &s); err != nil {
			return nil, err
		}
	}
	switch {
	case s.Fail != "":
		return nil, errors.New(s.Fail)
	case s.Exit != 0:
		os.Exit(s.Exit)
	case s.Hang:
		<-ctx.Done()
	}
	return &testRunner{settings: s}, nil
}

// testRunner answers by the path of the request.
type testRunner struct {
	settings testSettings
	began    atomic.Int64
	unloaded atomic.Int64
}

var errWord = errors.New("no such path in this test")

func (r *testRunner) Run(ctx context.Context, req *pages.Request, host pages.Host) (*pages.Result, error) {
	switch req.Kind {
	case pages.Client:
	case pages.Warm:
		if r.settings.Chill {
			return nil, &pages.Failure{Status: 503, Reason: "Cold.", Err: errors.New("too cold")}
		}
		return &pages.Result{Status: 204}, nil
	case pages.Unload:
		r.unloaded.Add(1)
		return &pages.Result{Status: 204}, nil
	default:
		return text(fmt.Sprint("kind ", req.Kind, " unloaded ", r.unloaded.Load())), nil
	}
	r.began.Add(1)
	name, _, _ := strings.Cut(strings.TrimPrefix(req.Path, "/"), "/")
	if f := runs[name]; f != nil {
		return f(ctx, req, host)
	}
	return nil, errWord
}

func text(s string) *pages.Result {
	return &pages.Result{Status: 200, Header: []pages.Field{{Name: "Content-Type", Value: "text/plain"}}, Body: []byte(s), ScriptAt: -1}
}

var runs = map[string]func(ctx context.Context, req *pages.Request, host pages.Host) (*pages.Result, error){
	"hello": runHello,
	"id": func(_ context.Context, req *pages.Request, _ pages.Host) (*pages.Result, error) {
		return text(req.TraceID), nil
	},
	"pid": func(context.Context, *pages.Request, pages.Host) (*pages.Result, error) {
		return text(strconv.Itoa(os.Getpid())), nil
	},
	"echo":    runEcho,
	"none":    func(context.Context, *pages.Request, pages.Host) (*pages.Result, error) { return nil, nil },
	"status0": func(context.Context, *pages.Request, pages.Host) (*pages.Result, error) { return &pages.Result{}, nil },
	"fail": func(context.Context, *pages.Request, pages.Host) (*pages.Result, error) {
		return nil, &pages.Failure{Status: 503, Reason: "Not now.", RetryAfter: 3 * time.Second, Err: errWord}
	},
	"panic":  func(context.Context, *pages.Request, pages.Host) (*pages.Result, error) { panic("on purpose") },
	"exit":   func(context.Context, *pages.Request, pages.Host) (*pages.Result, error) { os.Exit(3); return nil, nil },
	"stream": runStream,
	"ticks":  runTicks,
	"session": func(ctx context.Context, _ *pages.Request, host pages.Host) (*pages.Result, error) {
		s, err := host.Session(ctx, pages.SessionOn)
		return text(fmt.Sprintf("%s %s %v", s.ID, s.Values["name"], err)), nil
	},
	"pause": func(ctx context.Context, _ *pages.Request, host pages.Host) (*pages.Result, error) {
		a, err := host.Pause(ctx, pages.Stage{Name: "PreRender"}, pages.Snapshot{Data: []byte("{}")})
		return text(fmt.Sprintf("%s %s %v", a.Verb, a.Data, err)), nil
	},
	"progress": func(ctx context.Context, _ *pages.Request, host pages.Host) (*pages.Result, error) {
		host.Progress(ctx, []pages.Span{{Name: pages.SpanLoad, Parent: -1, Begin: 1, Took: -1}}, []pages.Line{{Text: "here"}})
		return text("told"), nil
	},
	"big": func(_ context.Context, req *pages.Request, _ pages.Host) (*pages.Result, error) {
		n, err := strconv.Atoi(req.Query)
		return &pages.Result{Status: 200, Body: bytes.Repeat([]byte("0123456789abcdef"), n/16+1)[:n]}, err
	},
	"page": runPage,
	"constant": func(context.Context, *pages.Request, pages.Host) (*pages.Result, error) {
		return &pages.Result{Status: 200, Body: constant}, nil
	},
	"wait":   runWait,
	"loop":   runLoop,
	"memory": runMemory,
	"print":  runPrint,
	"environ": func(context.Context, *pages.Request, pages.Host) (*pages.Result, error) {
		return text(strings.Join(os.Environ(), "\n")), nil
	},
}

func runHello(_ context.Context, req *pages.Request, _ pages.Host) (*pages.Result, error) {
	rec := pages.NewRecorder(time.Now())
	rec.Begin(pages.SpanHandler, req.Path)
	rec.Step(pages.SpanLoad, "", func() error { return nil })
	rec.Log("info", "said hello", "console")
	r := text("hello " + req.Get("X-Name"))
	r.Spans, r.Log = rec.Finish()
	r.Why = "because"
	return r, nil
}

func runEcho(_ context.Context, req *pages.Request, _ pages.Host) (*pages.Result, error) {
	if req.Body == nil {
		return text("no body"), nil
	}
	sum := sha256.New()
	n, err := io.Copy(sum, req.Body)
	return text(fmt.Sprintf("%d %x %v", n, sum.Sum(nil), err)), nil
}

func runStream(ctx context.Context, req *pages.Request, host pages.Host) (*pages.Result, error) {
	for i := range 3 {
		if err := host.Stream(ctx, 200, []pages.Field{{Name: "X-Streamed", Value: "yes"}}, fmt.Appendf(nil, "part %d;", i)); err != nil {
			return nil, &pages.Failure{Status: 499, Reason: "It went away.", Err: err}
		}
	}
	if req.Query == "exit" {
		os.Exit(3)
	}
	return &pages.Result{Streamed: true, ScriptAt: -1}, nil
}

// runTicks streams until its context ends, and says why in the end.
func runTicks(ctx context.Context, req *pages.Request, host pages.Host) (*pages.Result, error) {
	every, err := time.ParseDuration(req.Query)
	if err != nil {
		return nil, err
	}
	for {
		if err := host.Stream(ctx, 200, nil, []byte("tick")); err != nil {
			return nil, &pages.Failure{Status: 499, Reason: "It went away.", Err: err}
		}
		select {
		case <-time.After(every):
		case <-ctx.Done():
			return nil, &pages.Failure{Status: 499, Reason: "It went away.", Err: context.Cause(ctx)}
		}
	}
}

var constant = bytes.Repeat([]byte("0123456789"), 270)

// runPage answers with as many spans as a page has.
func runPage(context.Context, *pages.Request, pages.Host) (*pages.Result, error) {
	rec := pages.NewRecorder(time.Now())
	for _, name := range pages.PipelineEvents {
		rec.Instant(name)
	}
	rec.Begin(pages.SpanHandler, "Page")
	for range 18 {
		rec.Instant(pages.SpanRender)
	}
	r := &pages.Result{Status: 200, Body: constant, Why: "reused, 7 inputs unchanged"}
	r.Spans, r.Log = rec.Finish()
	return r, nil
}

// runWait waits as long as the query says; it heeds its context.
func runWait(ctx context.Context, req *pages.Request, _ pages.Host) (*pages.Result, error) {
	d, err := time.ParseDuration(req.Query)
	if err != nil {
		return nil, err
	}
	select {
	case <-time.After(d):
		return text("waited " + req.TraceID), nil
	case <-ctx.Done():
		return text("stopped: " + context.Cause(ctx).Error()), nil
	}
}

// runLoop heeds nothing.
func runLoop(context.Context, *pages.Request, pages.Host) (*pages.Result, error) {
	for n := uint64(0); ; n++ {
		if n == 1<<63 {
			return nil, nil
		}
	}
}

func runMemory(context.Context, *pages.Request, pages.Host) (*pages.Result, error) {
	var kept [][]byte
	for {
		piece := make([]byte, 16<<20)
		for i := 0; i < len(piece); i += 4096 {
			piece[i] = 1
		}
		kept = append(kept, piece)
		runtime.KeepAlive(kept)
	}
}

func runPrint(_ context.Context, req *pages.Request, _ pages.Host) (*pages.Result, error) {
	n, err := strconv.Atoi(req.Query)
	for i := range n {
		fmt.Println("line", i)
	}
	fmt.Fprintln(os.Stderr, "last line")
	return text("printed"), err
}

// testHost is the front of one request.
type testHost struct {
	session func(ctx context.Context) (pages.Session, error)
	stream  func(ctx context.Context, part []byte) error
	pause   func(ctx context.Context) (pages.Action, error)

	spans []pages.Span
	lines []pages.Line
	pids  []int
}

var errNotYet = errors.New("not yet")

func (h *testHost) Session(ctx context.Context, _ pages.SessionMode) (pages.Session, error) {
	if h.session == nil {
		return pages.Session{}, errNotYet
	}
	return h.session(ctx)
}

func (h *testHost) Stream(ctx context.Context, _ int, _ []pages.Field, part []byte) error {
	if h.stream == nil {
		return errNotYet
	}
	return h.stream(ctx, part)
}

func (h *testHost) Pause(ctx context.Context, _ pages.Stage, _ pages.Snapshot) (pages.Action, error) {
	if h.pause == nil {
		return pages.Action{}, errNotYet
	}
	return h.pause(ctx)
}

func (h *testHost) Progress(_ context.Context, spans []pages.Span, lines []pages.Line) {
	h.spans, h.lines = spans, lines
}

func (h *testHost) Begun(_ string, pid int) { h.pids = append(h.pids, pid) }

// testPool makes a pool that is closed at the end of the test. Its workers are processes unless c says so.
func testPool(t testing.TB, c Config) *Pool {
	t.Helper()
	if c.Program.Executable == "" {
		self, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		c.Program = Program{Executable: self, Args: append([]string{ChildArgument}, c.Program.Args...)}
	}
	if c.Start == nil {
		c.Start = startTestRunner
	}
	if c.Events == nil {
		c.Events = &feed.Log[Event]{}
	}
	p := New(c)
	t.Cleanup(func() {
		if err := p.Close(context.Background()); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			for _, e := range c.Events.Since(0).Values {
				t.Logf("%s worker=%t %d %s: %s crash=%t", e.When.Format("05.000"), e.Worker, e.PID, e.State, e.Cause, e.Crash)
			}
		}
	})
	return p
}

// get asks the pool for a path and query.
func get(ctx context.Context, p *Pool, target string) (*pages.Result, error) {
	return p.Run(ctx, request(target), &testHost{})
}

func request(target string) *pages.Request {
	path, query, _ := strings.Cut(target, "?")
	return &pages.Request{
		TraceID: "0123456789abcdef0123456789abcdef", Application: "/", Method: "GET", Target: target, Path: path, Query: query,
		Header: []pages.Field{{Name: "X-Name", Value: "ada"}},
	}
}

// want asks and checks the body.
func want(t testing.TB, p *Pool, target, body string) {
	t.Helper()
	r, err := get(t.Context(), p, target)
	if err != nil {
		t.Fatalf("%s: %v", target, err)
	}
	if string(r.Body) != body {
		t.Errorf("%s: body %q, want %q", target, r.Body, body)
	}
}

// wantFailure checks the status of a failure.
func wantFailure(t testing.TB, err error, status int) *pages.Failure {
	t.Helper()
	var f *pages.Failure
	if !errors.As(err, &f) {
		t.Fatalf("error %v, want a failure with %d", err, status)
	}
	if f.Status != status {
		t.Fatalf("failure %v, want %d", f, status)
	}
	if f.Reason == "" || !strings.HasSuffix(f.Reason, ".") {
		t.Errorf("reason %q is no sentence", f.Reason)
	}
	return f
}

// untilEvent waits for an event.
func untilEvent(t testing.TB, p *Pool, what string, is func(Event) bool) Event {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	var last uint64
	for {
		batch, err := p.cfg.Events.Next(ctx, last)
		if err != nil {
			t.Fatalf("waiting for %s: %v", what, err)
		}
		for _, e := range batch.Values {
			if is(e) {
				return e
			}
		}
		last = batch.Last
	}
}

func untilWorker(t testing.TB, p *Pool, state WorkerState, more func(Event) bool) Event {
	t.Helper()
	return untilEvent(t, p, "worker "+string(state), func(e Event) bool {
		return e.Worker && e.State == string(state) && (more == nil || more(e))
	})
}

// onlyPID is the pool's one worker.
func onlyPID(t testing.TB, p *Pool) int {
	t.Helper()
	s := p.Status()
	if len(s.Workers) != 1 {
		t.Fatalf("workers %+v, want one", s.Workers)
	}
	return s.Workers[0].PID
}
