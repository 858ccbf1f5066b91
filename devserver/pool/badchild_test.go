package pool

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"huygens/devserver/wire"
	"huygens/pages"
)

// badChild is a worker that misbehaves in the way that how says.
func badChild(how string) int {
	switch how {
	case "front":
		return frontMain()
	case "silent":
		select {}
	case "quiet": // ends without a word
		return 0
	case "chatty":
		fmt.Println("hello, world")
		select {}
	case "other build":
		fmt.Println(readyWord, "protocol-0")
		select {}
	case "deaf":
		fmt.Println(readyLine())
		select {}
	}
	m, err := wire.NewReader(os.Stdin, 0).Receive()
	s, ok := m.(*wire.Start)
	if err != nil || !ok {
		return 1
	}
	l, err := net.Listen("unix", s.Socket)
	if err != nil {
		return 1
	}
	fmt.Println(readyLine())
	for {
		c, err := l.Accept()
		if err != nil {
			return 1
		}
		go badConnection(how, newLink(c))
	}
}

func badConnection(how string, l *link) {
	m, err := l.Receive()
	if err != nil {
		return
	}
	if m.(*wire.Open).Control {
		l.Send(&wire.Hello{Build: buildID(), PID: os.Getpid()})
		if how == "bad control" {
			l.Send(&wire.Ping{})
		}
		for err == nil {
			_, err = l.Receive()
		}
		return
	}
	m, err = l.Receive()
	r, ok := m.(*wire.Request)
	if err != nil || !ok {
		return
	}
	answer := badAnswer(how, r.ID)
	if answer == nil {
		l.Write([]byte("HTTP/1.1 200 OK\r\n\r\nhello"))
	} else if how != "hang up" {
		l.Send(answer)
	}
	if how == "hang up" {
		l.Close()
	}
	select {}
}

func badAnswer(how string, id uint64) wire.Message {
	switch how {
	case "other request":
		return &wire.Result{ID: id + 1, Result: text("")}
	case "missing part":
		return &wire.Result{ID: id, Parts: 1, Result: text("")}
	case "not an answer":
		return &wire.Hello{}
	case "asks for nothing":
		return &wire.BodyRead{Max: -1}
	case "hang up":
		return &wire.Bye{}
	}
	return nil
}

// A worker that speaks nonsense is killed; its request fails, the next one is served by the next worker.
func TestNonsense(t *testing.T) {
	for _, how := range []string{"garbage", "other request", "missing part", "not an answer", "asks for nothing", "hang up"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			p := testPool(t, Config{Program: Program{Args: []string{how}}})
			_, err := get(t.Context(), p, "/x")
			wantFailure(t, err, 502)
			e := untilWorker(t, p, Dead, nil)
			if !e.Crash || !strings.Contains(e.Cause, "the worker ") {
				t.Errorf("event %+v", e)
			}
			p.Reset()
			_, err = get(t.Context(), p, "/x")
			wantFailure(t, err, 502)
		})
	}
}

func TestNonsenseOnTheControlConnection(t *testing.T) {
	p := testPool(t, Config{Program: Program{Args: []string{"bad control"}}, StartNow: true})
	if e := untilWorker(t, p, Dead, nil); !e.Crash || !strings.Contains(e.Cause, "control") {
		t.Errorf("event %+v", e)
	}
}

// A worker that does not start: the pool says why, with the worker's own words where there are any.
func TestBadStarts(t *testing.T) {
	for name, c := range map[string]struct {
		program  []string
		settings testSettings
		says     string
	}{
		"says why":     {settings: testSettings{Fail: "global.ts:3: no"}, says: "global.ts:3: no"},
		"exits":        {settings: testSettings{Exit: 7}, says: "exit status 7"},
		"too slow":     {settings: testSettings{Hang: true}, says: "not ready"},
		"silent":       {program: []string{"silent"}, says: "not ready"},
		"quiet":        {program: []string{"quiet"}, says: "ended by itself"},
		"chatty":       {program: []string{"chatty"}, says: "hello, world"},
		"other build":  {program: []string{"other build"}, says: "another build"},
		"does nothing": {program: []string{"deaf"}, says: "connect"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := Config{Program: Program{Args: c.program}, Settings: c.settings.json(t), RapidFail: RapidFail{Crashes: 1}}
			if strings.Contains(c.says, "not ready") {
				cfg.StartTimeout = 300 * time.Millisecond
			}
			p := testPool(t, cfg)
			_, err := get(t.Context(), p, "/hello")
			if f := wantFailure(t, err, 503); !strings.Contains(f.Reason, c.says) {
				t.Errorf("reason %q does not say %q", f.Reason, c.says)
			}
			if s := p.Status(); s.State != Failed || len(s.Workers) > 0 {
				t.Errorf("status %+v", s)
			}
		})
	}
}

func TestNoProgram(t *testing.T) {
	p := testPool(t, Config{Program: Program{Executable: "/no/such/program"}, RapidFail: RapidFail{Crashes: 1}})
	_, err := get(t.Context(), p, "/hello")
	if f := wantFailure(t, err, 503); !strings.Contains(f.Reason, "/no/such/program") {
		t.Errorf("reason %q", f.Reason)
	}
}

