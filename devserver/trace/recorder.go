package trace

import (
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"huygens/pages"
)

// ErrGone is the error of a request whose client went away before it had the whole answer.
var ErrGone = errors.New("the client went away")

// A Start is what is known when a request begins.
type Start struct {
	Site        string
	Application string // "" while unknown
	Method      string
	URL         string        // path and query as in the request line
	RemoteAddr  string        // told to nobody: every client is on this machine
	Header      []pages.Field // must not change afterwards
	TraceParent string        // value of the header traceparent, if there was exactly one
	Began       time.Time     // zero: now
	Policy      *Policy       // what is secret at this site; nil: the built-in words
}

// A Recorder makes the Trace of one request. It belongs to the goroutine that serves the request; only
// Progress and Secret may be called by others. Nothing that is given to it may change before Complete or
// Abandon has returned.
//
// A nil Recorder does nothing, knows nothing, and costs nothing.
type Recorder struct {
	log    *Log
	began  time.Time
	parent string // the header traceparent that goes on: 00-ID-SPAN-01
	number uint64

	asked    time.Duration
	stages   [StageCount]time.Duration
	page     bool
	worker   time.Duration
	complete time.Duration

	prev, next *Recorder // the Log's list of running requests, guarded by Log.mu
	silent     bool      // not to be shown: recording was off when the request began

	mu                     sync.Mutex // guards all fields below: the sweeper of Log.Run reads them
	state                  state
	list                   spanList
	raw                    raw
	progress               progress
	entry                  *entry
	shown                  bool // the fields shown… say what of a running request has been shown
	shownSpans, shownLines int
	done                   *Trace // set by Complete
}

// state says how far a Recorder is.
type state uint8

const (
	recording state = iota
	completed
	ended
)

// Start begins the record of a request. It returns nil if nothing is recorded at all.
func (l *Log) Start(s Start) *Recorder {
	if l == nil || l.off {
		return nil
	}
	if s.Began.IsZero() {
		s.Began = time.Now()
	}
	if s.Policy == nil {
		s.Policy = l.fallback
	}
	r := &Recorder{log: l, began: s.Began, parent: newParent(s.TraceParent)}
	r.list.init()
	r.raw = raw{
		policy: s.Policy, site: s.Site, application: s.Application, method: s.Method, url: s.URL, header: s.Header,
	}
	l.begin(r)
	return r
}

// newParent is the traceparent that goes on from here: the trace of whoever asked, or a new one, and a span of ours.
func newParent(incoming string) string {
	b := make([]byte, 0, 55)
	b = append(b, "00-"...)
	if id, _, _, ok := ParseTraceparent(incoming); ok {
		b = append(b, id...)
	} else {
		b = appendHex(appendHex(b, rand.Uint64()|1), rand.Uint64())
	}
	b = appendHex(append(b, '-'), rand.Uint64()|1)
	return string(append(b, "-01"...))
}

// ID is the trace id, 32 hexadecimal digits; "" for a nil Recorder.
func (r *Recorder) ID() string {
	if r == nil {
		return ""
	}
	return r.parent[3:35]
}

// TraceParent is the value of traceparent for the answer and for requests made on its behalf; "" for a nil Recorder.
func (r *Recorder) TraceParent() string {
	if r == nil {
		return ""
	}
	return r.parent
}

// Number is the request's running number; 0 if it is not recorded.
func (r *Recorder) Number() uint64 {
	if r == nil {
		return 0
	}
	return r.number
}

// Began is the moment all times count from.
func (r *Recorder) Began() time.Time {
	if r == nil {
		return time.Time{}
	}
	return r.began
}

// Begin opens a span of the front.
func (r *Recorder) Begin(name, detail string) {
	if r == nil {
		return
	}
	at := time.Since(r.began)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.state == recording && len(r.list.spans) < mostSpans {
		r.list.begin(name, detail, at)
	}
}

// End closes the span that was opened last. err is its error, nil if it went well.
func (r *Recorder) End(err error) {
	if r == nil {
		return
	}
	at := time.Since(r.began)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.state == recording {
		r.list.end(at, err)
	}
}

