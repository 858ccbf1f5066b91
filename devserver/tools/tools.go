package tools

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"huygens/devserver/trace"
)

// Prefix is where the tools' addresses begin.
const Prefix = "/_huygens/"

// Names of the header and of the cookie that authorize.
const (
	KeyHeader  = "X-Huygens-Key"
	CookieName = "huygens_tools"
)

// Traces is the trace as the tools need it; *trace.Log is one.
type Traces interface {
	trace.Source
	Find(idOrNumber string) (*trace.Trace, bool)
	Pin(idOrNumber string, on bool) (ok bool, err error)
	Clear(site string)
	Record(site string, on bool)
	Stats() trace.Stats
}

// Config is what a Tools is made of. Traces, Key and Viewer must be set.
type Config struct {
	Traces Traces
	Key    string // made at each start; at least 256 bits
	Viewer fs.FS  // the viewer's files: viewer.html and what it asks for
	Sites  Sites  // nil: no sites, nothing to control
	URL    string // of the tools' origin, without a slash at the end: where sites' ports redirect to

	Streams      int           // event streams at once; 0 means 16
	Waiting      int           // requests that wait for news at once; 0 means 64
	WriteTimeout time.Duration // how long a reader may leave its connection full; 0 means 5 s
	Pace         time.Duration // shortest time between two batches of a stream; 0 means 100 ms
}

// A Tools answers the requests of the tools' own port.
type Tools struct {
	config  Config
	key     [sha256.Size]byte // hashed, so that comparing tells nothing of its length either
	cookie  string
	streams slots
	waiting slots
	dropped atomic.Int64
	open    context.Context // ends with Close: what waits ends with it
	shut    context.CancelFunc
}

// New returns the tools. Close ends what it serves.
func New(c Config) *Tools {
	c.Streams = orDefault(c.Streams, 16)
	c.Waiting = orDefault(c.Waiting, 64)
	c.WriteTimeout = orDefault(c.WriteTimeout, 5*time.Second)
	c.Pace = orDefault(c.Pace, 100*time.Millisecond)
	open, shut := context.WithCancel(context.Background())
	return &Tools{
		config: c, key: sha256.Sum256([]byte(c.Key)), cookie: cookieOf(c.Key),
		streams: make(slots, c.Streams), waiting: make(slots, c.Waiting), open: open, shut: shut,
	}
}

func orDefault[T int | time.Duration](v, standard T) T {
	if v <= 0 {
		return standard
	}
	return v
}

// cookieOf derives the cookie from the key. Browsers send a cookie to every port of a host, so it must not
// be the key itself: it opens reading only, and here only.
func cookieOf(key string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte("cookie of the tools"))
	return hex.EncodeToString(mac.Sum(nil))
}

// Close ends all event streams and waiting requests; their handlers return at once.
func (t *Tools) Close() { t.shut() }

// Reserved reports whether a path, decoded once, belongs to the tools on every port, however it is spelled.
// What Reserved keeps from the resolver need not exist: the tools know their addresses in one spelling only.
func Reserved(path string) bool {
	path = strings.ReplaceAll(path, `\`, "/")
	for segment := range strings.SplitSeq(path, "/") {
		name := strings.TrimRight(segment, ". ")
		if name == "" {
			continue
		}
		return strings.EqualFold(name, "_huygens") || strings.EqualFold(name, "trace.axd")
	}
	return false
}

// ServeHTTP answers on the tools' own port.
func (t *Tools) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := port{Tools: t}
	h.serve(w, r)
}

// Site returns the handler of reserved addresses on the port of a site: the same for programs that send the
// key, of that site only; for browsers redirects to the viewer. /_huygens/reload and /_huygens/client.js are
// not its business.
func (t *Tools) Site(name string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := port{Tools: t, site: name, onSite: true}
		h.serve(w, r)
	})
}

// A port is where a request came in.
type port struct {
	*Tools
	site   string // of the port; "" on the tools' own
	onSite bool
}

func (p port) serve(w http.ResponseWriter, r *http.Request) {
	guard(w.Header())
	path := r.URL.Path
	if name, ok := strings.CutPrefix(path, Prefix+"control/"); ok {
		p.control(w, r, name)
		return
	}
	if p.onSite && (path == "/trace.axd" || path == Prefix+"trace") {
		p.redirect(w, r)
		return
	}
	handler, navigation := p.reader(path)
	switch {
	case handler == nil || foreign(r, navigation):
		notFound(w)
	case path != Prefix+"open" && !p.mayRead(r):
		notFound(w)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		say(w, http.StatusMethodNotAllowed, "This address can only be read.")
	default:
		handler(w, r)
	}
}

// reader finds who answers an address that is read; navigation says that it is a page of its own.
func (p port) reader(path string) (handler http.HandlerFunc, navigation bool) {
	switch path {
	case Prefix + "trace.json":
		return p.traces, false
	case Prefix + "trace/events":
		return p.events, false
	case Prefix + "status":
		return p.status, false
	}
	if strings.HasPrefix(path, Prefix+"requests/") {
		return p.request, true
	}
	if p.onSite {
		return nil, false
	}
	switch path {
	case Prefix + "open":
		return p.open, true
	case Prefix + "trace":
		return p.viewer, true
	case "/trace.axd":
		return p.redirect, true
	}
	if strings.HasPrefix(path, Prefix+"viewer/") {
		return p.viewerFile, false
	}
	return nil, false
}

// slots bounds how many do something at once.
type slots chan struct{}

func (s slots) take() bool {
	select {
	case s <- struct{}{}:
		return true
	default:
		return false
	}
}

func (s slots) give() { <-s }
