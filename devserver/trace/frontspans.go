package trace

import (
	"time"

	"huygens/pages"
)

// The front records few spans itself; those of the worker join them in one piece. So there is one growth of
// the list, to its exact length, where pages.Recorder, made for the other side, would grow twice.
const frontSpans = 6

// spanList is the list of spans and lines of one request in the front. It is guarded by Recorder.mu.
type spanList struct {
	spans []pages.Span
	open  []int32
	lines []pages.Line

	firstSpans [frontSpans]pages.Span
	firstOpen  [2]int32
}

func (l *spanList) init() {
	l.spans, l.open = l.firstSpans[:0], l.firstOpen[:0]
}

func (l *spanList) parent() int32 {
	if n := len(l.open); n > 0 {
		return l.open[n-1]
	}
	return -1
}

func (l *spanList) begin(name, detail string, at time.Duration) {
	parent := l.parent()
	l.open = append(l.open, int32(len(l.spans)))
	l.spans = append(l.spans, pages.Span{Name: name, Detail: detail, Parent: parent, Begin: at, Took: -1})
}

func (l *spanList) end(at time.Duration, err error) {
	n := len(l.open)
	if n == 0 {
		return
	}
	s := &l.spans[l.open[n-1]]
	l.open = l.open[:n-1]
	s.Took = at - s.Begin
	if err != nil {
		s.Error = err.Error()
	}
}

// join puts what a Runner recorded behind what is there, inside the open span.
func (l *spanList) join(at time.Duration, spans []pages.Span, lines []pages.Line) {
	first, parent := int32(len(l.spans)), l.parent()
	if need := len(l.spans) + len(spans) + 2; cap(l.spans) < need { // 2: Stream or Send follow
		l.spans = append(make([]pages.Span, 0, need), l.spans...)
	}
	for i := range spans {
		l.spans = append(l.spans, spans[i])
		s := &l.spans[len(l.spans)-1]
		s.Begin += at
		if s.Parent < 0 || s.Parent >= int32(i) { // a parent stands before its children; else the list is damaged
			s.Parent = parent
		} else {
			s.Parent += first
		}
	}
	for i := range lines {
		l.lines = append(l.lines, lines[i])
		l.lines[len(l.lines)-1].At += at
	}
}

// snapshot is a copy of what is there, with room for one more span.
func (l *spanList) snapshot() ([]pages.Span, []pages.Line) {
	spans := append(make([]pages.Span, 0, len(l.spans)+1), l.spans...)
	return spans, append([]pages.Line(nil), l.lines...)
}

// finish ends every open span and hands the lists out; the list must not be used afterwards.
func (l *spanList) finish(at time.Duration) ([]pages.Span, []pages.Line) {
	for len(l.open) > 0 {
		l.end(at, nil)
	}
	spans, lines := l.spans, l.lines
	if cap(spans) == frontSpans { // the array is part of the Recorder, which must not live as long as the Trace
		spans = append(make([]pages.Span, 0, len(spans)+1), spans...)
	}
	return spans, lines
}
