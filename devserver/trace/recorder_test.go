package trace

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"huygens/pages"
)

func TestRecorder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := NewLog(Options{})
		r := l.Start(Start{Site: "shop", Method: "GET", URL: "/cart"})
		r.Begin(pages.SpanGate, "")
		<-time.After(time.Millisecond) // fake time, here and below
		r.End(nil)
		_ = r.Step(pages.SpanResolve, "cart.gohtml", func() error { return errors.New("x\x1b") })
		r.Asked()
		<-time.After(20 * time.Millisecond)
		r.Answered([]pages.Span{
			{Name: pages.SpanQueue, Parent: -1, Took: 5 * time.Millisecond},
			{Name: pages.SpanHop, Parent: -1, Begin: 5 * time.Millisecond, Took: 15 * time.Millisecond},
			{Name: pages.SpanPreInit, Parent: 1, Begin: 6 * time.Millisecond, Took: time.Millisecond},
			{Name: pages.SpanLoad, Parent: 1, Begin: 7 * time.Millisecond, Took: 8 * time.Millisecond},
			{Name: pages.SpanPreRender, Parent: 1, Begin: 15 * time.Millisecond, Took: 1234567 * time.Nanosecond},
			{Name: "bad", Parent: 77, Begin: -5},
		}, []pages.Line{{At: 6 * time.Millisecond, Text: "hello", Level: "info", Source: "console"}})
		r.Application("/")
		r.Pool("Default", 4711)
		r.Handler(pages.HandlerPage)
		r.Why("reused")
		r.Response(200, nil, nil, 12)
		const timing = "init;dur=1.000, load;dur=8.000, prerender;dur=1.234, render;dur=0.000, unload;dur=0.000, front;dur=6.000, worker;dur=15.000"
		if got := r.ServerTiming(); got != timing {
			t.Errorf("Server-Timing: %s\nwant %s", got, timing)
		}
		r.Complete()
		<-time.After(3 * time.Millisecond)
		r.Sent(11)
		r.Why("too late")
		r.Begin("too late", "")
		r.Abandon(nil)
		got, _ := l.Find("1")
		var spans []string
		for _, s := range got.Spans {
			spans = append(spans, fmt.Sprintf("%s %d %v+%v %s", s.Name, s.Parent, s.Begin, s.Took, s.Error))
		}
		want := []string{
			"Gate -1 0s+1ms ", "Resolve -1 1ms+0s x\\x1b", "Queue -1 1ms+5ms ", "Hop -1 6ms+15ms ", "PreInit 3 7ms+1ms ",
			"Load 3 8ms+8ms ", "PreRender 3 16ms+1.234567ms ", "bad -1 999.995µs+0s ", "Send -1 21ms+3ms ",
		}
		if strings.Join(spans, "\n") != strings.Join(want, "\n") {
			t.Errorf("spans:\n%s\nwant\n%s", strings.Join(spans, "\n"), strings.Join(want, "\n"))
		}
		if got.Took != 24*time.Millisecond || got.Bytes != 11 || got.Why != "reused" || got.Worker != 4711 || got.Log[0].At != 7*time.Millisecond {
			t.Errorf("%+v", got)
		}
	})
}

func TestAbandon(t *testing.T) {
	for _, test := range []struct {
		name     string
		f        func(*Recorder)
		why, err string
	}{
		{"before it is complete", func(r *Recorder) { r.Abandon(nil) }, ErrGone.Error(), ErrGone.Error()},
		{"after it is complete", func(r *Recorder) { r.Why("reused"); r.Complete(); r.Abandon(nil) }, "reused", ErrGone.Error()},
		{"for another reason", func(r *Recorder) { r.Abandon(errors.New("shut\ndown")) }, `shut\ndown`, `shut\ndown`},
		{"after Sent", func(r *Recorder) { r.Sent(0); r.Abandon(nil) }, "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := NewLog(Options{})
			test.f(l.Start(Start{}))
			got, _ := l.Find("1")
			if got.Why != test.why || got.Phase != Done || got.Spans[len(got.Spans)-1].Error != test.err {
				t.Errorf("%+v", got)
			}
			if l.busy() {
				t.Error("it still counts as running")
			}
		})
	}
}

