package script

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// A script that fills the memory is interrupted, and a short one that runs beside it is not.
func TestWatchdog(t *testing.T) {
	dog := &Watchdog{Limit: heapSize() + 64<<20, Long: 20 * time.Millisecond}
	ctx, cancel := context.WithCancelCause(context.Background())
	ended := make(chan error)
	go func() { ended <- dog.Run(ctx) }()
	p := compile(t, "function f() { const all = []; while (true) all.push({ a: [all.length] }) }\nfunction g() { return 1 }")
	for range 2 {
		r, err := p.Start(context.Background(), Host{Watchdog: dog})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Call(context.Background(), "f"); !errors.Is(err, ErrMemory) {
			t.Errorf("error is %v", err)
		}
		if v, err := r.Call(context.Background(), "g"); err != nil || v != int64(1) {
			t.Errorf("the next call gives %v, %v", v, err)
		}
		r.Close()
	}
	stop := errors.New("stop")
	cancel(stop)
	if err := <-ended; !errors.Is(err, stop) {
		t.Errorf("Run returned %v", err)
	}
}

func TestWatchdogLook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dog := &Watchdog{Limit: 1000}
		if _, idle := dog.look(5000); !idle {
			t.Error("it does not rest without scripts")
		}
		p := compile(t, "function f() {}")
		long, err := p.Start(t.Context(), Host{Watchdog: dog})
		if err != nil {
			t.Fatal(err)
		}
		defer long.Close()
		long.watched.begin()
		if pause, idle := dog.look(5000); idle || pause != 100*time.Millisecond {
			t.Errorf("a new script: pause %v, idle %v", pause, idle)
		}
		<-time.After(60 * time.Millisecond)
		short, err := p.Start(t.Context(), Host{Watchdog: dog})
		if err != nil {
			t.Fatal(err)
		}
		defer short.Close()
		short.watched.begin()
		<-time.After(50 * time.Millisecond)
		if pause, _ := dog.look(500); pause != every {
			t.Errorf("a long one: pause %v", pause)
		}
		if len(dog.running) != 2 {
			t.Error("interrupted below the limit")
		}
		dog.look(5000)
		if _, ok := dog.running[long.watched]; ok {
			t.Error("the long one is not interrupted")
		}
		if _, ok := dog.running[short.watched]; !ok {
			t.Error("the short one is interrupted")
		}
		if _, err := long.Call(t.Context(), "f"); !errors.Is(err, ErrMemory) {
			t.Errorf("error is %v", err)
		}
	})
}

func TestNoWatchdog(t *testing.T) {
	for _, dog := range []*Watchdog{nil, {}} {
		r, err := compile(t, "").Start(context.Background(), Host{Watchdog: dog})
		if err != nil {
			t.Fatal(err)
		}
		r.Close()
	}
}
