package tools

import (
	"context"
	"errors"
	"net/http"
	"os"
	"strconv"
	"time"

	"huygens/devserver/feed"
	"huygens/devserver/trace"
)

// pingEvery is how often a silent stream shows that it lives, so that one whose reader is gone is found.
const pingEvery = 15 * time.Second

// A slowWriter gives each piece a time in which the reader must make room for it.
type slowWriter struct {
	w       http.ResponseWriter
	control *http.ResponseController
	timeout time.Duration
	used    bool
}

func newSlowWriter(w http.ResponseWriter, timeout time.Duration) *slowWriter {
	return &slowWriter{w: w, control: http.NewResponseController(w), timeout: timeout}
}

func (s *slowWriter) Write(b []byte) (int, error) {
	s.used = true
	if err := s.control.SetWriteDeadline(time.Now().Add(s.timeout)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return 0, err
	}
	return s.w.Write(b)
}

// send writes a piece and pushes it out.
func (s *slowWriter) send(b []byte) error {
	if _, err := s.Write(b); err != nil {
		return err
	}
	return s.control.Flush()
}

// release takes the time limit off, for the next request on this connection.
func (s *slowWriter) release() { _ = s.control.SetWriteDeadline(time.Time{}) }

// events is a stream of server-sent events: one trace in one message. It begins with what comes after the
// number in after= or Last-Event-ID; without one, with what is new.
func (p port) events(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	if last := r.Header.Get("Last-Event-ID"); last != "" {
		query.Set("after", last)
	}
	q, err := p.question(query)
	if err != nil {
		say(w, http.StatusBadRequest, trace.CleanLine(err.Error()))
		return
	}
	if query.Get("after") == "" {
		q.after = p.config.Traces.Since(0).Last
	}
	if !p.streams.take() {
		busy(w)
		return
	}
	defer p.streams.give()
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer context.AfterFunc(p.Tools.open, cancel)()
	w.Header().Set("Content-Type", "text/event-stream")
	if r.Method == http.MethodHead {
		return
	}
	if err := p.stream(ctx, newSlowWriter(w, p.config.WriteTimeout), &q); errors.Is(err, os.ErrDeadlineExceeded) {
		p.dropped.Add(1)
	}
}

// stream sends batches until the reader goes or stops reading, or ctx ends.
func (p port) stream(ctx context.Context, out *slowWriter, q *question) error {
	if err := out.send([]byte("retry: 1000\n\n")); err != nil {
		return err
	}
	pace := time.NewTicker(p.config.Pace)
	defer pace.Stop()
	for ctx.Err() == nil {
		waiting, cancel := context.WithTimeout(ctx, pingEvery)
		b, err := p.config.Traces.Next(waiting, q.after)
		cancel()
		if err != nil {
			if err := out.send([]byte(": ping\n\n")); err != nil {
				return err
			}
			continue
		}
		q.after = b.Last
		b.Values = q.choose(b.Values)
		if err := sendBatch(out, b); err != nil {
			return err
		}
		select {
		case <-pace.C:
		case <-ctx.Done():
		}
	}
	return ctx.Err()
}

// sendBatch writes one message for each trace; the last one carries the number from which to go on.
func sendBatch(out *slowWriter, b feed.Batch[*trace.Trace]) error {
	var buffer []byte
	if b.Missed > 0 {
		buffer = strconv.AppendUint(append(buffer, "event: missed\ndata: {\"missed\":"...), b.Missed, 10)
		buffer = append(buffer, "}\n\n"...)
	}
	for i, t := range b.Values {
		if i == len(b.Values)-1 {
			buffer = append(strconv.AppendUint(append(buffer, "id: "...), b.Last, 10), '\n')
		}
		buffer = append(t.AppendJSON(append(buffer, "data: "...)), "\n\n"...)
		if len(buffer) > 32<<10 {
			if _, err := out.Write(buffer); err != nil {
				return err
			}
			buffer = buffer[:0]
		}
	}
	if len(buffer) == 0 && len(b.Values) == 0 {
		return nil
	}
	return out.send(buffer)
}