// Step records f as a span.
func (r *Recorder) Step(name, detail string, f func() error) error {
	r.Begin(name, detail)
	err := f()
	r.End(err)
	return err
}

// Log adds a line of the front's own.
func (r *Recorder) Log(level, text string) {
	if r == nil {
		return
	}
	at := time.Since(r.began)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.state == recording && len(r.list.lines) < mostLines {
		r.list.lines = append(r.list.lines, pages.Line{At: at, Level: level, Text: text, Source: "huygens"})
	}
}

// Asked marks the moment at which the request is given to its Runner: the times of what the Runner records
// count from it.
func (r *Recorder) Asked() {
	if r == nil {
		return
	}
	asked := time.Since(r.began)
	r.mu.Lock()
	r.asked = asked
	r.mu.Unlock()
}

// Progress takes what the Runner has recorded so far. It replaces what was told before.
func (r *Recorder) Progress(spans []pages.Span, lines []pages.Line) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.progress = progress{spans: spans, lines: lines, news: true}
}

// Answered takes what the Runner recorded, when its Run has returned.
func (r *Recorder) Answered(spans []pages.Span, lines []pages.Line) {
	if r == nil {
		return
	}
	spans, lines = bounded(spans, lines)
	r.worker += time.Since(r.began) - r.asked
	for i := range spans {
		if spans[i].Parent < 0 && spans[i].Name == pages.SpanQueue {
			r.worker -= spans[i].Took
		}
		if _, ok := StageOf(spans[i].Name); ok {
			r.page = true
		}
	}
	for i, took := range Stages(spans) {
		r.stages[i] += took
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.state == recording {
		r.list.join(r.asked, spans, lines)
		r.progress = progress{}
	}
}

// ServerTiming is the value of the header for an answer that is still to be sent; "" for a nil Recorder.
// worker is the time in the Runner without its queue, front the rest.
func (r *Recorder) ServerTiming() string {
	if r == nil {
		return ""
	}
	front := time.Since(r.began) - r.worker
	return serverTiming(r.page, r.stages, front, r.worker)
}

// Complete publishes the request as done. It is called before the last byte of the answer is written, so
// that a client which has the answer finds the trace. What is missing is Send.
func (r *Recorder) Complete() {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.completeLocked()
}

func (r *Recorder) completeLocked() {
	if r.state != recording {
		return
	}
	r.state = completed
	r.complete = time.Since(r.began)
	if r.silent {
		return
	}
	spans, lines := r.list.finish(r.complete)
	t := r.raw.trace(r, Done, spans, lines)
	t.Took = r.complete
	t.Bytes = t.Response.Body.Bytes
	r.raw, r.list, r.progress = raw{}, spanList{}, progress{}
	r.done = t
	r.log.end(r, t)
}

// Sent adds the span Send and how many bytes of the body went out, and ends the record.
func (r *Recorder) Sent(bytes int64) { r.end(bytes, nil) }

// Abandon ends the record of a request whose client went away, or whose handler ended some other way than by
// Sent; it may be deferred, since after Sent it does nothing. err is nil for ErrGone.
func (r *Recorder) Abandon(err error) {
	if err == nil {
		err = ErrGone
	}
	r.end(-1, err)
}

func (r *Recorder) end(bytes int64, err error) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.state == ended {
		return
	}
	if r.state == recording {
		if err != nil {
			r.raw.gone(err)
		}
		r.completeLocked()
	}
	r.state = ended
	if r.silent {
		return
	}
	t := *r.done
	r.done = nil
	if bytes >= 0 {
		t.Bytes = bytes
	}
	t.Took = time.Since(r.began)
	send := pages.Span{Name: pages.SpanSend, Parent: -1, Begin: r.complete, Took: t.Took - r.complete}
	if err != nil {
		send.Error = CleanLine(err.Error())
	}
	t.Spans = append(t.Spans, send) // behind what the first snapshot shows; nobody else appends
	r.log.put(r.entry, &t, r.entry.size+int64(len(send.Error)))
}
