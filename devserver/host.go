package devserver

import (
	"context"
	"errors"
	"net/http"

	"huygens/pages"
)

var errNotYet = errors.New("this version of the front does not offer it yet")

// A host is how a running request talks to the front: one for each request.
type host struct {
	*exchange
	streaming *http.ResponseController // nil until the first part was sent
}

// Begun notes which worker runs the request.
func (h *host) Begun(pool string, pid int) { h.record.Pool(pool, pid) }

// Session answers "not yet": sessions come with the session module.
func (h *host) Session(context.Context, pages.SessionMode) (pages.Session, error) {
	return pages.Session{}, errNotYet
}

// Pause answers "not yet": nothing arms a stage so far.
func (h *host) Pause(context.Context, pages.Stage, pages.Snapshot) (pages.Action, error) {
	return pages.Action{}, errNotYet
}

// Stream sends a part; the first call sends status and headers. A slow client is waited for.
func (h *host) Stream(_ context.Context, status int, header []pages.Field, part []byte) error {
	if h.streaming == nil {
		h.streaming = http.NewResponseController(h.w)
		h.setHeader(header)
		h.commonHeader()
		h.w.Header().Del("Server-Timing") // it is not known yet (api.md, 6)
		h.record.Response(status, header, nil, -1)
		h.streamed = true
		h.w.WriteHeader(status)
	}
	if h.r.Method != http.MethodHead {
		n, err := h.w.Write(part)
		h.sent += int64(n)
		if err != nil {
			return err
		}
	}
	return h.streaming.Flush()
}

// Progress shows a request that has run for a while.
func (h *host) Progress(_ context.Context, spans []pages.Span, log []pages.Line) {
	h.record.Progress(spans, log)
}
