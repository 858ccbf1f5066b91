package pool

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"huygens/pages"
)

// cpuTime is the processor time of a process so far, user and system. The system counts it in hundredths of a
// second, so long runs are needed.
func cpuTime(b *testing.B, pid int) time.Duration {
	b.Helper()
	if pid == os.Getpid() {
		var u unix.Rusage
		if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		b.Fatal(err)
	}
	_, rest, _ := bytes.Cut(data, []byte(") "))
	fields := bytes.Fields(rest)
	user, err1 := strconv.Atoi(string(fields[11]))
	system, err2 := strconv.Atoi(string(fields[12]))
	if err1 != nil || err2 != nil {
		b.Fatal(err1, err2)
	}
	return time.Duration(user+system) * 10 * time.Millisecond
}

// BenchmarkHop: a constant answer of 2.7 kB from a worker process. The metric is the processor time of both sides
// together; the aim is 16 µs (issue 6).
func BenchmarkHop(b *testing.B) { benchmarkRun(b, Config{}, "/big?2700", 16) }

// BenchmarkHopOne is the same with one client: the way there and back.
func BenchmarkHopOne(b *testing.B) { benchmarkRun(b, Config{}, "/big?2700", 0) }

// BenchmarkHopPage: an answer with 40 spans, as a page gives.
func BenchmarkHopPage(b *testing.B) { benchmarkRun(b, Config{}, "/page", 16) }

// BenchmarkInProcess: the same without a hop; the aim is 2 µs.
func BenchmarkInProcess(b *testing.B) {
	benchmarkRun(b, Config{Hosting: InProcess}, "/constant", 0)
}

func benchmarkRun(b *testing.B, c Config, target string, clients int) {
	p := testPool(b, c)
	header := []pages.Field{
		{Name: "Host", Value: "127.0.0.1:8080"},
		{Name: "User-Agent", Value: "bench"},
		{Name: "Accept", Value: "text/html"},
		{Name: "Accept-Encoding", Value: "gzip"},
		{Name: "Connection", Value: "keep-alive"},
	}
	run := func() {
		req := request(target)
		req.Header, req.Timeout = header, 10*time.Second
		if _, err := p.Run(b.Context(), req, &testHost{}); err != nil {
			b.Error(err)
		}
	}
	run()
	pids := []int{os.Getpid()}
	if c.Hosting != InProcess {
		pids = append(pids, p.Status().Workers[0].PID)
	}
	sum := func() (all time.Duration) {
		for _, pid := range pids {
			all += cpuTime(b, pid)
		}
		return all
	}
	before := sum()
	b.ReportAllocs()
	b.ResetTimer()
	if clients == 0 {
		for range b.N {
			run()
		}
	} else {
		inClients(b.N, clients, run)
	}
	b.StopTimer()
	b.ReportMetric(float64((sum()-before).Nanoseconds())/1e3/float64(b.N), "cpu-µs/op")
}

func inClients(n, clients int, run func()) {
	var left atomic.Int64
	left.Store(int64(n))
	done := make(chan struct{})
	for range clients {
		go func() {
			for left.Add(-1) >= 0 {
				run()
			}
			done <- struct{}{}
		}()
	}
	for range clients {
		<-done
	}
}

// BenchmarkStart: from nothing to the first answer of a worker process.
func BenchmarkStart(b *testing.B) {
	for range b.N {
		p := testPool(b, Config{})
		want(b, p, "/hello", "hello ada")
		b.StopTimer()
		p.Close(b.Context())
		b.StartTimer()
	}
}

// BenchmarkRecycle: an idle worker is replaced.
func BenchmarkRecycle(b *testing.B) {
	p := testPool(b, Config{})
	want(b, p, "/hello", "hello ada")
	for b.Loop() {
		if err := p.Recycle(b.Context(), "by hand"); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSocketAlone: as many bytes there and back between two goroutines, without messages: what of BenchmarkHop
// the system takes, at least.
func BenchmarkSocketAlone(b *testing.B) {
	const clients, there, back = 16, 300, 2800
	l, err := net.Listen("unix", filepath.Join(b.TempDir(), "s"))
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	connections := make(chan net.Conn, clients)
	for range clients {
		c, err := net.Dial("unix", l.Addr().String())
		if err != nil {
			b.Fatal(err)
		}
		defer c.Close()
		connections <- c
		s, err := l.Accept()
		if err != nil {
			b.Fatal(err)
		}
		go answerBytes(s, there, back) // ends when c is closed
	}
	before := cpuTime(b, os.Getpid())
	b.ResetTimer()
	inClients(b.N, clients, func() {
		c := <-connections
		defer func() { connections <- c }()
		if _, err := c.Write(make([]byte, there)); err != nil {
			b.Error(err)
		}
		if _, err := io.ReadFull(c, make([]byte, back)); err != nil {
			b.Error(err)
		}
	})
	b.ReportMetric(float64((cpuTime(b, os.Getpid())-before).Nanoseconds())/1e3/float64(b.N), "cpu-µs/op")
}

func answerBytes(c net.Conn, there, back int) {
	defer c.Close()
	in, out := make([]byte, there), make([]byte, back)
	for {
		if _, err := io.ReadFull(c, in); err != nil {
			return
		}
		if _, err := c.Write(out); err != nil {
			return
		}
	}
}
