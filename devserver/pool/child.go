package pool

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"sync"
	"time"

	"huygens/devserver/wire"
	"huygens/pages"
)

// ChildArgument is the first argument of a program that is started as a worker: it must call Child then, before
// anything else, and end when that returns.
const ChildArgument = "huygens-worker"

const (
	openTime    = 5 * time.Second // for the first message on a connection
	openLimit   = 1 << 10         // bytes of it
	goodbyeTime = time.Second     // for the runner to close
)

// Child is the life of a worker process. It reads what it must know from stdin, limits its memory, makes the
// runner with start, says on stdout that it is ready, and answers requests until the front says goodbye or stdin
// ends. The process must end when Child returns: requests may still be running.
func Child(stdin io.Reader, stdout io.Writer, start StartFunc) error {
	signal.Ignore(os.Interrupt) // the terminal sends it to all; the front ends its workers itself
	in := wire.NewReader(stdin, 0)
	m, err := in.Receive()
	if err != nil {
		return fmt.Errorf("reading what the worker is to do: %w", err)
	}
	s, ok := m.(*wire.Start)
	if !ok {
		return fmt.Errorf("reading what the worker is to do: %w", errNonsense)
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(errEnded)
	go func() { // ends with the process: reading stdin cannot be interrupted
		in.Receive() // nothing more ever comes
		cancel(errLifeline)
	}()
	c, listener, err := newChild(ctx, s, start)
	if err != nil {
		fmt.Fprintln(stdout, failedLine(err))
		return err
	}
	defer os.Remove(s.Socket)
	if _, err := fmt.Fprintln(stdout, readyLine()); err != nil {
		return fmt.Errorf("telling the front: %w", err)
	}
	c.bye = cancel
	c.serve(ctx, listener)
	return c.close()
}

var (
	errLifeline = errors.New("the app has ended")
	errBye      = errors.New("the front said goodbye")
)

// child is a worker, inside its own process.
type child struct {
	running
	secret      [wire.SecretSize]byte
	connections chan struct{} // bounds them: one entry each
	bye         context.CancelCauseFunc

	mu         sync.Mutex // guards controlled
	controlled bool       // there is a control connection
}

func newChild(ctx context.Context, s *wire.Start, start StartFunc) (*child, net.Listener, error) {
	if err := limitMemory(s.Memory); err != nil {
		return nil, nil, err
	}
	runner, err := start(ctx, s.Settings)
	if err != nil {
		return nil, nil, err
	}
	l, err := net.Listen("unix", s.Socket)
	if err != nil {
		return nil, nil, fmt.Errorf("opening the worker's socket: %w", err)
	}
	if err := os.Chmod(s.Socket, 0o600); err != nil { // the folder keeps others out already
		l.Close()
		return nil, nil, fmt.Errorf("opening the worker's socket: %w", err)
	}
	c := &child{
		running: running{runner: runner}, secret: s.Secret,
		connections: make(chan struct{}, max(s.Connections, 1)),
	}
	return c, l, nil
}

// serve accepts connections until ctx ends. Their goroutines end with the process.
func (c *child) serve(ctx context.Context, l net.Listener) {
	stop := context.AfterFunc(ctx, func() { l.Close() })
	defer stop()
	for {
		conn, err := l.Accept()
		if ctx.Err() != nil {
			return
		}
		if err != nil { // no descriptor is free: one will be
			pause(ctx, 10*time.Millisecond)
			continue
		}
		select {
		case c.connections <- struct{}{}:
			go func() {
				c.connection(ctx, newLink(conn))
				<-c.connections
			}()
		default:
			conn.Close()
		}
	}
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

// connection asks for the secret and serves what follows.
func (c *child) connection(ctx context.Context, l *link) {
	defer l.Close()
	l.SetLimit(openLimit)
	l.SetReadDeadline(time.Now().Add(openTime))
	m, err := l.Receive()
	open, ok := m.(*wire.Open)
	if err != nil || !ok || subtle.ConstantTimeCompare(open.Secret[:], c.secret[:]) != 1 {
		return
	}
	l.SetLimit(wire.MaxFrame)
	l.SetReadDeadline(time.Time{})
	if open.Control {
		c.control(ctx, l)
		return
	}
	for {
		m, err := l.Receive()
		if isTimeout(err) { // a wake that came after its request had ended
			l.SetReadDeadline(time.Time{})
			continue
		}
		if err != nil {
			return
		}
		r, ok := m.(*wire.Request)
		if !ok || !c.request(ctx, l, r) {
			return
		}
	}
}

// control serves the control connection; there is one.
func (c *child) control(ctx context.Context, l *link) {
	c.mu.Lock()
	second := c.controlled
	c.controlled = true
	c.mu.Unlock()
	if second || l.Send(&wire.Hello{Build: buildID(), PID: os.Getpid()}) != nil {
		return
	}
	defer c.bye(errBye) // without control there is no front
	for {
		m, err := l.Receive()
		if err != nil {
			return
		}
		switch m := m.(type) {
		case *wire.Ping:
			l.Send(&wire.Pong{Number: m.Number})
		case *wire.Cancel:
			c.cancel(m.ID)
		case *wire.Request:
			go c.own(ctx, l, m) // ends with the process
		case *wire.Drain: // nothing has to be done for it yet
		case *wire.Bye:
			return
		default:
			return
		}
	}
}

// own runs one of the front's own kinds of requests.
func (c *child) own(ctx context.Context, l *link, r *wire.Request) {
	began := time.Now()
	result, failure := c.run(ctx, r.ID, r.Request, noHost{})
	if failure != nil {
		l.Send(&wire.Failure{ID: r.ID, Began: began, Failure: failure})
		return
	}
	err := l.Send(&wire.Result{ID: r.ID, Began: began, Result: result})
	if errors.Is(err, wire.ErrTooLarge) {
		l.Send(&wire.Failure{ID: r.ID, Began: began, Failure: unsendable(err)})
	}
}

// close ends the runner, which may take goodbyeTime.
func (c *child) close() error {
	c.running.end(errEnded)
	closed := make(chan error, 1)
	go func() { closed <- closeRunner(c.runner) }() // ends with the process
	select {
	case err := <-closed:
		return err
	case <-time.After(goodbyeTime):
		return nil
	}
}

func unsendable(err error) *pages.Failure {
	return &pages.Failure{Status: 502, Reason: "The answer is too large to be sent whole.", Err: err}
}
