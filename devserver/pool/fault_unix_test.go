//go:build unix

package pool

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"huygens/devserver/feed"
	"huygens/pages"
)

func sendSignal(t testing.TB, pid int, s syscall.Signal) {
	t.Helper()
	if err := syscall.Kill(pid, s); err != nil && !errors.Is(err, syscall.ESRCH) {
		t.Errorf("signal %v to %d: %v", s, pid, err)
	}
}

// gone waits until there is no such process, or only what is left of it for a parent that does not look.
func gone(t testing.TB, pid int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err == nil && strings.Contains(string(stat), ") Z ") || !processLives(pid) {
			return
		}
		select {
		case <-time.After(5 * time.Millisecond):
		case <-ctx.Done():
			t.Fatalf("process %d lives", pid)
		}
	}
}

// Workers are killed under load: each request is answered exactly once, by its own answer or by 502, and no more
// fail than were in a worker that was killed.
func TestKilledUnderLoad(t *testing.T) {
	const kills, clients = 8, 16
	p := testPool(t, Config{Concurrency: clients, RapidFail: RapidFail{Crashes: 5}})
	var wg sync.WaitGroup
	var right, failed atomic.Int64
	ctx, stop := context.WithCancel(t.Context())
	for i := range clients {
		wg.Go(func() {
			for k := 0; ctx.Err() == nil; k++ {
				req := request("/wait?1ms")
				req.TraceID = fmt.Sprintf("%d.%d", i, k)
				r, err := p.Run(t.Context(), req, &testHost{})
				switch {
				case err != nil:
					// On a loaded machine a killed process may end later than its connection.
					if f := wantFailure(t, err, 502); !strings.Contains(f.Reason, "signal") && !strings.Contains(f.Reason, "closed its connection") {
						t.Errorf("reason %q", f.Reason)
					}
					failed.Add(1)
				case string(r.Body) != "waited "+req.TraceID:
					t.Errorf("request %s got %q", req.TraceID, r.Body)
				default:
					right.Add(1)
				}
			}
		})
	}
	killed := map[int]bool{}
	for range kills {
		pid := untilWorker(t, p, Serving, func(e Event) bool { return !killed[e.PID] }).PID
		killed[pid] = true
		before := right.Load() // let it answer something: a worker that never did has crashed
		for right.Load() < before+100 {
			<-time.After(time.Millisecond)
		}
		sendSignal(t, pid, syscall.SIGKILL)
	}
	stop()
	wg.Wait()
	if n := failed.Load(); n > kills*clients {
		t.Errorf("%d requests failed, more than were in the workers", n)
	}
	want(t, p, "/hello", "hello ada")
	if s := p.Status().State; s != Started {
		t.Errorf("the pool is %s: deaths from outside were counted", s)
	}
}

// A worker that stands still is replaced; waking it up later does not bring it back.
func TestStoppedWorker(t *testing.T) {
	p := testPool(t, Config{Concurrency: 1, Health: Health{Ping: 50 * time.Millisecond, Answer: time.Second}})
	want(t, p, "/hello", "hello ada")
	pid := onlyPID(t, p)
	sendSignal(t, pid, syscall.SIGSTOP)
	defer sendSignal(t, pid, syscall.SIGCONT)
	errs := make(chan error, 1)
	go func() {
		_, err := get(t.Context(), p, "/hello")
		errs <- err
	}()
	f := wantFailure(t, <-errs, 504)
	if !strings.Contains(f.Reason, "did not answer") {
		t.Errorf("reason %q", f.Reason)
	}
	want(t, p, "/hello", "hello ada")
	gone(t, pid)
	if onlyPID(t, p) == pid {
		t.Error("the same worker serves")
	}
	if p.LastError() != "" {
		t.Errorf("it was counted as a crash: %s", p.LastError())
	}
}

// A worker that computes hard answers its ping.
func TestPingBesideALoop(t *testing.T) {
	p := testPool(t, Config{Health: Health{Ping: 10 * time.Millisecond, Answer: 5 * time.Second}})
	req := request("/wait?500ms")
	go get(t.Context(), p, "/loop")
	if _, err := p.Run(t.Context(), req, &testHost{}); err != nil {
		t.Error(err)
	}
}

// An endless loop: the successor is started when the time is over, and serves; then the worker is killed.
func TestEndlessLoop(t *testing.T) {
	p := testPool(t, Config{})
	want(t, p, "/hello", "hello ada")
	old := onlyPID(t, p)
	errs := make(chan error, 1)
	go func() {
		req := request("/loop")
		req.Timeout = 100 * time.Millisecond
		_, err := p.Run(t.Context(), req, &testHost{})
		errs <- err
	}()
	next := untilWorker(t, p, IsWarm, func(e Event) bool { return e.PID != old })
	want(t, p, "/pid", fmt.Sprint(next.PID))
	select {
	case err := <-errs:
		t.Errorf("the loop ended before the successor served: %v", err)
	default:
	}
	f := wantFailure(t, <-errs, 504)
	if n := len(f.Spans); n != 2 || f.Spans[1].Error == "" || f.Spans[1].Took < killAfter {
		t.Errorf("spans %+v", f.Spans)
	}
	if e := untilWorker(t, p, Dead, nil); e.PID != old || !e.Crash {
		t.Errorf("event %+v", e)
	}
	gone(t, old)
}

