//go:build cgo || !darwin

package ui

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"huygens/devserver/trace"
	"huygens/pages"
)

const defaultLimit = 500

// A request is one row of the list: the newest state of one trace.
type request struct {
	trace *trace.Trace
	sums  [trace.StageCount]time.Duration
	cells [columnCount]string // filled when the row is first shown
	cut   [columnWaterfall]cutCell
	shown bool // the filters let it through
}

// A cutCell is a text cut to a width.
type cutCell struct {
	width float32
	text  string
}

// A requestList is what the table shows: all requests by number, and of them those that the filters let
// through in the order that was chosen. It belongs to the goroutine of the window.
type requestList struct {
	limit int // most requests; 0 means 500

	all    []*request // by number
	view   []*request
	filter trace.Filter
	chips  chipSet // beside the filter
	order  column  // columnNumber upwards is the order of arrival
	down   bool
	floor  uint64 // requests up to this number are gone
	missed uint64 // dropped before they were seen here
}

// chipSet are the quick filters. Pages and Static together mean either.
type chipSet struct {
	Pages, Static, Errors bool
	Site                  string // only this site; "": all
}

// put takes new states of requests and returns the numbers that are new in the view.
func (l *requestList) put(batch []*trace.Trace) (fresh int) {
	for _, t := range batch {
		if t == nil || t.Number <= l.floor {
			continue
		}
		r := &request{trace: t, sums: trace.Stages(t.Spans)}
		r.shown = l.lets(t)
		i, found := l.find(t.Number)
		switch {
		case !found:
			l.all = slices.Insert(l.all, i, r)
			if r.shown {
				fresh++
			}
		default:
			l.all[i] = r
		}
	}
	l.cut()
	l.build()
	return fresh
}

// forget forgets what the front has forgotten: requests up to number cleared, and all but the newest kept ones
// (-1: nothing is known of that).
func (l *requestList) forget(cleared uint64, kept int) {
	before := len(l.all)
	l.floor = max(l.floor, cleared)
	l.cut()
	if drop := len(l.all) - kept; kept >= 0 && drop > 0 {
		l.all = slices.Delete(l.all, 0, drop)
	}
	if len(l.all) != before {
		l.build()
	}
}

// clear forgets all requests that are there now, also what will still be told of them.
func (l *requestList) clear() {
	if n := len(l.all); n > 0 {
		l.floor = max(l.floor, l.all[n-1].trace.Number)
	}
	l.missed = 0
	l.cut()
	l.build()
}

func (l *requestList) cut() {
	first, _ := l.find(l.floor + 1)
	limit := l.limit
	if limit <= 0 {
		limit = defaultLimit
	}
	if first = max(first, len(l.all)-limit); first > 0 {
		l.all = slices.Delete(l.all, 0, first)
	}
}

// setFilters says what is shown from now on.
func (l *requestList) setFilters(f trace.Filter, c chipSet) {
	l.filter, l.chips = f, c
	for _, r := range l.all {
		r.shown = l.lets(r.trace)
	}
	l.build()
}

// sortBy chooses the order.
func (l *requestList) sortBy(c column, down bool) {
	l.order, l.down = c, down
	l.build()
}

// arrival says whether the newest request stands last.
func (l *requestList) arrival() bool { return l.order == columnNumber && !l.down }

func (l *requestList) lets(t *trace.Trace) bool {
	c := l.chips
	page := t.Handler == pages.HandlerPage || t.Handler == pages.HandlerMarkdown
	switch {
	case c.Site != "" && c.Site != t.Site,
		c.Errors && !failed(t),
		(c.Pages || c.Static) && !(c.Pages && page) && !(c.Static && t.Handler == pages.HandlerStatic):
		return false
	}
	return l.filter.Match(t)
}

// failed says whether a request is one that its author wants to see in red.
func failed(t *trace.Trace) bool {
	return t.Status >= 400 || slices.ContainsFunc(t.Spans, func(s pages.Span) bool { return s.Error != "" })
}

