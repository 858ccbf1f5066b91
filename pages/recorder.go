package pages

import (
	"strconv"
	"strings"
	"sync"
	"time"
)

func equalFold(a, b string) bool { return len(a) == len(b) && strings.EqualFold(a, b) }

// maxLines bounds the log of one request; what comes after is counted, not kept.
const maxLines = 1000

// A Recorder writes the spans and the log of one request. Begin and End nest, and belong to the goroutine
// that runs the request; Log and Snapshot may be called by others. A nil Recorder records nothing.
type Recorder struct {
	began time.Time

	mu      sync.Mutex // guards all fields below
	spans   []Span
	open    []int32
	lines   []Line
	dropped int
}

// NewRecorder returns a Recorder whose times count from began.
func NewRecorder(began time.Time) *Recorder {
	return &Recorder{began: began, spans: make([]Span, 0, 40), open: make([]int32, 0, 8)}
}

// Began is the moment that all times of the record count from.
func (r *Recorder) Began() time.Time {
	if r == nil {
		return time.Time{}
	}
	return r.began
}

// Begin opens a span inside the one that is open.
func (r *Recorder) Begin(name, detail string) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	parent := int32(-1)
	if n := len(r.open); n > 0 {
		parent = r.open[n-1]
	}
	r.open = append(r.open, int32(len(r.spans)))
	r.spans = append(r.spans, Span{Name: name, Detail: detail, Parent: parent, Begin: time.Since(r.began), Took: -1})
}

// End closes the span that was opened last and is still open. err is its error, nil if it went well.
func (r *Recorder) End(err error) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	n := len(r.open)
	if n == 0 {
		return
	}
	s := &r.spans[r.open[n-1]]
	r.open = r.open[:n-1]
	s.Took = time.Since(r.began) - s.Begin
	if err != nil {
		s.Error = err.Error()
	}
}

// Instant records a span that takes no time: a stage that was passed and had nothing to do.
func (r *Recorder) Instant(name string) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	parent := int32(-1)
	if n := len(r.open); n > 0 {
		parent = r.open[n-1]
	}
	r.spans = append(r.spans, Span{Name: name, Parent: parent, Begin: time.Since(r.began)})
}

// Step records f as a span.
func (r *Recorder) Step(name, detail string, f func() error) error {
	r.Begin(name, detail)
	err := f()
	r.End(err)
	return err
}

// Join puts the spans and lines of another record under the span that is open, shifted by its start.
// Spans with Parent -1 become children of the open span.
func (r *Recorder) Join(at time.Duration, spans []Span, lines []Line) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	parent := int32(-1)
	if n := len(r.open); n > 0 {
		parent = r.open[n-1]
	}
	first := int32(len(r.spans))
	for _, s := range spans {
		s.Begin += at
		if s.Parent < 0 {
			s.Parent = parent
		} else {
			s.Parent += first
		}
		r.spans = append(r.spans, s)
	}
	for _, l := range lines {
		l.At += at
		r.addLine(l)
	}
}

// Log adds a line.
func (r *Recorder) Log(level, text, source string) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.addLine(Line{At: time.Since(r.began), Level: level, Text: text, Source: source})
}

func (r *Recorder) addLine(l Line) {
	if len(r.lines) >= maxLines {
		r.dropped++
		return
	}
	r.lines = append(r.lines, l)
}

// Finish ends every open span and returns the whole record. The Recorder must not be used afterwards.
func (r *Recorder) Finish() ([]Span, []Line) {
	if r == nil {
		return nil, nil
	}
	for len(r.open) > 0 {
		r.End(nil)
	}
	return r.spans, r.withDropped(r.lines)
}

// Snapshot returns a copy of what has been recorded so far; spans that still run have a negative Took.
func (r *Recorder) Snapshot() ([]Span, []Line) {
	if r == nil {
		return nil, nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Span(nil), r.spans...), r.withDropped(append([]Line(nil), r.lines...))
}

func (r *Recorder) withDropped(lines []Line) []Line {
	if r.dropped == 0 {
		return lines
	}
	text := "1 more line was dropped"
	if r.dropped > 1 {
		text = strconv.Itoa(r.dropped) + " more lines were dropped"
	}
	return append(lines, Line{At: time.Since(r.began), Level: "warn", Text: text, Source: "huygens"})
}
