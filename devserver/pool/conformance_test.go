package pool

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"huygens/pages"
)

// Both kinds of worker pass this.
func TestBothHostings(t *testing.T) {
	for _, hosting := range []Hosting{Process, InProcess} {
		t.Run(string(hosting), func(t *testing.T) {
			p := testPool(t, Config{Hosting: hosting})
			for _, c := range conformance {
				t.Run(c.name, func(t *testing.T) { c.test(t, p) })
			}
		})
	}
}

var conformance = []struct {
	name string
	test func(t *testing.T, p *Pool)
}{
	{"answer", testAnswer},
	{"timeline", testTimeline},
	{"bodies", testBodies},
	{"broken body", testBrokenBody},
	{"long answers", testLongAnswers},
	{"no answer", testNoAnswer},
	{"failure", testFailure},
	{"panic", testPanic},
	{"stream", testStream},
	{"slow client", testSlowClient},
	{"client gone in a stream", testClientGoneInStream},
	{"client gone", testClientGone},
	{"session", testSession},
	{"pause", testPause},
	{"progress", testProgress},
	{"deadline", testDeadline},
	{"own kinds", testOwnKinds},
	{"many at once", testManyAtOnce},
	{"observer", testObserver},
}

func testAnswer(t *testing.T, p *Pool) {
	r, err := get(t.Context(), p, "/hello")
	if err != nil {
		t.Fatal(err)
	}
	if r.Status != 200 || string(r.Body) != "hello ada" || r.Why != "because" || r.ScriptAt != -1 || r.Header[0].Value != "text/plain" {
		t.Errorf("result %+v", r)
	}
}

// inside checks that every span lies inside the one around it.
func inside(t *testing.T, spans []pages.Span, end time.Duration) {
	t.Helper()
	for i, s := range spans {
		if s.Took < 0 || s.Begin < 0 || s.Begin+s.Took > end {
			t.Errorf("span %d %s: %v + %v of %v", i, s.Name, s.Begin, s.Took, end)
		}
		if s.Parent < 0 {
			continue
		}
		if s.Parent >= int32(i) {
			t.Fatalf("span %d has parent %d", i, s.Parent)
		}
		around := spans[s.Parent]
		if s.Begin < around.Begin || s.Begin+s.Took > around.Begin+around.Took {
			t.Errorf("span %d %s (%v + %v) is not inside %s (%v + %v)", i, s.Name, s.Begin, s.Took, around.Name, around.Begin, around.Took)
		}
	}
}

func testTimeline(t *testing.T, p *Pool) {
	began := time.Now()
	r, err := get(t.Context(), p, "/hello")
	took := time.Since(began)
	if err != nil {
		t.Fatal(err)
	}
	inside(t, r.Spans, took)
	names := ""
	for _, s := range r.Spans {
		parent := "-"
		if s.Parent >= 0 {
			parent = r.Spans[s.Parent].Name
		}
		names += s.Name + "<" + parent + " "
	}
	expect := "Queue<- Hop<- Handler<Hop Load<Handler "
	if p.cfg.Hosting == InProcess {
		expect = "Queue<- Handler<- Load<Handler "
	}
	if names != expect {
		t.Errorf("spans %s, want %s", names, expect)
	}
	handler := r.Spans[len(r.Spans)-2]
	if len(r.Log) != 1 || r.Log[0].At < handler.Begin-time.Millisecond || r.Log[0].At > took {
		t.Errorf("log %+v, handler %+v", r.Log, handler)
	}
}

func testBodies(t *testing.T, p *Pool) {
	for _, n := range []int{0, 1, firstSize - 1, firstSize, firstSize + 1, 3*firstSize + 7, 20 << 20} {
		body := bytes.Repeat([]byte("body"), n/4+1)[:n]
		req := request("/echo")
		req.Method, req.Body = "POST", iotest.HalfReader(bytes.NewReader(body))
		r, err := p.Run(t.Context(), req, &testHost{})
		if err != nil {
			t.Fatal(err)
		}
		if expect := fmt.Sprintf("%d %x <nil>", n, sha256.Sum256(body)); string(r.Body) != expect {
			t.Errorf("%d bytes: %s", n, r.Body)
		}
	}
	want(t, p, "/echo", "no body")
}

func testBrokenBody(t *testing.T, p *Pool) {
	for _, cause := range []error{pages.ErrBodyTooLarge, io.ErrUnexpectedEOF} {
		req := request("/echo")
		req.Body = io.MultiReader(bytes.NewReader(make([]byte, 2*firstSize)), iotest.ErrReader(cause))
		r, err := p.Run(t.Context(), req, &testHost{})
		if err != nil || !strings.HasPrefix(string(r.Body), fmt.Sprint(2*firstSize)) || !strings.HasSuffix(string(r.Body), cause.Error()) {
			t.Errorf("%v: %v, %v", cause, r, err)
		}
	}
	req := request("/echo")
	req.Body = iotest.ErrReader(io.ErrUnexpectedEOF)
	_, err := p.Run(t.Context(), req, &testHost{})
	wantFailure(t, err, 499)
}