func TestExitInTheMiddle(t *testing.T) {
	p := testPool(t, Config{})
	want(t, p, "/hello", "hello ada")
	_, err := get(t.Context(), p, "/exit")
	f := wantFailure(t, err, 502)
	if !strings.Contains(f.Reason, "exit status 3") || len(f.Spans) != 2 || f.Spans[1].Error != f.Reason {
		t.Errorf("failure %+v", f)
	}
	want(t, p, "/hello", "hello ada")
}

// What has been streamed cannot be repeated.
func TestRepeatAfterDeath(t *testing.T) {
	p := testPool(t, Config{Repeat: true})
	want(t, p, "/hello", "hello ada")
	var parts int
	h := &testHost{stream: func(context.Context, []byte) error { parts++; return nil }}
	_, err := p.Run(t.Context(), request("/stream?exit"), h)
	if wantFailure(t, err, 502); parts != 3 {
		t.Errorf("%d parts", parts)
	}
	h = &testHost{}
	_, err = p.Run(t.Context(), request("/exit"), h)
	if f := wantFailure(t, err, 502); len(h.pids) != 2 || len(f.Spans) != 4 {
		t.Errorf("begun in %v, spans %+v", h.pids, f.Spans)
	}
}

// A page that takes all memory ends its worker, not the front.
func TestMemoryLimit(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector needs more memory than any limit")
	}
	p := testPool(t, Config{Recycle: Recycle{Memory: 100 << 20}})
	want(t, p, "/hello", "hello ada")
	_, err := get(t.Context(), p, "/memory")
	if f := wantFailure(t, err, 502); !strings.Contains(f.Reason, "memory") {
		t.Errorf("reason %q", f.Reason)
	}
	if e := untilWorker(t, p, Dead, nil); !e.Crash {
		t.Errorf("event %+v", e)
	}
	want(t, p, "/hello", "hello ada")
}

// A flood of output is bounded, counted, and does not hold the page.
func TestFloodOfOutput(t *testing.T) {
	out := &feed.Log[Line]{}
	p := testPool(t, Config{Output: out, Name: "Main"})
	want(t, p, "/print?20000", "printed")
	pid := onlyPID(t, p)
	if err := p.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	lines := out.Since(0).Values
	dropped := 0
	for _, l := range lines {
		if l.PID != pid || l.Pool != "Main" {
			t.Fatalf("line %+v", l)
		}
		if n, rest, _ := strings.Cut(l.Text, " "); rest == "more lines were dropped" {
			k, err := strconv.Atoi(n)
			if err != nil {
				t.Error(err)
			}
			dropped += k - 1 // that line is one more
		}
	}
	if len(lines)+dropped != 20001 || len(lines) > 1000 {
		t.Errorf("%d lines kept, %d dropped", len(lines), dropped)
	}
}

func TestEnvironment(t *testing.T) {
	t.Setenv("HUYGENS_TEST_SECRET", "1")
	t.Setenv("HUYGENS_TEST_WANTED", "1")
	p := testPool(t, Config{Env: []string{"HUYGENS_TEST_WANTED"}})
	r, err := get(t.Context(), p, "/environ")
	if err != nil {
		t.Fatal(err)
	}
	if all := string(r.Body); !strings.Contains(all, "PATH=") || !strings.Contains(all, "HUYGENS_TEST_WANTED=") || strings.Contains(all, "SECRET") {
		t.Errorf("environment:\n%s", all)
	}
}

// Workers end when their standard input does, even while they compute.
func TestLifeline(t *testing.T) {
	h := &hosts{}
	p := testPool(t, Config{})
	w, err := h.launch(t.Context(), p.cfg, func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	defer h.close()
	l, err := w.dial(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Send(loopRequest); err != nil {
		t.Fatal(err)
	}
	w.stdin.Close()
	<-w.exited
	w.wait()
	if _, err := os.Stat(w.socket); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the socket is left: %v", err)
	}
}

// A worker is not ended by the terminal's Ctrl-C.
func TestInterruptIsIgnored(t *testing.T) {
	p := testPool(t, Config{})
	want(t, p, "/hello", "hello ada")
	pid := onlyPID(t, p)
	sendSignal(t, pid, syscall.SIGINT)
	want(t, p, "/pid", fmt.Sprint(pid))
}

// No worker outlives a front that is killed, whatever it does at that time.
func TestFrontKilled(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		cmd := exec.Command(self, ChildArgument, "front")
		cmd.Env = append(os.Environ(), "TMPDIR="+t.TempDir()) // nobody is left to remove the folder
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		line, err := bufio.NewReader(out).ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		pid, err := strconv.Atoi(strings.TrimSpace(line))
		if err != nil {
			t.Fatal(err)
		}
		sendSignal(t, cmd.Process.Pid, syscall.SIGKILL)
		cmd.Wait()
		gone(t, pid)
	}
}

