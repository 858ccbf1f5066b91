//go:build cgo || !darwin

package ui

import (
	"strings"
	"time"

	"huygens/pages"
)

const (
	deepest   = 24                     // spans nested deeper are drawn at this depth
	longest   = 1000 * time.Hour       // axis
	smallStep = 100 * time.Microsecond // shorter spans that follow each other share a row
)

// A spanRow is one row of the tree: a span, or several small ones that follow each other.
type spanRow struct {
	span    int     // index in the trace; of the first, where there are several
	members []int32 // small spans that share the row; nil: it is one span
	depth   int
	stage   int  // own or that of the nearest span around it
	inner   bool // lies in a span that has a stage
	parent  bool // has spans inside that can be folded away
	folded  bool
	failed  bool
}

// A spanKey knows a row again when others come or are folded.
type spanKey struct {
	span  int
	group bool
}

func (r spanRow) key() spanKey { return spanKey{r.span, r.members != nil} }

// spanOrder puts the spans of a trace into the order of a tree.
type spanOrder struct {
	spans  []pages.Span
	inside [][]int32
	failed []bool // itself or a span inside it
	turned map[spanKey]bool
	rows   []spanRow
}

// spanRows puts the spans of a trace into the order of a tree: each before those inside it, those of one
// parent as they were recorded. turned holds what the user has turned round: spans that are folded, small steps
// that are not. A parent that does not stand before its child counts as none, so no list, however broken,
// makes a cycle.
func spanRows(spans []pages.Span, turned map[spanKey]bool) []spanRow {
	o := &spanOrder{spans: spans, inside: make([][]int32, len(spans)), failed: make([]bool, len(spans)), turned: turned}
	var top []int32
	for i, s := range spans {
		if p := int(s.Parent); p >= 0 && p < i {
			o.inside[p] = append(o.inside[p], int32(i))
		} else {
			top = append(top, int32(i))
		}
	}
	for i := len(spans) - 1; i >= 0; i-- {
		o.failed[i] = o.failed[i] || spans[i].Error != ""
		if p := int(spans[i].Parent); o.failed[i] && p >= 0 && p < i {
			o.failed[p] = true
		}
	}
	o.list(top)
	return o.rows
}

// A branch is a span whose turn comes, with what it has from the spans around it.
type branch struct {
	span         int32
	depth, stage int
	alone        bool // does not share a row: its group was opened
}

// list walks without recursion: a list of spans may be nested as deep as it is long.
func (o *spanOrder) list(top []int32) {
	var stack []branch
	push := func(list []int32, depth, stage int) {
		for i := len(list) - 1; i >= 0; i-- {
			stack = append(stack, branch{span: list[i], depth: depth, stage: stage})
		}
	}
	push(top, 0, noStage)
	for len(stack) > 0 {
		next := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if n := o.smallRun(next, stack); n > 1 {
			row := spanRow{span: int(next.span), members: []int32{next.span}, depth: min(next.depth, deepest), stage: noStage}
			rest := stack[len(stack)-n+1:]
			for i := len(rest) - 1; i >= 0; i-- {
				row.members = append(row.members, rest[i].span)
				rest[i].alone, rest[i].depth = true, rest[i].depth+1
			}
			row.folded = !o.turned[row.key()]
			o.rows = append(o.rows, row)
			if row.folded {
				stack = stack[:len(stack)-len(rest)]
				continue
			}
			next.depth++
		}
		o.one(next, push)
	}
}

func (o *spanOrder) one(b branch, push func([]int32, int, int)) {
	i := int(b.span)
	inner := b.stage != noStage
	if own := stageOf(o.spans[i].Name); own != noStage {
		b.stage = own
	}
	parent := len(o.inside[i]) > 0
	folded := parent && o.turned[spanKey{i, false}]
	o.rows = append(o.rows, spanRow{
		span: i, depth: min(b.depth, deepest), stage: b.stage, inner: inner,
		parent: parent, folded: folded, failed: o.spans[i].Error != "",
	})
	if !folded {
		push(o.inside[i], b.depth+1, b.stage)
	}
}

// smallRun is how many small spans of one parent follow each other from here on.
func (o *spanOrder) smallRun(b branch, waiting []branch) int {
	if b.alone || !o.isSmall(int(b.span)) {
		return 0
	}
	n := 1
	for i := len(waiting) - 1; i >= 0 && waiting[i].depth == b.depth && !waiting[i].alone && o.isSmall(int(waiting[i].span)); i-- {
		n++
	}
	return n
}

// isSmall: short, without a fault, and not one of the five stages, which are always shown.
func (o *spanOrder) isSmall(i int) bool {
	s := o.spans[i]
	switch s.Name {
	case pages.SpanInit, pages.SpanLoad, pages.SpanPreRender, pages.SpanRender, pages.SpanUnload:
		return false
	}
	return s.Took >= 0 && s.Took < smallStep && !o.failed[i]
}

// smallNames lists the spans that share a row.
func smallNames(spans []pages.Span, r spanRow) string {
	var b strings.Builder
	for i, m := range r.members {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(printable(spans[m].Name))
		if b.Len() > 400 {
			return b.String() + " …"
		}
	}
	return b.String()
}

// smallTook is from the beginning of the first to the end of the last of the spans that share a row.
func smallTook(spans []pages.Span, r spanRow) (began, took time.Duration) {
	began = spans[r.span].Begin
	end := began
	for _, m := range r.members {
		end = max(end, spans[m].Begin+spans[m].Took)
	}
	return began, end - began
}

// timeline is the end of the axis: the longest of the request and of its spans.
func timeline(took time.Duration, spans []pages.Span) time.Duration {
	end := max(took, 0)
	for _, s := range spans {
		end = max(end, s.Begin+max(s.Took, 0))
	}
	return min(max(end, 10*time.Microsecond), longest)
}

// step is the distance of the axis' lines: 1, 2 or 5 times a power of ten, so that there are at most n.
func step(end time.Duration, n int) time.Duration {
	for unit := time.Microsecond; ; unit *= 10 {
		for _, k := range []time.Duration{1, 2, 5} {
			if d := k * unit; int64(end/d) < int64(n) {
				return d
			}
		}
	}
}

// roundUp is the next of 1, 2 or 5 times a power of ten, so that a scale seldom changes.
func roundUp(d time.Duration) time.Duration {
	d = min(d, longest)
	for unit := time.Millisecond; ; unit *= 10 {
		for _, k := range []time.Duration{1, 2, 5} {
			if k*unit >= d {
				return k * unit
			}
		}
	}
}