func testLongAnswers(t *testing.T, p *Pool) {
	for _, n := range []int{0, 1, 5 << 20, 17 << 20} {
		r, err := get(t.Context(), p, fmt.Sprint("/big?", n))
		if err != nil || len(r.Body) != n {
			t.Fatalf("%d bytes: %v", n, err)
		}
		if n > 16 && !bytes.Equal(r.Body, bytes.Repeat([]byte("0123456789abcdef"), n/16+1)[:n]) {
			t.Errorf("%d bytes came wrong", n)
		}
	}
}

func testNoAnswer(t *testing.T, p *Pool) {
	for _, path := range []string{"/none", "/status0", "/nosuch"} {
		_, err := get(t.Context(), p, path)
		wantFailure(t, err, 502)
	}
	want(t, p, "/hello", "hello ada")
}

func testFailure(t *testing.T, p *Pool) {
	_, err := get(t.Context(), p, "/fail")
	f := wantFailure(t, err, 503)
	if f.Reason != "Not now." || f.RetryAfter != 3*time.Second || f.Err == nil || f.Err.Error() != errWord.Error() {
		t.Errorf("failure %#v", f)
	}
	if len(f.Spans) == 0 || f.Spans[0].Name != pages.SpanQueue {
		t.Errorf("spans %+v", f.Spans)
	}
	if p.cfg.Hosting == Process && (len(f.Spans) != 2 || f.Spans[1].Error != "Not now.") {
		t.Errorf("spans %+v", f.Spans)
	}
}

func testPanic(t *testing.T, p *Pool) {
	_, err := get(t.Context(), p, "/panic")
	f := wantFailure(t, err, 502)
	if f.Err == nil || !strings.Contains(f.Err.Error(), "on purpose") || !strings.Contains(f.Err.Error(), "main_test.go") {
		t.Errorf("the cause does not have the stack: %v", f.Err)
	}
	want(t, p, "/hello", "hello ada")
}

func testStream(t *testing.T, p *Pool) {
	var got []byte
	h := &testHost{stream: func(_ context.Context, part []byte) error { got = append(got, part...); return nil }}
	r, err := p.Run(t.Context(), request("/stream"), h)
	if err != nil || !r.Streamed || string(got) != "part 0;part 1;part 2;" {
		t.Errorf("streamed %q, %+v, %v", got, r, err)
	}
}

