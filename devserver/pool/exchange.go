package pool

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"huygens/devserver/wire"
	"huygens/pages"
)

// A link is a connection between front and worker. Receiving belongs to one goroutine at a time.
type link struct {
	net.Conn
	*wire.Reader
	*wire.Writer
}

func newLink(c net.Conn) *link { return &link{c, wire.NewReader(c, 0), wire.NewWriter(c)} }

// longAgo as a deadline wakes whoever is receiving.
var longAgo = time.Unix(1, 0)

// wakeOn wakes the goroutine that receives when ctx ends. It must not trust the time-out it gets: a wake from an
// earlier ctx may come late.
func (l *link) wakeOn(ctx context.Context) (stop func() bool) {
	return context.AfterFunc(ctx, func() { l.SetReadDeadline(longAgo) })
}

func isTimeout(err error) bool { return errors.Is(err, os.ErrDeadlineExceeded) }

// maxBody is how long the whole body of an answer may be; what is longer must be streamed.
const maxBody = 64 << 20

var (
	errNonsense = errors.New("the worker sent what no worker sends")
	errOver     = errors.New("the request is over its time")
)

// An exchange is the front's side of one request on a link, from its frame to its answer.
type exchange struct {
	*call
	link *link
	id   uint64
	body []byte // of Parts so far

	parts int
	busy  time.Duration // the worker has computed so long, what runs now not counted
	since time.Time     // when it went on
	over  bool          // late has been called
	alone bool          // the client went away: calls are refused
}

// quick is how long a request runs before somebody looks whether its client is still there: most are over by
// then, and never pay for it.
const quick = 20 * time.Millisecond

// wait receives until the answer is there. Its error is that of ctx, errOver, or what is wrong with the link.
func (x *exchange) wait(ctx context.Context) (answer, error) {
	stop := func() bool { return true }
	defer func() { stop() }()
	for watched := false; ; {
		until := x.deadline()
		if look := x.since.Add(quick); !watched && (until.IsZero() || look.Before(until)) {
			until = look
		}
		if err := x.link.SetReadDeadline(until); err != nil {
			return answer{}, err
		}
		if ctx.Err() != nil { // after the deadline is set: else the wake could have been undone
			return answer{}, context.Cause(ctx)
		}
		m, err := x.link.Receive()
		switch {
		case isTimeout(err):
			if !watched {
				watched, stop = true, x.link.wakeOn(ctx)
			}
			if err := x.checkTime(); err != nil {
				return answer{}, err
			}
			continue
		case err != nil:
			return answer{}, err
		}
		a, ended, err := x.handle(ctx, m)
		if err != nil || ended {
			return a, err
		}
	}
}

// deadline is the moment at which something has to be done; none if the request has no limit.
func (x *exchange) deadline() time.Time {
	limit := x.req.Timeout
	if limit <= 0 {
		return time.Time{}
	}
	if x.over {
		limit += killAfter
	} else {
		limit += softSlack
	}
	return x.since.Add(limit - x.busy)
}

func (x *exchange) checkTime() error {
	if x.req.Timeout <= 0 || time.Now().Before(x.deadline()) {
		return nil
	}
	if x.over {
		return errOver
	}
	x.over = true
	x.late()
	return nil
}

// handle takes one message. ended says that it was the answer.
func (x *exchange) handle(ctx context.Context, m wire.Message) (a answer, ended bool, err error) {
	switch m := m.(type) {
	case *wire.Result:
		if m.ID != x.id || m.Parts != x.parts {
			return a, false, errNonsense
		}
		if x.body != nil {
			m.Result.Body = append(x.body, m.Result.Body...)
		}
		return answer{result: m.Result, began: m.Began}, true, nil
	case *wire.Failure:
		if m.ID != x.id {
			return a, false, errNonsense
		}
		return answer{failure: asFailure(m.Failure), began: m.Began}, true, nil
	case *wire.Part:
		x.parts++
		x.body = append(x.body, m.Data...)
		if len(x.body) > maxBody {
			return a, false, fmt.Errorf("%w: a body of more than %d bytes", errNonsense, maxBody)
		}
		return a, false, nil
	case *wire.Progress:
		if !x.alone {
			x.host.progress(ctx, m.Began, m.Spans, m.Lines)
		}
		return a, false, nil
	}
	return a, false, x.serve(ctx, m)
}

// serve answers a call of the worker. The time that takes is not the worker's.
func (x *exchange) serve(ctx context.Context, m wire.Message) error {
	x.busy += time.Since(x.since)
	defer func() { x.since = time.Now() }()
	var reply wire.Message
	switch m := m.(type) {
	case *wire.BodyRead:
		if m.Max <= 0 {
			return fmt.Errorf("%w: a read of %d bytes", errNonsense, m.Max)
		}
		reply = x.readBody(m.Max)
	case *wire.SessionCall:
		session, err := x.session(ctx, m.Mode)
		reply = &wire.SessionAnswer{Session: session, Err: err}
	case *wire.StreamCall:
		reply = &wire.StreamAnswer{Err: x.stream(ctx, m)}
		x.busy = 0
	case *wire.PauseCall:
		action, err := x.pause(ctx, m)
		reply = &wire.PauseAnswer{Action: action, Err: err}
	default:
		return fmt.Errorf("%w: %T in a request", errNonsense, m)
	}
	err := x.link.Send(reply)
	if errors.Is(err, wire.ErrTooLarge) {
		return x.link.Send(tooLarge(reply, err))
	}
	return err
}

// tooLarge is the answer instead of one that does not fit a frame.
func tooLarge(reply wire.Message, err error) wire.Message {
	switch reply.(type) {
	case *wire.SessionAnswer:
		return &wire.SessionAnswer{Err: err}
	case *wire.PauseAnswer:
		return &wire.PauseAnswer{Err: err}
	}
	return &wire.StreamAnswer{Err: err}
}

func (x *exchange) session(ctx context.Context, mode pages.SessionMode) (pages.Session, error) {
	if x.alone {
		return pages.Session{}, errGone
	}
	return x.host.Session(ctx, mode)
}

func (x *exchange) stream(ctx context.Context, m *wire.StreamCall) error {
	if x.alone {
		return errGone
	}
	return x.host.Stream(ctx, m.Status, m.Header, m.Part)
}

func (x *exchange) pause(ctx context.Context, m *wire.PauseCall) (pages.Action, error) {
	if x.alone {
		return pages.Action{}, errGone
	}
	return x.host.Pause(ctx, m.At, m.Snapshot)
}

// readBody reads at least one byte of the request's body, unless it ends.
func (x *exchange) readBody(limit int) *wire.BodyPart {
	switch {
	case x.alone:
		return &wire.BodyPart{Err: errGone}
	case !x.more:
		return &wire.BodyPart{End: true}
	}
	data := make([]byte, min(limit, firstSize))
	for {
		n, err := x.req.Body.Read(data)
		part := &wire.BodyPart{Data: data[:n], End: errors.Is(err, io.EOF)}
		if err != nil && !part.End {
			part.Err = err
		}
		if n > 0 || err != nil {
			return part
		}
	}
}
