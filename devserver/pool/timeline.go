package pool

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"huygens/pages"
)

// A timeline is the front's part of a request's spans: Queue and Hop, and where the worker's spans go. It belongs
// to the goroutine of Run.
type timeline struct {
	began time.Time
	spans []pages.Span
	root  int32         // the span that the worker's are put into; -1: none
	floor time.Duration // when the worker was called: none of its spans begins earlier
	first [4]pages.Span // what spans begins with
}

func (t *timeline) start() {
	t.began, t.root = time.Now(), -1
	t.spans = t.first[:0]
}

func (t *timeline) now() time.Duration { return time.Since(t.began) }

// enter begins a span of the front.
func (t *timeline) enter(name, detail string) {
	t.floor = t.now()
	t.spans = append(t.spans, pages.Span{Name: name, Detail: detail, Parent: -1, Begin: t.floor, Took: -1})
}

// leave ends the span that was begun last.
func (t *timeline) leave(failure *pages.Failure) {
	t.floor = t.now()
	s := &t.spans[len(t.spans)-1]
	s.Took = t.floor - s.Begin
	if failure != nil {
		s.Error = failure.Reason
	}
}

// hop begins the span Hop: what follows from the worker is inside it.
func (t *timeline) hop(worker string) {
	t.enter(pages.SpanHop, worker)
	t.root = int32(len(t.spans) - 1)
}

// hopFailed ends the span Hop of a request that is begun once more.
func (t *timeline) hopFailed(f *pages.Failure) {
	if t.root >= 0 {
		t.leave(f)
		t.root = -1
	}
}

// finish joins the answer's spans and lines to the front's. It returns the answer's failure, if it is one.
func (t *timeline) finish(result *pages.Result, a answer) error {
	if a.failure != nil {
		spans := a.failure.Spans
		a.failure.Spans = nil
		t.fail(a.failure, nil)
		a.failure.Spans = t.join(spans, a.began, true)
		return a.failure
	}
	if !result.Streamed && (result.Status < 100 || result.Status > 999) {
		err := fmt.Errorf("the status of the answer is %d", result.Status)
		return t.fail(&pages.Failure{Status: 502, Reason: "The worker gave no answer.", Err: err}, result.Spans)
	}
	if t.root >= 0 {
		t.leave(nil)
	}
	result.Spans = t.join(result.Spans, a.began, true)
	t.shiftLines(result.Log, a.began)
	return nil
}

// fail ends what is open and puts the spans into the failure.
func (t *timeline) fail(f *pages.Failure, spans []pages.Span) *pages.Failure {
	if t.root >= 0 {
		t.leave(f)
	}
	f.Spans = t.join(spans, time.Time{}, true)
	return f
}

// bounds are the times that the worker's spans must lie in.
func (t *timeline) bounds() (from, to time.Duration) {
	if t.root < 0 {
		return t.floor, t.now()
	}
	hop := &t.spans[t.root]
	if hop.Took < 0 {
		return hop.Begin, t.now()
	}
	return hop.Begin, hop.Begin + hop.Took
}

// join puts the worker's spans behind the front's. began is when the worker's times began, by its wall clock,
// which need not agree with ours: whatever it says, every span lies inside the one around it. ended says that
// none of them runs any more. The list of the worker's spans is used up.
func (t *timeline) join(spans []pages.Span, began time.Time, ended bool) []pages.Span {
	from, to := t.bounds()
	shift := t.shift(spans, began)
	own := int32(len(t.spans))
	for i := range spans {
		s := &spans[i]
		low, high := from, to
		if s.Parent >= 0 && int(s.Parent) < i {
			around := &spans[s.Parent]
			low, high = around.Begin, around.Begin+around.Took
			if around.Took < 0 {
				high = to
			}
		}
		s.Begin = min(max(s.Begin+shift, low), high)
		if s.Took >= 0 || ended {
			if s.Took < 0 {
				s.Took = high - s.Begin
			}
			s.Took = min(s.Took, high-s.Begin)
		}
	}
	for i := range spans {
		if s := &spans[i]; s.Parent >= 0 && int(s.Parent) < i {
			s.Parent += own
		} else {
			s.Parent = t.root
		}
	}
	if len(spans) == 0 {
		return slices.Clone(t.spans)
	}
	return slices.Insert(spans, 0, t.spans...)
}

// shift is what is added to the worker's times: the distance of both beginnings, as far as the result fits.
func (t *timeline) shift(spans []pages.Span, began time.Time) time.Duration {
	from, to := t.bounds()
	if began.IsZero() {
		return from
	}
	var last time.Duration
	for i := range spans {
		last = max(last, spans[i].Begin+max(spans[i].Took, 0))
	}
	at := time.Duration(began.UnixNano() - t.began.UnixNano())
	return max(min(at, to-last), from)
}

func (t *timeline) shiftLines(lines []pages.Line, began time.Time) {
	from, to := t.bounds()
	shift := t.shift(nil, began)
	for i := range lines {
		lines[i].At = min(max(lines[i].At+shift, from), to)
	}
}

// Progress is told by a worker in this process.
func (h *watchedHost) Progress(ctx context.Context, spans []pages.Span, lines []pages.Line) {
	h.progress(ctx, h.began, spans, lines)
}

// progress tells the front where the request is, in the front's times.
func (h *watchedHost) progress(ctx context.Context, began time.Time, spans []pages.Span, lines []pages.Line) {
	spans = h.line.join(spans, began, false)
	h.line.shiftLines(lines, began)
	h.Host.Progress(ctx, spans, lines)
}

// errEnded is what a host answers when the request it belongs to has ended.
var errEnded = errors.New("the request has ended")
