package pool

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"huygens/pages"
)

func after(d time.Duration) { <-time.After(d) }

func states(p *Pool) string {
	var all []string
	for _, w := range p.Status().Workers {
		all = append(all, fmt.Sprintf("%d %s", w.PID, w.State))
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

func wantStates(t *testing.T, p *Pool, expect string) {
	t.Helper()
	synctest.Wait()
	if got := states(p); got != expect {
		t.Errorf("workers are %q, want %q", got, expect)
	}
}

func TestQueue(t *testing.T) {
	f := &fakes{}
	inFakeTime(t, Config{Concurrency: 2, Queue: 3}, f, func(t *testing.T, p *Pool) {
		var all []*asking
		for i := range 5 {
			all = append(all, askPool(p, fmt.Sprintf("/x?%ds", 10+i)))
		}
		full := askPool(p, "/x?1s")
		if f := full.status(t, 503); f.RetryAfter <= 0 || full.took > 0 {
			t.Errorf("a full queue said %v after %v", f, full.took)
		}
		if s := p.Status(); s.Queue != 3 || s.Workers[0].InFlight != 2 || s.Workers[0].State != Serving {
			t.Errorf("status %+v", s)
		}
		// first come, first served: 10 s; 11 s; 12 s after the first has ended at 10; 13 s after the second; …
		for i, ends := range []time.Duration{10, 11, 22, 24, 36} {
			if all[i].answer(t); all[i].took != ends*time.Second {
				t.Errorf("request %d took %v, want %v", i, all[i].took, ends*time.Second)
			}
		}
		if w := f.worker(1); w.seen != 2 {
			t.Errorf("%d requests at once", w.seen)
		}
	})
}

func TestLeavingTheQueue(t *testing.T) {
	f := &fakes{}
	inFakeTime(t, Config{Concurrency: 1}, f, func(t *testing.T, p *Pool) {
		first, second, third := askPool(p, "/x?10s"), askPool(p, "/x?10s"), askPool(p, "/x?1s")
		second.cancel()
		second.status(t, 499)
		if n := p.Status().Queue; n != 1 {
			t.Errorf("%d wait", n)
		}
		first.answer(t)
		if third.answer(t); third.took != 11*time.Second {
			t.Errorf("took %v", third.took)
		}
		if w := f.worker(1); w.all != 2 {
			t.Errorf("the worker got %d requests", w.all)
		}
	})
}

func TestRequestsWaitForTheFirstStart(t *testing.T) {
	f := &fakes{takes: time.Second}
	inFakeTime(t, Config{}, f, func(t *testing.T, p *Pool) {
		after(time.Minute)
		wantStates(t, p, "")
		a, b := askPool(p, "/x"), askPool(p, "/x")
		wantStates(t, p, "1 starting")
		a.answer(t)
		b.answer(t)
		if a.took != time.Second || len(f.starts) != 1 {
			t.Errorf("took %v, %d starts", a.took, len(f.starts))
		}
	})
}

func TestStartNow(t *testing.T) {
	inFakeTime(t, Config{StartNow: true, Workers: 3}, &fakes{}, func(t *testing.T, p *Pool) {
		wantStates(t, p, "1 warm, 2 warm, 3 warm")
	})
}

// A web garden spreads the load.
func TestSeveralWorkers(t *testing.T) {
	f := &fakes{}
	inFakeTime(t, Config{Workers: 3, Concurrency: 2, Queue: 1}, f, func(t *testing.T, p *Pool) {
		var all []*asking
		for range 7 {
			all = append(all, askPool(p, "/x?1s"))
		}
		askPool(p, "/x").status(t, 503)
		for _, a := range all {
			a.answer(t)
		}
		for i := 1; i <= 3; i++ {
			if w := f.worker(i); w.seen != 2 {
				t.Errorf("worker %d had %d at once", i, w.seen)
			}
		}
	})
}

// Back-off 0, 1, 2, 4 s; the fifth crash ends it. A change makes it try again.
func TestRapidFail(t *testing.T) {
	f := &fakes{fails: func(n int) bool { return n <= 5 }}
	inFakeTime(t, Config{RapidFail: RapidFail{Crashes: 5}}, f, func(t *testing.T, p *Pool) {
		a := askPool(p, "/x")
		failure := a.status(t, 503)
		if !strings.Contains(failure.Reason, errFake.Error()) || failure.RetryAfter <= 0 {
			t.Errorf("failure %+v does not say why", failure)
		}
		if expect := []time.Duration{0, 0, 1e9, 3e9, 7e9}; !slices.Equal(f.starts, expect) {
			t.Errorf("started at %v, want %v", f.starts, expect)
		}
		if s := p.Status(); s.State != Failed || len(s.Workers) != 0 {
			t.Errorf("status %+v", s)
		}
		if b := askPool(p, "/x"); b.status(t, 503) == nil || b.took > 0 {
			t.Error("a failed pool did not refuse at once")
		}
		p.Reset()
		if got := askPool(p, "/x").answer(t); got != "worker 6" || p.Status().State != Started {
			t.Errorf("after Reset: %s, %s", got, p.Status().State)
		}
	})
}

// Crashes that are far apart do not add up.
func TestCrashesAreForgotten(t *testing.T) {
	f := &fakes{}
	inFakeTime(t, Config{RapidFail: RapidFail{Crashes: 3, Within: time.Minute}, StartNow: true}, f, func(t *testing.T, p *Pool) {
		for i := 1; i <= 10; i++ {
			askPool(p, "/x").answer(t)
			f.worker(i).kill(verdict{status: 502, reason: "fatal error", crash: true})
			synctest.Wait()
			after(31 * time.Second)
			synctest.Wait()
		}
		if s := p.Status().State; s != Started {
			t.Errorf("the pool is %s", s)
		}
	})
}

// A signal from outside, after it has served, is no crash: the successor starts at once, every time.
func TestDeathsFromOutside(t *testing.T) {
	f := &fakes{}
	inFakeTime(t, Config{RapidFail: RapidFail{Crashes: 2}}, f, func(t *testing.T, p *Pool) {
		for i := 1; i <= 10; i++ {
			if got := askPool(p, "/x").answer(t); got != fmt.Sprint("worker ", i) {
				t.Fatalf("asked %s", got)
			}
			f.worker(i).kill(verdict{status: 502, reason: "killed"})
			synctest.Wait()
		}
		if len(f.starts) != 11 || f.starts[10] != 0 {
			t.Errorf("started at %v", f.starts)
		}
	})
}

// What is in a worker that dies fails, what waits is served.
func TestDeathWithAQueue(t *testing.T) {
	f := &fakes{}
	inFakeTime(t, Config{Concurrency: 2}, f, func(t *testing.T, p *Pool) {
		a, b, c := askPool(p, "/x?5s"), askPool(p, "/x?5s"), askPool(p, "/x?5s")
		f.worker(1).kill(verdict{status: 502, reason: "killed"})
		a.status(t, 502)
		b.status(t, 502)
		if got := c.answer(t); got != "worker 2" || c.took != 5*time.Second {
			t.Errorf("%s after %v", got, c.took)
		}
	})
}

func TestRepeat(t *testing.T) {
	f := &fakes{}
	inFakeTime(t, Config{Repeat: true}, f, func(t *testing.T, p *Pool) {
		a := askPool(p, "/x?5s")
		f.worker(1).kill(verdict{status: 502, reason: "killed"})
		synctest.Wait()
		f.worker(2).kill(verdict{status: 502, reason: "killed"})
		if a.status(t, 502); a.took != 0 {
			t.Errorf("after %v", a.took)
		}
		b := askPool(p, "/x?5s")
		after(2 * time.Second) // worker 2 died before its first answer: that was a crash
		f.worker(3).kill(verdict{status: 502, reason: "killed"})
		if got := b.answer(t); got != "worker 4" {
			t.Errorf("repeated by %s", got)
		}
	})
}

func TestRecycleIsOverlapped(t *testing.T) {
	f := &fakes{takes: 2 * time.Second}
	inFakeTime(t, Config{}, f, func(t *testing.T, p *Pool) {
		old := askPool(p, "/x?10s")
		after(3 * time.Second)
		recycled := make(chan error, 1)
		go func() { recycled <- p.Recycle(t.Context(), "by hand") }()
		wantStates(t, p, "1 serving, 2 starting")
		if got := askPool(p, "/x").answer(t); got != "worker 1" {
			t.Errorf("while the new one starts: %s", got)
		}
		if err := <-recycled; err != nil {
			t.Error(err)
		}
		wantStates(t, p, "1 draining, 2 warm")
		select {
		case <-f.worker(1).drained:
		default:
			t.Error("the old worker was not told to drain")
		}
		if got := f.worker(2).warmed; !slices.Equal(got, []string{"/"}) {
			t.Errorf("warmed %q", got)
		}
		if got := askPool(p, "/x").answer(t); got != "worker 2" {
			t.Errorf("after the switch: %s", got)
		}
		if got := old.answer(t); got != "worker 1" {
			t.Errorf("the old request was answered by %s", got)
		}
		wantStates(t, p, "2 serving")
	})
}

func TestDrainEnds(t *testing.T) {
	f := &fakes{}
	inFakeTime(t, Config{Drain: 30 * time.Second}, f, func(t *testing.T, p *Pool) {
		old := askPool(p, "/x?1h")
		if err := p.Recycle(t.Context(), "by hand"); err != nil {
			t.Error(err)
		}
		if old.status(t, 502); old.took != 30*time.Second {
			t.Errorf("cut after %v", old.took)
		}
		wantStates(t, p, "2 warm")
		if p.LastError() != "" {
			t.Errorf("counted as crash: %s", p.LastError())
		}
	})
}

func TestOldWorkerStaysIfTheNewOneDoesNotStart(t *testing.T) {
	f := &fakes{fails: func(n int) bool { return n > 1 }}
	inFakeTime(t, Config{RapidFail: RapidFail{Crashes: 1}}, f, func(t *testing.T, p *Pool) {
		askPool(p, "/x").answer(t)
		for range 3 {
			if err := p.Recycle(t.Context(), "by hand"); err == nil || !strings.Contains(err.Error(), errFake.Error()) {
				t.Errorf("recycled: %v", err)
			}
		}
		wantStates(t, p, "1 serving")
		if got := askPool(p, "/x").answer(t); got != "worker 1" || p.Status().State != Started {
			t.Errorf("%s, %s", got, p.Status().State)
		}
	})
}

func TestRecycleByAgeAndRequests(t *testing.T) {
	f := &fakes{}
	inFakeTime(t, Config{Recycle: Recycle{After: time.Hour}}, f, func(t *testing.T, p *Pool) {
		askPool(p, "/x").answer(t)
		after(59 * time.Minute)
		wantStates(t, p, "1 serving")
		after(2 * time.Minute)
		wantStates(t, p, "2 warm")
	})
	f = &fakes{}
	inFakeTime(t, Config{Recycle: Recycle{Requests: 1}}, f, func(t *testing.T, p *Pool) {
		for range 50 {
			askPool(p, "/x").answer(t)
		}
		synctest.Wait()
		if n := len(f.starts); n < 50 || f.living() != 1 {
			t.Errorf("%d starts, %d live", n, f.living())
		}
	})
}

func TestIdle(t *testing.T) {
	f := &fakes{}
	inFakeTime(t, Config{Idle: 20 * time.Minute, Workers: 2}, f, func(t *testing.T, p *Pool) {
		askPool(p, "/x").answer(t)
		after(19 * time.Minute)
		busy := askPool(p, "/x?40m")
		after(30 * time.Minute)
		if n := len(p.Status().Workers); n != 2 {
			t.Errorf("%d workers while a request runs", n)
		}
		busy.answer(t)
		after(21 * time.Minute)
		wantStates(t, p, "")
		if s := p.Status().State; s != Started {
			t.Errorf("the pool is %s", s)
		}
		askPool(p, "/x").answer(t)
		synctest.Wait()
		if n := len(p.Status().Workers); n != 2 {
			t.Errorf("%d workers afterwards", n)
		}
	})
}

// A request over its time: the successor is started at once, the worker gets nothing new, and is killed later.
func TestLateRequest(t *testing.T) {
	f := &fakes{takes: time.Second}
	inFakeTime(t, Config{}, f, func(t *testing.T, p *Pool) {
		askPool(p, "/x").answer(t)
		other, late := askPool(p, "/x?2500ms"), askPool(p, "/late?1h")
		wantStates(t, p, "1 serving, 2 starting")
		next := askPool(p, "/x")
		if got := next.answer(t); got != "worker 2" || next.took != time.Second {
			t.Errorf("%s after %v", got, next.took)
		}
		wantStates(t, p, "1 draining, 2 serving")
		if late.status(t, 502); late.took != killAfter {
			t.Errorf("killed after %v", late.took)
		}
		other.status(t, 502)
		wantStates(t, p, "2 serving")
		if !strings.Contains(p.LastError(), "did not end") {
			t.Errorf("no crash: %q", p.LastError())
		}
	})
}

// It comes to its end after all: the worker takes requests again, until the successor is there.
func TestLateRequestThatEnds(t *testing.T) {
	f := &fakes{takes: time.Second}
	inFakeTime(t, Config{}, f, func(t *testing.T, p *Pool) {
		late := askPool(p, "/x")
		late.answer(t)
		late = askPool(p, "/late?500ms")
		next := askPool(p, "/x")
		if got := next.answer(t); got != "worker 1" || next.took != 500*time.Millisecond {
			t.Errorf("%s after %v", got, next.took)
		}
		late.answer(t)
		after(time.Second)
		wantStates(t, p, "2 warm")
	})
}

func TestStopAndStart(t *testing.T) {
	f := &fakes{}
	inFakeTime(t, Config{Concurrency: 1}, f, func(t *testing.T, p *Pool) {
		running, waiting := askPool(p, "/x?1s"), askPool(p, "/x")
		stopped := make(chan error, 1)
		go func() { stopped <- p.Stop(t.Context()) }()
		waiting.status(t, 503)
		running.answer(t)
		if err := <-stopped; err != nil || running.took != time.Second {
			t.Errorf("stopped after %v: %v", running.took, err)
		}
		askPool(p, "/x").status(t, 503)
		if s := p.Status(); s.State != Stopped || len(s.Workers) != 0 {
			t.Errorf("status %+v", s)
		}
		p.Reset() // forgets crashes, but a stopped pool stays so
		askPool(p, "/x").status(t, 503)
		p.Start()
		askPool(p, "/x").answer(t)
	})
}

// A pool that is closed while a worker starts, drains, or waits to be started leaves nothing behind.
func TestCloseAtAnyTime(t *testing.T) {
	for _, at := range []time.Duration{0, 500 * time.Millisecond, 1500 * time.Millisecond, time.Minute} {
		f := &fakes{takes: time.Second, fails: func(n int) bool { return n%2 == 0 }}
		inFakeTime(t, Config{StartNow: true, Workers: 2}, f, func(t *testing.T, p *Pool) {
			askPool(p, "/x?1h")
			after(at)
			began := time.Now()
			if err := p.Close(t.Context()); err != nil || time.Since(began) > closeTime {
				t.Errorf("closed after %v: %v", time.Since(began), err)
			}
		})
	}
}

// Whatever happens in whatever order: each request gets exactly one answer, no worker has more than it may, and
// there are never more workers than current ones and their successors.
func TestRandomHistories(t *testing.T) {
	for seed := range uint64(150) {
		f := &fakes{takes: 300 * time.Millisecond}
		c := Config{
			Workers: 1 + int(seed%3), Concurrency: 2, Queue: 5, Drain: 3 * time.Second, Idle: 40 * time.Second, Repeat: seed%2 == 0,
			Recycle: Recycle{After: 20 * time.Second, Requests: 30}, RapidFail: RapidFail{Crashes: 5},
		}
		inFakeTime(t, c, f, func(t *testing.T, p *Pool) { randomHistory(t, p, f, rand.New(rand.NewPCG(seed, 1))) })
	}
}

func randomHistory(t *testing.T, p *Pool, f *fakes, r *rand.Rand) {
	f.mu.Lock()
	failing := false
	f.fails = func(int) bool { return failing }
	f.mu.Unlock()
	var all []*asking
	for range 300 {
		switch n := r.IntN(100); {
		case n < 50:
			all = append(all, askPool(p, fmt.Sprintf("/x?%dms", r.IntN(2000))))
		case n < 53:
			all = append(all, askPool(p, fmt.Sprintf("/late?%dms", r.IntN(4000))))
		case n < 60 && len(all) > 0:
			all[r.IntN(len(all))].cancel()
		case n < 64:
			if f.mu.Lock(); len(f.workers) > 0 {
				f.workers[r.IntN(len(f.workers))].kill(verdict{status: 502, reason: "killed", crash: r.IntN(2) == 0})
			}
			f.mu.Unlock()
		case n < 68:
			go p.Recycle(t.Context(), "by hand")
		case n < 70:
			f.mu.Lock()
			failing = !failing
			f.mu.Unlock()
		case n < 72:
			p.Reset()
		case n < 73:
			go p.Stop(t.Context())
		case n < 76:
			p.Start()
		default:
			after(time.Duration(r.IntN(1500)) * time.Millisecond)
		}
		synctest.Wait()
		checkNow(t, p)
	}
	f.mu.Lock()
	failing = false
	f.mu.Unlock()
	p.Start()
	p.Reset()
	after(2 * time.Minute)
	for i, a := range all {
		if !a.isDone() {
			t.Fatalf("request %d has no answer", i)
		}
		if (a.failure == nil) == (a.body == "") {
			t.Errorf("request %d: %q, %v", i, a.body, a.failure)
		}
	}
	if got := askPool(p, "/x").answer(t); got == "" {
		t.Errorf("at the end: %q", got)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, w := range f.workers {
		if w.seen > w.most {
			t.Errorf("worker %d had %d requests at once", w.number, w.seen)
		}
	}
}

func checkNow(t *testing.T, p *Pool) {
	t.Helper()
	s := p.Status()
	current := 0
	for _, w := range s.Workers {
		if w.State != Draining {
			current++
		}
		if w.InFlight < 0 || w.InFlight > p.cfg.Concurrency {
			t.Fatalf("status %+v", s)
		}
	}
	if current > 2*p.cfg.Workers || s.Queue > p.cfg.Queue {
		t.Fatalf("status %+v", s)
	}
	p.mu.Lock()
	waits := p.retry != nil
	p.mu.Unlock()
	if s.Queue > 0 && (s.State != Started || current == 0 && !waits) {
		t.Fatalf("%d wait for nothing: %+v", s.Queue, s)
	}
}

// The front's own kinds go where they belong, and never start a worker for nothing.
func TestOwnKindsWithoutWorkers(t *testing.T) {
	f := &fakes{}
	inFakeTime(t, Config{}, f, func(t *testing.T, p *Pool) {
		for _, kind := range []pages.Kind{pages.Unload, pages.SessionEnd} {
			if r, err := p.Run(t.Context(), &pages.Request{Kind: kind}, nil); err != nil || r.Status != 204 {
				t.Errorf("kind %d: %v, %v", kind, r, err)
			}
		}
		if len(f.starts) > 0 {
			t.Error("a worker was started")
		}
		if _, err := p.Run(t.Context(), &pages.Request{Kind: pages.Describe}, nil); err != nil || len(f.starts) != 1 {
			t.Errorf("described: %v, %d starts", err, len(f.starts))
		}
	})
}
