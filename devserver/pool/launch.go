package pool

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"time"

	"huygens/devserver/wire"
)

// hosts starts real workers. The zero value is ready for use.
type hosts struct {
	spawner spawner
	folder  socketFolder
}

func (h *hosts) start(ctx context.Context, c Config, spawned func(pid int)) (backend, error) {
	if c.Hosting == InProcess {
		spawned(0)
		return startInProcess(c)
	}
	w, err := h.launch(ctx, c, spawned)
	if err != nil {
		return nil, err
	}
	return w, nil
}

func (h *hosts) close() {
	h.spawner.close()
	h.folder.remove()
}

// errExited says that the process ended before it was ready; why is its verdict.
var errExited = errors.New("the worker ended before it was ready")

// launch starts a worker process and waits until it is ready.
func (h *hosts) launch(ctx context.Context, c Config, spawned func(pid int)) (*process, error) {
	socket, err := h.folder.socket()
	if err != nil {
		return nil, err
	}
	w := &process{cfg: c, socket: socket, exited: make(chan struct{})}
	rand.Read(w.secret[:]) // never fails (crypto/rand, Go 1.24)
	if err := w.spawn(&h.spawner); err != nil {
		return nil, fmt.Errorf("starting %s: %w", c.Program.Executable, err)
	}
	spawned(w.pid)
	err = w.prepare(ctx)
	if err == nil {
		w.watch()
		return w, nil
	}
	if !errors.Is(err, errExited) {
		w.kill(verdict{status: 502, reason: err.Error()})
	}
	<-w.exited
	w.wait()
	if errors.Is(err, errExited) {
		return nil, errors.New(w.last().reason)
	}
	return nil, err
}

// spawn starts the process, and the goroutines that wait for it and read what it prints.
func (w *process) spawn(s *spawner) (err error) {
	var ours, theirs [3]*os.File
	defer func() {
		closeAll(theirs)
		if err != nil {
			closeAll(ours)
		}
	}()
	for i := range ours {
		if ours[i], theirs[i], err = os.Pipe(); err != nil {
			return err
		}
	}
	ours[0], theirs[0] = theirs[0], ours[0]
	w.cmd = exec.Command(w.cfg.Program.Executable, w.cfg.Program.Args...)
	w.cmd.Env = environment(os.Environ(), w.cfg.Env)
	w.cmd.Stdin, w.cmd.Stdout, w.cmd.Stderr = theirs[0], theirs[1], theirs[2]
	w.cmd.SysProcAttr = processAttributes()
	if err := s.run(w.cmd.Start); err != nil {
		return err
	}
	w.pid = w.cmd.Process.Pid
	w.name = fmt.Sprintf("worker %d", w.pid)
	w.stdin = ours[0]
	w.output = readOutput(w.cfg, w.pid, ours[1], ours[2])
	w.goroutines.Go(w.await)
	return nil
}

func closeAll(files [3]*os.File) {
	for _, f := range files {
		if f != nil {
			f.Close()
		}
	}
}

// prepare gives the worker what it needs, waits for its line, and opens the control connection.
func (w *process) prepare(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() { w.kill(verdict{status: 502, reason: context.Cause(ctx).Error()}) })
	defer stop()
	err := wire.NewWriter(w.stdin).Send(&wire.Start{
		Secret: w.secret, Socket: w.socket, Memory: w.cfg.Recycle.Memory,
		Connections: 2*w.cfg.Concurrency + 1, Settings: w.cfg.Settings,
	})
	if errors.Is(err, wire.ErrTooLarge) {
		return err
	}
	line, ok := <-w.output.hello // comes, or is closed at the end of the output
	if !ok {
		return errExited
	}
	if err := checkHandshake(line); err != nil {
		return err
	}
	l, err := w.dial(ctx, true)
	if err != nil {
		return err
	}
	l.SetReadDeadline(time.Now().Add(w.cfg.StartTimeout))
	m, err := l.Receive()
	if hello, ok := m.(*wire.Hello); err != nil || !ok || hello.Build != buildID() {
		l.Close()
		return fmt.Errorf("the worker did not say hello: %w", errors.Join(err, errNonsense))
	}
	l.SetReadDeadline(time.Time{})
	return w.setControl(newControl(l))
}

// setControl makes c the control connection, unless the process has ended meanwhile.
func (w *process) setControl(c *control) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.sealed {
		c.close()
		return errExited
	}
	w.control = c
	return nil
}

// dial opens a connection to the worker.
func (w *process) dial(ctx context.Context, control bool) (*link, error) {
	c, err := (&net.Dialer{}).DialContext(ctx, "unix", w.socket)
	if err != nil {
		return nil, fmt.Errorf("connecting to the worker: %w", err)
	}
	l := newLink(c)
	if err := l.Send(&wire.Open{Secret: w.secret, Control: control}); err != nil {
		c.Close()
		return nil, fmt.Errorf("connecting to the worker: %w", err)
	}
	return l, nil
}

// watch reads the control connection, and asks the worker whether it lives.
func (w *process) watch() {
	w.goroutines.Go(func() {
		err := w.control.read()
		select {
		case <-w.exited:
		case <-time.After(lostTime): // a worker that ends closes its connections first
			w.kill(verdict{status: 502, reason: "the worker left its control connection: " + err.Error(), crash: true})
		}
	})
	if w.cfg.Health.Ping <= 0 {
		return
	}
	w.goroutines.Go(func() {
		if !w.control.ping(w.cfg.Health, w.exited) {
			w.kill(verdict{status: 504, reason: fmt.Sprintf("the worker did not answer for %s", w.cfg.Health.Answer)})
		}
	})
}