func TestWarmingThatFailsKeepsTheOldWorker(t *testing.T) {
	p := testPool(t, Config{})
	want(t, p, "/hello", "hello ada")
	pid := onlyPID(t, p)
	err := p.Reconfigure(t.Context(), withSettings(p, testSettings{Chill: true}.json(t)))
	if err == nil || !strings.Contains(err.Error(), "too cold") {
		t.Errorf("recycled: %v", err)
	}
	want(t, p, "/pid", fmt.Sprint(pid))
	if err := p.Reconfigure(t.Context(), withSettings(p, nil)); err != nil {
		t.Error(err)
	}
	r, err := get(t.Context(), p, "/pid")
	if err != nil || string(r.Body) == fmt.Sprint(pid) {
		t.Errorf("still the old worker: %v", err)
	}
}

func withSettings(p *Pool, settings []byte) Config {
	p.mu.Lock()
	defer p.mu.Unlock()
	c := p.cfg
	c.Settings = settings
	return c
}

var loopRequest = &wire.Request{ID: 1, Request: &pages.Request{Path: "/loop"}}

// frontMain is an app with one busy worker, for TestFrontKilled.
func frontMain() int {
	self, err := os.Executable()
	if err != nil {
		return 1
	}
	p := New(Config{Program: Program{Executable: self, Args: []string{ChildArgument}}})
	r, err := p.Run(context.Background(), request("/pid"), &testHost{})
	if err != nil {
		return 1
	}
	go p.Run(context.Background(), request("/loop"), &testHost{})
	fmt.Println(string(r.Body))
	select {}
}

// Whoever does not know the secret gets nothing from a worker, and harms nobody.
func TestStrangers(t *testing.T) {
	h := &hosts{}
	p := testPool(t, Config{})
	p.mu.Lock()
	cfg := p.cfg
	p.mu.Unlock()
	w, err := h.launch(t.Context(), cfg, func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	defer h.close()
	defer w.end(t.Context())
	for name, first := range map[string][]byte{
		"wrong secret": frame(t, &wire.Open{Control: true}),
		"no secret":    frame(t, &wire.Request{Request: &pages.Request{Path: "/hello"}}),
		"long frame":   frame(t, &wire.Part{Data: make([]byte, 1<<20)}),
		"HTTP":         []byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
	} {
		c, err := net.Dial("unix", w.socket)
		if err != nil {
			t.Fatal(err)
		}
		c.Write(first)
		if n, err := c.Read(make([]byte, 1)); n > 0 || err == nil {
			t.Errorf("%s: got an answer", name)
		}
		c.Close()
	}
	second, err := w.dial(t.Context(), true)
	if err != nil {
		t.Fatal(err)
	}
	if m, err := second.Receive(); err == nil {
		t.Errorf("a second control connection got %T", m)
	}
	if _, err := w.own(t.Context(), &pages.Request{Kind: pages.Describe}); err != nil {
		t.Errorf("the worker is gone: %v", err)
	}
}

type byteWriter struct{ b []byte }

func (w *byteWriter) Write(p []byte) (int, error) { w.b = append(w.b, p...); return len(p), nil }

func frame(t *testing.T, m wire.Message) []byte {
	t.Helper()
	var w byteWriter
	if err := wire.NewWriter(&w).Send(m); err != nil {
		t.Fatal(err)
	}
	return w.b
}

// FuzzWorkerAnswers: whatever a worker sends, its request ends with an answer or an error.
func FuzzWorkerAnswers(f *testing.F) {
	frames := func(all ...wire.Message) []byte {
		var w byteWriter
		for _, m := range all {
			if err := wire.NewWriter(&w).Send(m); err != nil {
				f.Fatal(err)
			}
		}
		return w.b
	}
	f.Add(frames(&wire.Result{ID: 1, Result: text("hello")}))
	f.Add(frames(&wire.Part{Data: []byte("a")}, &wire.Result{ID: 1, Parts: 1, Result: text("hello")}))
	f.Add(frames(&wire.StreamCall{Status: 200, Part: []byte("x")}, &wire.SessionCall{}, &wire.PauseCall{}, &wire.BodyRead{Max: 5}))
	f.Add(frames(&wire.Progress{Spans: []pages.Span{{Name: "Load", Parent: -1, Begin: -5, Took: 1 << 60}}}, &wire.Failure{ID: 1, Failure: &pages.Failure{Err: errors.New("x")}}))
	f.Add(frames(&wire.Result{ID: 1, Began: time.Unix(0, -1<<62), Result: &pages.Result{Status: 200, Spans: []pages.Span{{Parent: -1, Begin: 1 << 62, Took: 1 << 62}}, Log: []pages.Line{{At: -1 << 62}}}}))
	f.Fuzz(func(t *testing.T, data []byte) {
		front, worker := net.Pipe()
		var wg sync.WaitGroup
		wg.Go(func() { worker.Write(data); worker.Close() })
		wg.Go(func() { discard(worker) })
		host := &testHost{stream: func(context.Context, []byte) error { return nil }}
		x := &exchange{call: newCall(nil, request("/x"), host), link: newLink(front), id: 1, since: time.Now()}
		line := &x.line
		line.hop("worker 1")
		a, err := x.wait(t.Context())
		front.Close()
		wg.Wait()
		if err == nil && a.result != nil && line.finish(a.result, a) == nil {
			inside(t, a.result.Spans, line.now())
		}
	})
}

func discard(c net.Conn) {
	buf := make([]byte, 1<<10)
	for {
		if _, err := c.Read(buf); err != nil {
			return
		}
	}
}
