package pool

import (
	"context"
	"os"
	"strconv"
	"testing"

	"golang.org/x/sys/unix"
)

// When the front has no descriptor left, requests are refused; the worker is not to blame and lives on.
func TestNoDescriptorLeft(t *testing.T) {
	p := testPool(t, Config{})
	want(t, p, "/hello", "hello ada")
	pid := onlyPID(t, p)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	begun := make(chan struct{}, 1)
	h := &testHost{stream: func(context.Context, []byte) error { begun <- struct{}{}; return nil }}
	go p.Run(ctx, request("/ticks?1h"), h) // takes the only connection
	<-begun

	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	highest := 0
	for _, e := range entries {
		n, err := strconv.Atoi(e.Name())
		if err != nil {
			t.Fatal(err)
		}
		highest = max(highest, n)
	}
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	var holes []*os.File // below the highest
	for {
		f, err := os.Open("/dev/null")
		if err != nil {
			t.Fatal(err)
		}
		if int(f.Fd()) > highest {
			f.Close()
			break
		}
		holes = append(holes, f)
	}
	low := limit
	low.Cur = uint64(highest + 1)
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &low); err != nil {
		t.Fatal(err)
	}
	_, err = get(t.Context(), p, "/hello")
	if e := unix.Setrlimit(unix.RLIMIT_NOFILE, &limit); e != nil {
		t.Fatal(e)
	}
	for _, f := range holes {
		f.Close()
	}
	if f := wantFailure(t, err, 503); f.RetryAfter <= 0 {
		t.Errorf("failure %+v", f)
	}
	want(t, p, "/pid", strconv.Itoa(pid))
}
