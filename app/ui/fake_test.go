//go:build cgo || !darwin

package ui

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"huygens/devserver/feed"
	"huygens/devserver/trace"
	"huygens/pages"
)

// fakeServer is a Server that a test steers.
type fakeServer struct {
	traces  feed.Log[*trace.Trace]
	changes feed.Log[int]

	mu     sync.Mutex // guards all fields below
	sites  []Site
	status Status
	calls  []string
	told   chan struct{}                   // gets a value after each call, if it has room
	fail   error                           // what commands answer
	hold   func(ctx context.Context) error // what commands wait for; nil: nothing
	broken error                           // what Changed answers
}

func (f *fakeServer) Sites() []Site {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]Site(nil), f.sites...)
}

func (f *fakeServer) Status() Status {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.status
}

func (f *fakeServer) Changed(ctx context.Context, n uint64) (uint64, error) {
	f.mu.Lock()
	err := f.broken
	f.mu.Unlock()
	if err != nil {
		return 0, err
	}
	b, err := f.changes.Next(ctx, n)
	return b.Last, err
}

func (f *fakeServer) Traces() trace.Source { return &f.traces }

func (f *fakeServer) call(ctx context.Context, name string) error {
	f.mu.Lock()
	f.calls = append(f.calls, name)
	hold, err := f.hold, f.fail
	f.mu.Unlock()
	f.tell()
	if hold != nil {
		return hold(ctx)
	}
	return err
}

func (f *fakeServer) tell() {
	select {
	case f.told <- struct{}{}:
	default:
	}
}

func (f *fakeServer) AddSite(ctx context.Context, folder string) error {
	return f.call(ctx, "add "+folder)
}

func (f *fakeServer) StartSite(ctx context.Context, id string) error { return f.call(ctx, "start "+id) }

func (f *fakeServer) StopSite(ctx context.Context, id string) error { return f.call(ctx, "stop "+id) }

func (f *fakeServer) RemoveSite(ctx context.Context, id string) error {
	return f.call(ctx, "remove "+id)
}
func (f *fakeServer) ClearTraces(ctx context.Context) error { return f.call(ctx, "clear") }
func (f *fakeServer) SetRecording(ctx context.Context, on bool) error {
	return f.call(ctx, fmt.Sprintf("record %v", on))
}

func (f *fakeServer) called() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.calls...)
}

// change tells the window about other sites or another status.
func (f *fakeServer) change(to func(*fakeServer)) {
	f.mu.Lock()
	to(f)
	f.mu.Unlock()
	f.changes.Append(1)
}

var errFake = errors.New("port 8080 is taken; choose another one")

// A harness is a window in Fyne's test driver. The goroutine of the test is that of the window.
type harness struct {
	*Window
	t      *testing.T
	server *fakeServer
	queue  chan func()
	saved  []byte
	opened []string
	mu     sync.Mutex // guards opened: addresses are opened by the pump's goroutines
}

func shop() Site {
	return Site{ID: "1", Name: "shop", Folder: "/home/ada/shop", URL: "http://127.0.0.1:8080/", State: Serving}
}

func newHarness(t *testing.T, s *fakeServer, change func(*Options)) *harness {
	t.Helper()
	h := &harness{t: t, server: s, queue: make(chan func(), 1000)}
	s.told = make(chan struct{}, 1)
	o := Options{
		Home:  "/home/ada",
		Every: time.Millisecond,
		Do:    func(f func()) { h.queue <- f },
		Save:  func(b []byte) error { h.saved = b; return nil },
		OpenURL: func(a string) error {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.opened = append(h.opened, a)
			s.tell()
			return nil
		},
	}
	if change != nil {
		change(&o)
	}
	a := test.NewTempApp(t)
	h.Window = NewWindow(a, s, o)
	h.Show()
	h.window.Resize(fyne.NewSize(1280, 800))
	t.Cleanup(func() {
		h.Close()
		h.window.Close()
	})
	return h
}

// until runs what the pump brings, as the event loop would, until the condition holds.
func (h *harness) until(what string, holds func() bool) {
	h.t.Helper()
	late := time.After(20 * time.Second)
	for !holds() {
		select {
		case f := <-h.queue:
			f()
		case <-h.server.told:
		case <-late:
			h.t.Fatalf("never: %s; the server was told %q", what, h.server.called())
		}
	}
}

// publish appends traces and waits until the list has the last of them.
func (h *harness) publish(list ...*trace.Trace) {
	h.t.Helper()
	for _, t := range list {
		h.server.traces.Append(t)
	}
	last := list[len(list)-1]
	h.until("the last trace is listed", func() bool {
		r := h.traces.list.get(last.Number)
		return r != nil && r.trace == last
	})
}

func (h *harness) wasOpened() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]string(nil), h.opened...)
}

var began = time.Date(2026, 5, 9, 14, 0, 0, 0, time.UTC)

// page is a plausible trace.
func page(n uint64) *trace.Trace {
	ms := time.Millisecond
	t := &trace.Trace{
		ID: fmt.Sprintf("%032x", n), Number: n, Phase: trace.Done, Site: "shop", Application: "/", Method: "GET",
		URL: fmt.Sprintf("/products/%d", n), Status: 200, Why: "reused, 7 inputs unchanged", Handler: pages.HandlerPage,
		Began: began.Add(time.Duration(n) * time.Second), Took: time.Duration(10+n%7) * ms, Bytes: 4211,
	}
	t.Spans = []pages.Span{
		{Name: pages.SpanGate, Parent: -1, Took: 20 * time.Microsecond},
		{Name: pages.SpanResolve, Parent: -1, Begin: 20 * time.Microsecond, Took: 30 * time.Microsecond},
		{Name: pages.SpanHop, Parent: -1, Begin: ms, Took: 9 * ms},
		{Name: pages.SpanInit, Parent: 2, Begin: ms, Took: ms / 2},
		{Name: pages.SpanLoad, Parent: 2, Begin: 2 * ms, Took: 4 * ms},
		{Name: pages.SpanQuery, Detail: "select * from cart", Parent: 4, Begin: 2 * ms, Took: 2 * ms},
		{Name: pages.SpanRender, Parent: 2, Begin: 6 * ms, Took: 3 * ms},
	}
	return t
}

func pagesFrom(from, to uint64) []*trace.Trace {
	var list []*trace.Trace
	for n := from; n <= to; n++ {
		list = append(list, page(n))
	}
	return list
}
