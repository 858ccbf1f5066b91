package pool

import (
	"context"
	"errors"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"huygens/devserver/feed"
	"huygens/devserver/wire"
	"huygens/pages"
)

// slowHost is a front whose client, session and user take an hour each.
type slowHost struct{ noHost }

func (slowHost) Session(context.Context, pages.SessionMode) (pages.Session, error) {
	after(time.Hour)
	return pages.Session{}, nil
}

func (slowHost) Stream(context.Context, int, []pages.Field, []byte) error {
	after(time.Hour)
	return nil
}

func (slowHost) Pause(context.Context, pages.Stage, pages.Snapshot) (pages.Action, error) {
	after(time.Hour)
	return pages.Action{}, nil
}

type slowBody struct{}

func (slowBody) Read(p []byte) (int, error) { after(time.Hour); return len(p), nil }

type runnerFunc func(ctx context.Context, req *pages.Request, host pages.Host) (*pages.Result, error)

func (f runnerFunc) Run(ctx context.Context, req *pages.Request, host pages.Host) (*pages.Result, error) {
	return f(ctx, req, host)
}

// Only what a request computes counts, in both kinds of worker, and each streamed part gives the whole time anew.
func TestTimeStandsStill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		var over time.Duration
		r := running{runner: runnerFunc(func(ctx context.Context, req *pages.Request, host pages.Host) (*pages.Result, error) {
			after(3 * time.Second)
			host.Session(ctx, pages.SessionOn)
			after(3 * time.Second)
			host.Pause(ctx, pages.Stage{}, pages.Snapshot{})
			after(3 * time.Second)
			req.Body.Read(nil)
			for range 5 { // 9 s are over
				host.Stream(ctx, 200, nil, nil)
				after(9 * time.Second)
			}
			req.Body.Read(nil)
			if ctx.Err() != nil {
				t.Errorf("ended after %v: %v", time.Since(began), context.Cause(ctx))
			}
			on := time.Now()
			<-ctx.Done()
			over = time.Since(on)
			return nil, &pages.Failure{Status: 499, Reason: "Gone.", Err: context.Cause(ctx)}
		})}
		req := &pages.Request{Timeout: 10 * time.Second, Body: slowBody{}}
		_, failure := r.run(t.Context(), 1, req, slowHost{})
		if over != time.Second {
			t.Errorf("ended %v too late", over-time.Second)
		}
		if failure == nil || failure.Status != 504 || !errors.Is(failure.Err, pages.ErrTimeout) {
			t.Errorf("failure %v", failure)
		}
	})
}

func TestCancelBeforeTheRequest(t *testing.T) {
	r := running{runner: runnerFunc(func(ctx context.Context, _ *pages.Request, _ pages.Host) (*pages.Result, error) {
		return nil, &pages.Failure{Status: 499, Reason: "Gone.", Err: context.Cause(ctx)}
	})}
	for id := uint64(1); id <= 1000; id++ {
		r.cancel(id)
	}
	if _, failure := r.run(t.Context(), 999, &pages.Request{}, noHost{}); failure == nil || !errors.Is(failure.Err, errGone) {
		t.Errorf("failure %v", failure)
	}
}

// exchangeTest is one exchange in virtual time, with worker at the other end. lateAt is when the pool was told
// that it is over its time, 0 if it was not.
func exchangeTest(ctx context.Context, t *testing.T, timeout time.Duration, worker func(l *link)) (a answer, lateAt, took time.Duration, err error) {
	t.Helper()
	front, back := net.Pipe()
	defer front.Close()
	defer back.Close()
	go worker(newLink(back))
	events := &feed.Log[Event]{}
	p := newPool(Config{Events: events}, &fakes{})
	defer p.Close(context.Background())
	req := request("/x")
	req.Timeout = timeout
	began := time.Now()
	x := &exchange{call: newCall(p, req, slowHost{}), link: newLink(front), id: 1, since: began}
	x.member = &member{state: Serving}
	x.line.hop("worker 1")
	a, err = x.wait(ctx)
	took = time.Since(began)
	for _, e := range events.Since(0).Values {
		if e.Worker {
			lateAt = e.When.Sub(began)
		}
	}
	return a, lateAt, took, err
}

// The front kills 2 s after the time is over, and counts only what the worker computes.
func TestFrontCountsTheSame(t *testing.T) {
	const timeout = 10 * time.Second
	t.Run("silent worker", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			_, late, took, err := exchangeTest(t.Context(), t, timeout, func(*link) {})
			if !errors.Is(err, errOver) || took != timeout+killAfter || late < timeout || late > timeout+2*softSlack {
				t.Errorf("late after %v, over after %v: %v", late, took, err)
			}
		})
	})
	t.Run("slow front", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			a, late, took, err := exchangeTest(t.Context(), t, timeout, func(l *link) {
				for _, m := range []wire.Message{&wire.SessionCall{}, &wire.PauseCall{}, &wire.StreamCall{}, &wire.StreamCall{}} {
					after(timeout / 4)
					l.Send(m)
					l.Receive()
				}
				after(timeout - time.Second)
				l.Send(&wire.Result{ID: 1, Result: text("at last")})
			})
			if err != nil || late != 0 || string(a.result.Body) != "at last" || took != 4*time.Hour+2*timeout-time.Second {
				t.Errorf("%v after %v", err, took)
			}
		})
	})
	t.Run("client gone", func(t *testing.T) {
		for goes, ends := range map[time.Duration]time.Duration{time.Millisecond: quick, 5 * time.Second: 5 * time.Second} {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), goes)
				defer cancel()
				_, _, took, err := exchangeTest(ctx, t, timeout, func(*link) {})
				if !errors.Is(err, context.DeadlineExceeded) || took != ends {
					t.Errorf("gone after %v, ended after %v: %v", goes, took, err)
				}
			})
		}
	})
}

// Whatever the clocks of worker and front say, spans lie inside those around them.
func TestTimelineWithWrongClocks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, off := range []time.Duration{0, time.Nanosecond, time.Second, time.Hour, -time.Hour, 1 << 62, -1 << 62} {
			var line timeline
			line.start()
			line.enter(pages.SpanQueue, "")
			after(time.Second)
			line.leave(nil)
			line.hop("worker 1")
			after(2 * time.Second)
			result := &pages.Result{Status: 200, Spans: []pages.Span{
				{Name: "Handler", Parent: -1, Begin: 0, Took: time.Second},
				{Name: "Load", Parent: 0, Begin: 500 * time.Millisecond, Took: 100 * time.Millisecond},
				{Name: "Render", Parent: 0, Begin: 900 * time.Millisecond, Took: -1},
			}, Log: []pages.Line{{At: 500 * time.Millisecond}}}
			began := line.began.Add(1500 * time.Millisecond).Add(off)
			if err := line.finish(result, answer{result: result, began: began}); err != nil {
				t.Fatal(err)
			}
			inside(t, result.Spans, 3*time.Second)
			if load := result.Spans[3]; load.Name != "Load" || load.Took != 100*time.Millisecond {
				t.Errorf("off by %v: %+v", off, load)
			}
			if off == 0 && (result.Spans[2].Begin != 1500*time.Millisecond || result.Log[0].At != 2*time.Second) {
				t.Errorf("spans %+v, log %+v", result.Spans, result.Log)
			}
		}
	})
}