func (l *requestList) build() {
	clear(l.view)
	l.view = l.view[:0]
	for _, r := range l.all {
		if r.shown {
			l.view = append(l.view, r)
		}
	}
	if l.arrival() {
		return
	}
	slices.SortStableFunc(l.view, func(a, b *request) int {
		n := compare(l.order, a, b)
		if l.down {
			n = -n
		}
		return cmp.Or(n, cmp.Compare(a.trace.Number, b.trace.Number))
	})
}

func compare(c column, a, b *request) int {
	s, t := a.trace, b.trace
	switch c {
	case columnTime:
		return s.Began.Compare(t.Began)
	case columnSite:
		return cmp.Compare(s.Site, t.Site)
	case columnMethod:
		return cmp.Compare(s.Method, t.Method)
	case columnPath:
		return cmp.Compare(s.URL, t.URL)
	case columnStatus:
		return cmp.Compare(s.Status, t.Status)
	case columnWhy:
		return cmp.Compare(s.Why, t.Why)
	case columnTotal, columnWaterfall:
		return cmp.Compare(s.Took, t.Took)
	case columnSize:
		return cmp.Compare(s.Bytes, t.Bytes)
	case columnInit, columnLoad, columnPreRender, columnRender, columnUnload:
		return cmp.Compare(a.sums[c-columnInit], b.sums[c-columnInit])
	}
	return cmp.Compare(s.Number, t.Number)
}

// find is the place of a number among all requests.
func (l *requestList) find(number uint64) (int, bool) {
	return slices.BinarySearchFunc(l.all, number, func(r *request, n uint64) int { return cmp.Compare(r.trace.Number, n) })
}

// get is the request with this number, nil if it is gone.
func (l *requestList) get(number uint64) *request {
	if i, found := l.find(number); found {
		return l.all[i]
	}
	return nil
}

// index is the place of a number in the view, -1 if it is not there.
func (l *requestList) index(number uint64) int {
	return slices.IndexFunc(l.view, func(r *request) bool { return r.trace.Number == number })
}

// cell is the text of a row in a column, printable and short: the fewer different texts, the cheaper they
// are drawn.
func (r *request) cell(c column) string {
	if r.cells[columnNumber] == "" {
		r.fill()
	}
	return r.cells[c]
}

func (r *request) fill() {
	t := r.trace
	r.cells = [columnCount]string{
		columnNumber: strconv.FormatUint(t.Number, 10),
		columnTime:   t.Began.Local().Format("15:04:05.000"),
		columnSite:   printable(t.Site),
		columnMethod: printable(t.Method),
		columnPath:   printable(t.URL),
		columnStatus: statusText(t),
		columnWhy:    printable(whyText(t)),
		columnTotal:  totalText(t),
	}
	if t.Bytes > 0 {
		r.cells[columnSize] = byteText(t.Bytes)
	}
	for i, d := range r.sums {
		if d > 0 {
			r.cells[columnInit+column(i)] = millis(d)
		}
	}
}

func statusText(t *trace.Trace) string {
	if t.Status == 0 {
		return "…"
	}
	return strconv.Itoa(t.Status)
}

func totalText(t *trace.Trace) string {
	if t.Phase != trace.Done && t.Took <= 0 {
		return "…"
	}
	return millis(t.Took)
}

func whyText(t *trace.Trace) string {
	switch t.Phase {
	case trace.Running:
		return strings.TrimSpace("running " + runningIn(t.Spans))
	case trace.Paused:
		return "paused at " + t.PausedAt
	}
	return t.Why
}

// runningIn is the innermost span that has not ended.
func runningIn(spans []pages.Span) string {
	for i := len(spans) - 1; i >= 0; i-- {
		if spans[i].Took < 0 {
			return spans[i].Name
		}
	}
	return ""
}