// A slow client holds its page, for as long as it likes.
func testSlowClient(t *testing.T, p *Pool) {
	parts := make(chan []byte)
	h := &testHost{stream: func(_ context.Context, part []byte) error { parts <- part; return nil }}
	ended := make(chan error, 1)
	go func() {
		_, err := p.Run(t.Context(), request("/stream"), h)
		ended <- err
	}()
	for i := range 3 {
		want(t, p, "/hello", "hello ada") // others do not wait for it
		if part := <-parts; string(part) != fmt.Sprintf("part %d;", i) {
			t.Errorf("part %q", part)
		}
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// settled waits until no request is in a worker.
func settled(t *testing.T, p *Pool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for {
		busy := 0
		for _, w := range p.Status().Workers {
			busy += w.InFlight
		}
		if busy == 0 {
			return
		}
		select {
		case <-time.After(time.Millisecond):
		case <-ctx.Done():
			t.Fatalf("%d requests do not end", busy)
		}
	}
}

func testClientGoneInStream(t *testing.T, p *Pool) {
	h := &testHost{stream: func(context.Context, []byte) error { return io.ErrClosedPipe }}
	_, err := p.Run(t.Context(), request("/ticks?1ms"), h)
	wantFailure(t, err, 499)

	ctx, cancel := context.WithCancel(t.Context())
	h = &testHost{stream: func(ctx context.Context, _ []byte) error { // a client that does not read
		cancel()
		<-ctx.Done()
		return ctx.Err()
	}}
	_, err = p.Run(ctx, request("/ticks?1ms"), h)
	wantFailure(t, err, 499)
	settled(t, p)
}

// A request whose client went away ends, its worker's place is free again, and the connection is good for others.
func testClientGone(t *testing.T, p *Pool) {
	for range 3 {
		ctx, cancel := context.WithCancel(t.Context())
		h := &testHost{stream: func(context.Context, []byte) error { cancel(); return nil }}
		_, err := p.Run(ctx, request("/ticks?1h"), h)
		wantFailure(t, err, 499)
		want(t, p, "/hello", "hello ada")
	}
	settled(t, p)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := get(ctx, p, "/wait?1h")
	if err != nil {
		wantFailure(t, err, 499)
	}
	settled(t, p)
}

func testSession(t *testing.T, p *Pool) {
	want(t, p, "/session", "  not yet")
	h := &testHost{session: func(context.Context) (pages.Session, error) {
		return pages.Session{ID: "7", Values: map[string][]byte{"name": []byte(`"ada"`)}}, nil
	}}
	r, err := p.Run(t.Context(), request("/session"), h)
	if err != nil || string(r.Body) != `7 "ada" <nil>` {
		t.Errorf("%s, %v", r.Body, err)
	}
}

func testPause(t *testing.T, p *Pool) {
	want(t, p, "/pause", "  not yet")
	h := &testHost{pause: func(context.Context) (pages.Action, error) {
		return pages.Action{Verb: "continue", Data: []byte("{}")}, nil
	}}
	r, err := p.Run(t.Context(), request("/pause"), h)
	if err != nil || string(r.Body) != "continue {} <nil>" {
		t.Errorf("%s, %v", r.Body, err)
	}
}

func testProgress(t *testing.T, p *Pool) {
	h := &testHost{}
	if _, err := p.Run(t.Context(), request("/progress"), h); err != nil {
		t.Fatal(err)
	}
	n := len(h.spans)
	if n == 0 || h.spans[0].Name != pages.SpanQueue || h.spans[n-1].Name != pages.SpanLoad || h.spans[n-1].Took >= 0 || len(h.lines) != 1 {
		t.Errorf("progress %+v %+v", h.spans, h.lines)
	}
}

// The runner is told when its time is over.
func testDeadline(t *testing.T, p *Pool) {
	req := request("/wait?1h")
	req.Timeout = 20 * time.Millisecond
	r, err := p.Run(t.Context(), req, &testHost{})
	if err != nil || string(r.Body) != "stopped: "+pages.ErrTimeout.Error() {
		t.Errorf("%v, %v", r, err)
	}
}

func testOwnKinds(t *testing.T, p *Pool) {
	want(t, p, "/hello", "hello ada")
	for kind, expect := range map[pages.Kind]int{pages.Warm: 204, pages.Unload: 204, pages.Describe: 200, pages.SessionEnd: 200} {
		r, err := p.Run(t.Context(), &pages.Request{Kind: kind, Application: "/"}, nil)
		if err != nil || r.Status != expect {
			t.Errorf("kind %d: %+v, %v", kind, r, err)
		}
	}
	r, err := p.Run(t.Context(), &pages.Request{Kind: pages.Describe}, nil)
	if err != nil || !strings.HasSuffix(string(r.Body), "unloaded 1") {
		t.Errorf("described as %q, %v", r.Body, err)
	}
}

func testManyAtOnce(t *testing.T, p *Pool) {
	var wg sync.WaitGroup
	for i := range 64 {
		wg.Go(func() {
			for k := range 10 {
				req := request("/id")
				req.TraceID = fmt.Sprintf("%d.%d", i, k)
				r, err := p.Run(t.Context(), req, &testHost{})
				if err != nil || string(r.Body) != req.TraceID {
					t.Errorf("%s: %v, %v", req.TraceID, r, err)
				}
			}
		})
	}
	wg.Wait()
}

func testObserver(t *testing.T, p *Pool) {
	h := &testHost{}
	r, err := p.Run(t.Context(), request("/pid"), h)
	if err != nil || len(h.pids) != 1 {
		t.Fatalf("%v, told %v", err, h.pids)
	}
	if told := fmt.Sprint(h.pids[0]); p.cfg.Hosting == Process && told != string(r.Body) || p.cfg.Hosting == InProcess && told != "0" {
		t.Errorf("told %s, was %s", told, r.Body)
	}
}

// A pool that is closed while requests run in it ends them with 502, and refuses what comes later.
func TestCloseWhileBusy(t *testing.T) {
	for _, hosting := range []Hosting{Process, InProcess} {
		t.Run(string(hosting), func(t *testing.T) {
			p := testPool(t, Config{Hosting: hosting})
			begun := make(chan struct{})
			var once sync.Once
			h := &testHost{stream: func(context.Context, []byte) error { once.Do(func() { close(begun) }); return nil }}
			ended := make(chan error, 1)
			go func() {
				_, err := p.Run(context.Background(), request("/ticks?10ms"), h)
				ended <- err
			}()
			<-begun
			if err := p.Close(t.Context()); err != nil {
				t.Error(err)
			}
			wantFailure(t, <-ended, 502)
			_, err := get(t.Context(), p, "/hello")
			wantFailure(t, err, 503)
		})
	}
}