// A worker that runs wild does not fill the front.
func TestRecorderIsBounded(t *testing.T) {
	spans := make([]pages.Span, 3*mostSpans)
	for i := range spans {
		spans[i] = pages.Span{Name: strings.Repeat("n", 9000), Detail: strings.Repeat("d", 9000), Error: strings.Repeat("e", 9000), Parent: int32(i - 1)}
	}
	lines := make([]pages.Line, 3*mostLines)
	for i := range lines {
		lines[i].Text = strings.Repeat("l", 9000)
	}
	got := record(Start{}, func(r *Recorder) { r.Answered(spans, lines) })
	if len(got.Spans) != mostSpans+1 || len(got.Spans[0].Detail) > mostDetail+3 || len(got.Spans[0].Error) > mostDetail+3 || len(got.Spans[0].Name) > mostDetail+3 {
		t.Errorf("%d spans, detail of %d", len(got.Spans), len(got.Spans[0].Detail))
	}
	total := 0
	for _, l := range got.Log {
		total += len(l.Text)
	}
	if total > mostLog+200 || !strings.Contains(got.Log[len(got.Log)-1].Text, "too long") {
		t.Errorf("%d bytes of log", total)
	}
}

func TestTraceparent(t *testing.T) {
	const id, span = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
	for header, ok := range map[string]bool{
		"00-" + id + "-" + span + "-01":                      true,
		"00-" + id + "-" + span + "-00":                      true,
		"cc-" + id + "-" + span + "-01-more":                 true,
		"cc-" + id + "-" + span + "-01":                      true,
		"cc-" + id + "-" + span + "-01more":                  false,
		"00-" + id + "-" + span + "-01-more":                 false,
		"ff-" + id + "-" + span + "-01":                      false,
		"00-" + id + "-" + span + "-0g":                      false,
		"00-" + id + "-" + span:                              false,
		"":                                                   false,
		"00-" + strings.ToUpper(id) + "-" + span + "-01":     false,
		"00-" + strings.Repeat("0", 32) + "-" + span + "-01": false,
		"00-" + id + "-" + strings.Repeat("0", 16) + "-01":   false,
		"00_" + id + "-" + span + "-01":                      false,
		"00-" + id[:31] + "\x00-" + span + "-01":             false,
		strings.Repeat("-", 55):                              false,
	} {
		gotID, parent, sampled, got := ParseTraceparent(header)
		if got != ok || ok && (gotID != id || parent != span || sampled != strings.Contains(header, "-01")) {
			t.Errorf("%q: %q %q %v %v", header, gotID, parent, sampled, got)
		}
		r := NewLog(Options{}).Start(Start{TraceParent: header})
		if (r.ID() == id) != ok {
			t.Errorf("%q: the record has the id %s", header, r.ID())
		}
		if !regexp.MustCompile(`^00-[0-9a-f]{32}-[0-9a-f]{16}-01$`).MatchString(r.TraceParent()) || strings.Contains(r.TraceParent(), span) {
			t.Errorf("%q goes on as %q", header, r.TraceParent())
		}
	}
}

func TestStages(t *testing.T) {
	const ms = time.Millisecond
	spans := []pages.Span{
		{Name: "Hop", Parent: -1, Took: 100 * ms},
		{Name: "Init", Parent: 0, Took: 1 * ms},
		{Name: "PreInit", Parent: 0, Took: 1 * ms},
		{Name: "LoadViewState", Parent: 0, Took: 2 * ms},
		{Name: "Load", Parent: 0, Took: 3 * ms},
		{Name: "Query", Parent: 4, Took: 2 * ms},
		{Name: "DataBinding", Parent: 4, Took: 1 * ms}, // inside Load: counts with it
		{Name: "Render", Parent: 5, Took: 1 * ms},      // inside a span inside Load
		{Name: "PreRender", Parent: 0, Took: 4 * ms},
		{Name: "SaveViewState", Parent: 0, Took: 1 * ms},
		{Name: "Render", Parent: 0, Took: 5 * ms},
		{Name: "CommitTransaction", Parent: 0, Took: 1 * ms},
		{Name: "Unload", Parent: 0, Took: -1},        // still running
		{Name: "Disposed", Parent: 99, Took: 7 * ms}, // damaged parent: none
		{Name: "Error", Parent: 0, Took: 9 * ms},
	}
	want := [StageCount]time.Duration{2 * ms, 5 * ms, 5 * ms, 6 * ms, 7 * ms}
	if got := Stages(spans); got != want {
		t.Errorf("%v, want %v", got, want)
	}
	for s, name := range []string{"Init", "Load", "PreRender", "Render", "Unload", ""} {
		if Stage(s).String() != name {
			t.Errorf("stage %d is %q", s, Stage(s))
		}
		if of, ok := StageOf(name); name != "" && (!ok || int(of) != s) {
			t.Errorf("%s belongs to %v", name, of)
		}
	}
}
