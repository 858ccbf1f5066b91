package reload

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"huygens/assets"
)

// The two addresses on a site's port.
const (
	Path       = "/_huygens/reload"
	ClientPath = "/_huygens/client.js"
)

const (
	retryAfter = 500 * time.Millisecond // before a browser opens a broken stream again
	writeLimit = 10 * time.Second       // for one message to a slow browser
)

// A stream is one open event stream.
type stream struct{ cut context.CancelFunc }

// ServeHTTP answers Path with the event stream and ClientPath with the script; anything else is 404.
func (h *Hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	head := w.Header()
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("Cross-Origin-Resource-Policy", "same-origin")
	switch {
	case r.URL.Path != Path && r.URL.Path != ClientPath:
		http.Error(w, "Nothing answers at this address.", http.StatusNotFound)
	case r.Method != http.MethodGet && (r.Method != http.MethodHead || r.URL.Path == Path):
		head.Set("Allow", "GET")
		http.Error(w, "Only GET is answered here.", http.StatusMethodNotAllowed)
	case r.URL.Path == ClientPath:
		serveClient(w, r)
	case !sameOrigin(r):
		http.Error(w, "Only pages of this site may listen.", http.StatusForbidden)
	default:
		h.serveStream(w, r)
	}
}

func serveClient(w http.ResponseWriter, r *http.Request) {
	script, version := assets.Client()
	tag := `"` + version + `"`
	head := w.Header()
	head.Set("Cache-Control", "no-cache")
	head.Set("ETag", tag)
	head.Set("Content-Type", "text/javascript; charset=utf-8")
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	head.Set("Content-Length", strconv.Itoa(len(script)))
	if r.Method == http.MethodGet {
		_, _ = w.Write(script) // a client that went away is nobody's fault
	}
}

// sameOrigin believes what browsers say; a program says nothing and may listen.
func sameOrigin(r *http.Request) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" {
		return site == "same-origin"
	}
	origin := r.Header.Get("Origin")
	return origin == "" || origin == "http://"+r.Host
}

func (h *Hub) serveStream(w http.ResponseWriter, r *http.Request) {
	ctx, leave := h.enter(r.Context())
	defer leave()
	at, known := h.reached(r)
	head := w.Header()
	head.Set("Content-Type", "text/event-stream")
	head.Set("Cache-Control", "no-store")
	out := &writer{w: w, control: http.NewResponseController(w)}
	hello := Event{Name: Connected, run: h.run}
	if !known {
		at = h.log.Last()
	}
	out.send([]byte("retry: " + strconv.FormatInt(retryAfter.Milliseconds(), 10) + "\n\n"))
	out.send(hello.message(position(h.run, at)))
	if f := h.standing(); f.number > 0 && f.number <= at {
		out.send(f.event.message(position(h.run, f.number)))
	}
	for out.err == nil && ctx.Err() == nil {
		at = h.next(ctx, at, out)
	}
}

// next waits for what comes after number at, sends it, and returns the number reached.
func (h *Hub) next(ctx context.Context, at uint64, out *writer) uint64 {
	wait, stop := context.WithTimeout(ctx, h.o.Ping)
	batch, err := h.log.Next(wait, at)
	stop()
	switch {
	case ctx.Err() != nil:
		return at
	case errors.Is(err, context.DeadlineExceeded):
		out.send([]byte(": ping\n\n"))
		return at
	case batch.Missed > 0:
		out.send(Event{Name: FullReload}.message(position(h.run, batch.Last)))
		return batch.Last
	}
	first := batch.Last - uint64(len(batch.Values)) + 1
	var text []byte
	for i, e := range batch.Values {
		text = append(text, e.message(position(h.run, first+uint64(i)))...)
	}
	out.send(text)
	return batch.Last
}

// reached is the number that the reader has seen; false if it says none of this run.
func (h *Hub) reached(r *http.Request) (uint64, bool) {
	id := r.Header.Get("Last-Event-ID")
	if id == "" {
		id = r.URL.Query().Get("after")
	}
	n, ours := place(h.run, id)
	return n, ours && n <= h.log.Last()
}

// enter counts a stream in, and cuts the oldest one if there are too many.
func (h *Hub) enter(of context.Context) (ctx context.Context, leave func()) {
	ctx, cut := context.WithCancel(of)
	stopClose := context.AfterFunc(h.ctx, cut)
	s := &stream{cut: cut}
	h.mu.Lock()
	h.streams = append(h.streams, s)
	if len(h.streams) > h.o.Streams {
		h.streams[0].cut()
		h.streams = h.streams[1:]
	}
	h.mu.Unlock()
	return ctx, func() {
		stopClose()
		cut()
		h.mu.Lock()
		h.streams = slices.DeleteFunc(h.streams, func(o *stream) bool { return o == s })
		h.mu.Unlock()
	}
}

// A writer sends messages and remembers the first error.
type writer struct {
	w       http.ResponseWriter
	control *http.ResponseController
	err     error
}

func (o *writer) send(text []byte) {
	if o.err != nil {
		return
	}
	// Not every ResponseWriter knows deadlines; then the server's own holds.
	_ = o.control.SetWriteDeadline(time.Now().Add(writeLimit))
	if _, o.err = o.w.Write(text); o.err == nil {
		o.err = o.control.Flush()
	}
}
