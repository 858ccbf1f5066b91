package trace

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"huygens/pages"
)

func numbers(traces []*Trace) string {
	var s []string
	for _, t := range traces {
		s = append(s, fmt.Sprint(t.Number))
	}
	return strings.Join(s, " ")
}

func done(l *Log, site string) *Recorder {
	r := l.Start(Start{Site: site, Method: "GET", URL: "/"})
	r.Sent(0)
	return r
}

func TestLogKeepsOneEntryForEachRequest(t *testing.T) {
	l := NewLog(Options{})
	first, second := l.Start(Start{URL: "/1"}), l.Start(Start{URL: "/2"})
	if b := l.Since(0); len(b.Values) != 0 || b.Last != 0 {
		t.Fatalf("a request that has just begun is shown: %+v", b)
	}
	second.Complete()
	b := l.Since(0)
	if numbers(b.Values) != "2" || b.Values[0].Phase != Done {
		t.Fatalf("after the second: %s", numbers(b.Values))
	}
	first.Complete()
	second.Sent(5)
	b2 := l.Since(b.Last)
	if numbers(b2.Values) != "1 2" || b2.Missed != 0 {
		t.Fatalf("what changed: %s, missed %d", numbers(b2.Values), b2.Missed)
	}
	if last := b2.Values[1]; last.Bytes != 5 || last.Spans[len(last.Spans)-1].Name != pages.SpanSend {
		t.Errorf("the newest state: %+v", last)
	}
	if len(b.Values[0].Spans) != 0 {
		t.Error("what was published has changed")
	}
	if b3 := l.Since(b2.Last); len(b3.Values) != 0 || b3.Last != b2.Last {
		t.Errorf("nothing is new: %+v", b3)
	}
	if b4 := l.Since(b2.Last + 100); numbers(b4.Values) != "1 2" {
		t.Errorf("a number of an earlier run: %s", numbers(b4.Values))
	}
}

func TestLogIsBounded(t *testing.T) {
	l := NewLog(Options{Keep: 3})
	var recorders []*Recorder
	for range 10 {
		recorders = append(recorders, done(l, ""))
	}
	b := l.Since(0)
	if numbers(b.Values) != "8 9 10" || b.Missed != 7 {
		t.Errorf("kept %s, missed %d", numbers(b.Values), b.Missed)
	}
	if _, ok := l.Find(recorders[0].ID()); ok {
		t.Error("the first is still there")
	}
	l.SetLimits(2, 0)
	if s := l.Stats(); s.Kept != 2 || s.Keep != 2 || s.Memory != DefaultMemory || s.Total != 10 {
		t.Errorf("%+v", s)
	}
}

func TestLogIsBoundedByBytes(t *testing.T) {
	l := NewLog(Options{Memory: 110_000})
	body := []byte(strings.Repeat("x", 30_000))
	for range 5 {
		r := l.Start(Start{})
		r.Response(200, []pages.Field{field("Content-Type", "text/plain")}, body, 30_000)
		r.Sent(30_000)
	}
	if s := l.Stats(); s.Kept != 3 || s.Bytes > 110_000 || s.Bytes < 90_000 {
		t.Errorf("%+v", s)
	}
	l.Clear("")
	if s := l.Stats(); s.Kept != 0 || s.Bytes != 0 || s.Cleared != 5 {
		t.Errorf("after Clear: %+v", s)
	}
}