// Folders of apps that were killed are removed, others are not.
func TestStaleFolders(t *testing.T) {
	base := t.TempDir()
	dead := exec.Command("true")
	if err := dead.Run(); err != nil {
		t.Skip(err)
	}
	long := time.Now().Add(-time.Hour)
	make := func(name string, age time.Time, files ...string) string {
		path := base + "/" + name
		if err := os.Mkdir(path, 0o700); err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if err := os.WriteFile(path+"/"+f, nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Chtimes(path, age, age); err != nil {
			t.Fatal(err)
		}
		return path
	}
	stale := make(fmt.Sprintf("huygens-%d-1", dead.Process.Pid), long)
	kept := []string{
		make(fmt.Sprintf("huygens-%d-2", dead.Process.Pid), time.Now()),
		make(fmt.Sprintf("huygens-%d-3", os.Getpid()), long),
		make(fmt.Sprintf("huygens-%d-4", dead.Process.Pid), long, "notes.txt"),
		make("huygens-notes-1", long),
	}
	path, err := makeFolder(base)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder: %v, %v", info, err)
	}
	if _, err := os.Stat(stale); err == nil {
		t.Error("a stale folder is left")
	}
	for _, k := range kept {
		if _, err := os.Stat(k); err != nil {
			t.Errorf("removed: %v", err)
		}
	}
}

func TestSocketPathsAreShort(t *testing.T) {
	f := &socketFolder{}
	t.Setenv("TMPDIR", t.TempDir()+strings.Repeat("/long", 30))
	path, err := f.socket()
	if err != nil || len(path) > maxSocketPath {
		t.Errorf("%q, %v", path, err)
	}
	f.remove()
}

// The pool leaves no process, folder or goroutine behind; a test that uses it closes it.
func TestNothingIsLeft(t *testing.T) {
	base := t.TempDir()
	t.Setenv("TMPDIR", base)
	p := testPool(t, Config{Workers: 2, StartNow: true})
	want(t, p, "/hello", "hello ada")
	for len(p.workers()) < 2 {
		<-time.After(time.Millisecond)
	}
	var pids []int
	for _, w := range p.Status().Workers {
		pids = append(pids, w.PID)
	}
	if err := p.Recycle(t.Context(), "by hand"); err != nil {
		t.Fatal(err)
	}
	if err := p.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, pid := range pids {
		if processLives(pid) {
			t.Errorf("process %d lives", pid)
		}
	}
	if left, err := os.ReadDir(base); err != nil || len(left) > 0 {
		t.Errorf("left %v, %v", left, err)
	}
}

// Recycling under load loses nothing.
func TestRecycleUnderLoad(t *testing.T) {
	p := testPool(t, Config{Concurrency: 8, Recycle: Recycle{Requests: 50}})
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for k := range 100 {
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

// Hosting can be switched while the pool lives.
func TestHostingSwitch(t *testing.T) {
	p := testPool(t, Config{})
	self := fmt.Sprint(os.Getpid())
	r, err := get(t.Context(), p, "/pid")
	if err != nil || string(r.Body) == self {
		t.Fatalf("%v, %v", r, err)
	}
	c := withSettings(p, nil)
	c.Hosting = InProcess
	if err := p.Reconfigure(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	want(t, p, "/pid", self)
}

// A full queue of real requests refuses at once, the others are all served.
func TestQueueFull(t *testing.T) {
	p := testPool(t, Config{Concurrency: 2, Queue: 10})
	want(t, p, "/hello", "hello ada")
	var wg sync.WaitGroup
	var served, refused atomic.Int64
	for range 60 {
		wg.Go(func() {
			_, err := get(t.Context(), p, "/wait?100ms")
			var f *pages.Failure
			switch {
			case err == nil:
				served.Add(1)
			case errors.As(err, &f) && f.Status == 503 && f.RetryAfter > 0:
				refused.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if served.Load() < 12 || served.Load()+refused.Load() != 60 || refused.Load() == 0 {
		t.Errorf("%d served, %d refused", served.Load(), refused.Load())
	}
}

// A client that has gone before its request could be written harms nobody.
func TestClientGoneBeforeTheRequest(t *testing.T) {
	p := testPool(t, Config{StartNow: true})
	pid := untilWorker(t, p, IsWarm, nil).PID
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 3 {
		_, err := get(ctx, p, "/hello")
		wantFailure(t, err, 499)
	}
	want(t, p, "/pid", fmt.Sprint(pid))
}
