package pool

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"huygens/devserver/wire"
	"huygens/pages"
)

// request runs one request and answers it. It returns false when the connection cannot be used any more.
func (c *child) request(ctx context.Context, l *link, r *wire.Request) bool {
	host := &remoteHost{link: l}
	req := r.Request
	if r.First != nil || r.More {
		req.Body = &remoteBody{first: r.First, more: r.More, host: host}
	}
	host.began = time.Now()
	result, failure := c.run(ctx, r.ID, req, host)
	if host.end() != nil {
		return false
	}
	if failure != nil {
		return l.Send(&wire.Failure{ID: r.ID, Began: host.began, Failure: failure}) == nil
	}
	return sendResult(l, &wire.Result{ID: r.ID, Began: host.began, Result: result}) == nil
}

// sendResult sends an answer: a long body in parts, and without what explains it if it does not fit otherwise.
func sendResult(l *link, m *wire.Result) error {
	if len(m.Result.Body) > maxBody {
		return l.Send(&wire.Failure{ID: m.ID, Began: m.Began, Failure: unsendable(wire.ErrTooLarge)})
	}
	short := *m.Result
	m.Result = &short
	for len(short.Body) > wire.PartSize {
		if err := l.Send(&wire.Part{Data: short.Body[:wire.PartSize]}); err != nil {
			return err
		}
		short.Body = short.Body[wire.PartSize:]
		m.Parts++
	}
	err := l.Send(m)
	if errors.Is(err, wire.ErrTooLarge) {
		short.Spans = short.Spans[:min(len(short.Spans), 1000)]
		short.Log = []pages.Line{{Level: "warn", Text: "log and spans are too long to be kept", Source: "huygens"}}
		err = l.Send(m)
	}
	if errors.Is(err, wire.ErrTooLarge) {
		err = l.Send(&wire.Failure{ID: m.ID, Began: m.Began, Failure: unsendable(err)})
	}
	return err
}

// remoteHost is the host of a request whose front is another process: each call is one frame there and one back.
type remoteHost struct {
	link  *link
	began time.Time

	calls   sync.Mutex // held during a call: the connection carries one at a time; guards pending
	pending int        // answers that nobody waits for any more

	mu    sync.Mutex // held while a frame is sent; guards ended
	ended bool
}

// send writes a frame, unless the request has ended.
func (h *remoteHost) send(m wire.Message) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ended {
		return errEnded
	}
	return h.link.Send(m)
}

// call sends m and waits for its answer, at most until ctx ends.
func (h *remoteHost) call(ctx context.Context, m wire.Message) (wire.Message, error) {
	h.calls.Lock()
	defer h.calls.Unlock()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err := h.settle(ctx); err != nil {
		return nil, err
	}
	if err := h.send(m); err != nil {
		return nil, err
	}
	h.pending++
	return h.receive(ctx)
}

// settle takes the answers that nobody waits for any more.
func (h *remoteHost) settle(ctx context.Context) error {
	for h.pending > 0 {
		if _, err := h.receive(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (h *remoteHost) receive(ctx context.Context) (wire.Message, error) {
	stop := h.link.wakeOn(ctx)
	defer stop()
	for {
		if err := h.link.SetReadDeadline(time.Time{}); err != nil {
			return nil, err
		}
		if ctx.Err() != nil { // after the deadline is set: else the wake could have been undone
			return nil, context.Cause(ctx)
		}
		m, err := h.link.Receive()
		if isTimeout(err) {
			continue
		}
		if err == nil {
			h.pending--
		}
		return m, err
	}
}

// end takes what is still to come, and lets nothing be sent any more but the answer.
func (h *remoteHost) end() error {
	h.calls.Lock()
	defer h.calls.Unlock()
	h.mu.Lock()
	h.ended = true
	h.mu.Unlock()
	return h.settle(context.Background())
}

// ask is call for an answer of type A.
func ask[A wire.Message](ctx context.Context, h *remoteHost, m wire.Message) (answer A, err error) {
	got, err := h.call(ctx, m)
	if err != nil {
		return answer, err
	}
	answer, ok := got.(A)
	if !ok {
		h.link.Close()
		return answer, errNonsense
	}
	return answer, nil
}

func (h *remoteHost) Session(ctx context.Context, mode pages.SessionMode) (pages.Session, error) {
	a, err := ask[*wire.SessionAnswer](ctx, h, &wire.SessionCall{Mode: mode})
	if err != nil {
		return pages.Session{}, err
	}
	return a.Session, a.Err
}

func (h *remoteHost) Stream(ctx context.Context, status int, header []pages.Field, part []byte) error {
	for {
		n := min(len(part), wire.PartSize)
		a, err := ask[*wire.StreamAnswer](ctx, h, &wire.StreamCall{Status: status, Header: header, Part: part[:n]})
		if err == nil {
			err = a.Err
		}
		if part = part[n:]; err != nil || len(part) == 0 {
			return err
		}
	}
}

func (h *remoteHost) Pause(ctx context.Context, at pages.Stage, s pages.Snapshot) (pages.Action, error) {
	a, err := ask[*wire.PauseAnswer](ctx, h, &wire.PauseCall{At: at, Snapshot: s})
	if err != nil {
		return pages.Action{}, err
	}
	return a.Action, a.Err
}

// Progress has no answer; that it does not arrive is nobody's concern.
func (h *remoteHost) Progress(_ context.Context, spans []pages.Span, lines []pages.Line) {
	h.send(&wire.Progress{Began: h.began, Spans: spans, Lines: lines})
}

// remoteBody reads a request's body: what came with the request, then what the front has.
type remoteBody struct {
	first []byte
	more  bool
	err   error
	host  *remoteHost
}

func (b *remoteBody) Read(p []byte) (int, error) {
	for len(b.first) == 0 {
		switch {
		case len(p) == 0:
			return 0, nil
		case b.err != nil:
			return 0, b.err
		case !b.more:
			return 0, io.EOF
		}
		a, err := ask[*wire.BodyPart](context.Background(), b.host, &wire.BodyRead{Max: firstSize})
		if err != nil {
			b.err = err
			continue
		}
		b.first, b.more, b.err = a.Data, !a.End, a.Err
	}
	n := copy(p, b.first)
	b.first = b.first[n:]
	return n, nil
}