func TestPinnedStay(t *testing.T) {
	l := NewLog(Options{Keep: 4})
	done(l, "a")
	done(l, "b")
	if ok, err := l.Pin("1", true); !ok || err != nil {
		t.Fatal(ok, err)
	}
	for range 10 {
		done(l, "a")
	}
	b := l.Since(0)
	if numbers(b.Values) != "1 10 11 12" {
		t.Errorf("kept %s", numbers(b.Values))
	}
	l.Clear("a")
	if s := l.Stats(); s.Kept != 1 || s.Pinned != 1 || s.Cleared != 0 {
		t.Errorf("after Clear: %+v", s)
	}
	done(l, "a")
	done(l, "a")
	if ok, err := l.Pin("13", true); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if _, err := l.Pin("14", true); !errors.Is(err, ErrPinned) {
		t.Errorf("more than half of the room is pinned: %v", err)
	}
	if ok, _ := l.Pin("1", false); !ok {
		t.Error("the pin cannot be taken off")
	}
	if ok, _ := l.Pin("99", true); ok {
		t.Error("a request that is not there was pinned")
	}
	for range 4 {
		done(l, "a")
	}
	if b := l.Since(0); numbers(b.Values) != "13 16 17 18" {
		t.Errorf("kept %s", numbers(b.Values))
	}
}

func TestFind(t *testing.T) {
	l := NewLog(Options{})
	const parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
	for range 2 {
		l.Start(Start{TraceParent: parent}).Sent(0)
	}
	for key, want := range map[string]uint64{"1": 1, "2": 2, "4bf92f3577b34da6a3ce929d0e0e4736": 2, "3": 0, "": 0, "x": 0} {
		got, ok := l.Find(key)
		if ok != (want != 0) || ok && got.Number != want {
			t.Errorf("Find(%q) = %v, %v", key, got, ok)
		}
	}
}

func TestRecordingOff(t *testing.T) {
	l := NewLog(Options{})
	l.Record("shop", false)
	if r := done(l, "shop"); r.Number() != 0 || len(r.ID()) != 32 || r.ServerTiming() == "" {
		t.Error("a request that is not shown still has its id")
	}
	done(l, "blog")
	if b := l.Since(0); len(b.Values) != 1 || b.Values[0].Site != "blog" || l.Recording("shop") || !l.Recording("blog") {
		t.Errorf("%s", numbers(b.Values))
	}
	l.Record("shop", true)
	l.Record("", false)
	done(l, "shop")
	if s := l.Stats(); s.Kept != 1 || s.Recording {
		t.Errorf("%+v", s)
	}
	for _, off := range []*Log{nil, NewLog(Options{Off: true})} {
		if r := off.Start(Start{}); r != nil || off.Recording("") {
			t.Error("a log that is off gives a Recorder")
		}
	}
}

// A nil Recorder takes everything.
func TestNilRecorder(t *testing.T) {
	var r *Recorder
	r.Begin("Gate", "")
	r.End(nil)
	r.Log("info", "x")
	r.Asked()
	r.Progress(nil, nil)
	r.Answered(nil, nil)
	r.Application("/")
	r.Handler(pages.HandlerPage)
	r.Pool("Default", 1)
	r.Why("x")
	r.Secret("x")
	r.RequestBody(nil, 0)
	r.Form(nil)
	r.Response(200, nil, nil, 0)
	r.Complete()
	r.Sent(1)
	r.Abandon(nil)
	ran := false
	err := r.Step("Gate", "", func() error { ran = true; return context.Canceled })
	if !ran || !errors.Is(err, context.Canceled) || r.ID()+r.TraceParent()+r.ServerTiming() != "" || r.Number() != 0 || !r.Began().IsZero() {
		t.Error("a nil Recorder is not silent")
	}
}

func TestMissed(t *testing.T) {
	l := NewLog(Options{Keep: 1})
	for range 5000 {
		done(l, "") // changes 2n-1 and 2n; the last state of request n is change 2n
	}
	for n, want := range map[uint64]uint64{0: 4999, 9999: 0, 9998: 0, 9997: 1, 9990: 4, 9000: 499, 8000: 999} {
		if got := l.Since(n).Missed; got != want {
			t.Errorf("after %d: missed %d, want %d", n, got, want)
		}
	}
	// Further back it is an estimate; here drops are evenly spread, so it is nearly right.
	if got := l.Since(4000).Missed; got < 2990 || got > 3010 {
		t.Errorf("after 4000: missed about %d, want about 2999", got)
	}
}

func TestNextWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := NewLog(Options{})
		got := make(chan string)
		for range 2 {
			go func() {
				b, err := l.Next(t.Context(), 0)
				got <- fmt.Sprint(numbers(b.Values), err)
			}()
		}
		synctest.Wait()
		done(l, "")
		for range 2 {
			if s := <-got; s != "1<nil>" {
				t.Error(s)
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if b, err := l.Next(ctx, l.Since(0).Last); !errors.Is(err, context.DeadlineExceeded) || len(b.Values) != 0 {
			t.Errorf("%v, %v", b, err)
		}
	})
}

// A request that takes longer than 100 ms is shown while it runs, with what its worker tells; a quick one never.
func TestRunningIsShown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := NewLog(Options{})
		ctx, cancel := context.WithCancel(t.Context())
		stopped := make(chan struct{})
		go func() { defer close(stopped); l.Run(ctx) }()

		quick := l.Start(Start{URL: "/quick"})
		slow := l.Start(Start{URL: "/slow?token=abcdefg"})
		slow.Begin(pages.SpanGate, "")
		slow.End(nil)
		slow.Asked()
		<-time.After(50 * time.Millisecond) // fake time
		quick.Sent(0)
		last := l.Since(0).Last
		<-time.After(100 * time.Millisecond)
		b := l.Since(last)
		if numbers(b.Values) != "2" || b.Values[0].Phase != Running || b.Values[0].URL != "/slow?token=•••" || b.Values[0].Took < slowAfter {
			t.Fatalf("%+v", b.Values)
		}
		<-time.After(time.Second)
		if l.Since(b.Last).Last != b.Last {
			t.Error("shown again though nothing is new")
		}
		slow.Progress([]pages.Span{{Name: "Hop", Parent: -1, Took: -1}, {Name: "Load", Parent: 0, Begin: 5, Took: -1}},
			[]pages.Line{{Text: "abcdefg"}})
		<-time.After(time.Second)
		got := l.Since(b.Last).Values[0]
		if len(got.Spans) != 3 || got.Spans[2].Parent != 1 || got.Spans[2].Took != -1 || got.Log[0].Text != Mask {
			t.Errorf("%+v", got)
		}
		slow.Answered([]pages.Span{{Name: "Hop", Parent: -1, Took: 7}}, nil)
		slow.Sent(0)
		last = l.Since(0).Last
		if got, _ := l.Find("2"); got.Phase != Done || len(got.Spans) != 3 || got.Spans[1].Name != "Hop" {
			t.Errorf("%+v", got)
		}
		<-time.After(time.Second)
		if l.Since(0).Last != last {
			t.Error("a request that is done is shown again")
		}
		cancel()
		<-stopped
	})
}

func TestLogTogether(t *testing.T) {
	l := NewLog(Options{Keep: 20})
	ctx, cancel := context.WithCancel(t.Context())
	var run, requests sync.WaitGroup
	run.Go(func() { l.Run(ctx) })
	run.Go(func() {
		for n := uint64(0); ; {
			b, err := l.Next(ctx, n)
			if err != nil {
				return
			}
			for _, v := range b.Values {
				v.AppendJSON(nil)
			}
			n = b.Last
		}
	})
	for range 8 {
		requests.Go(func() {
			for i := range 100 {
				r := l.Start(Start{URL: "/", Began: time.Now().Add(-time.Second)})
				r.Asked()
				r.Progress([]pages.Span{{Name: "Load"}}, nil)
				r.Answered([]pages.Span{{Name: "Load"}}, nil)
				if i%3 == 0 {
					r.Complete()
				}
				r.Sent(1)
				r.Abandon(nil)
			}
		})
	}
	requests.Wait()
	if s := l.Stats(); s.Kept != 20 || s.Total != 800 {
		t.Errorf("%+v", s)
	}
	cancel()
	run.Wait()
}
