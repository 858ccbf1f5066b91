//go:build cgo || !darwin

package ui

import (
	"time"

	"huygens/pages"
)

const deepest = 24 // spans nested deeper are drawn at this depth

// A spanRow is one span as the tree shows it.
type spanRow struct {
	span   int // index in the trace
	depth  int
	stage  int  // own or that of the nearest span around it
	inner  bool // lies in a span that has a stage
	parent bool // has spans inside
	folded bool
	failed bool
}

// spanRows puts the spans of a trace into the order of a tree: each before those inside it, those of one
// parent by their beginning as recorded. Folded spans hide what is inside. A parent that does not stand
// before its child counts as none, so no list, however broken, makes a cycle.
func spanRows(spans []pages.Span, folded map[int]bool) []spanRow {
	inside := make([][]int32, len(spans))
	var top []int32
	for i, s := range spans {
		if p := int(s.Parent); p >= 0 && p < i {
			inside[p] = append(inside[p], int32(i))
		} else {
			top = append(top, int32(i))
		}
	}
	rows := make([]spanRow, 0, len(spans))
	type open struct {
		span         int32
		depth, stage int
	}
	var stack []open
	push := func(list []int32, depth, stage int) {
		for i := len(list) - 1; i >= 0; i-- {
			stack = append(stack, open{list[i], depth, stage})
		}
	}
	for push(top, 0, noStage); len(stack) > 0; {
		next := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		i := int(next.span)
		inner := next.stage != noStage
		if own := stageOf(spans[i].Name); own != noStage {
			next.stage = own
		}
		rows = append(rows, spanRow{
			span: i, depth: min(next.depth, deepest), stage: next.stage, inner: inner,
			parent: len(inside[i]) > 0, folded: folded[i], failed: spans[i].Error != "",
		})
		if !folded[i] {
			push(inside[i], next.depth+1, next.stage)
		}
	}
	return rows
}

// timeline is the end of the axis: the longest of the request and of its spans.
func timeline(took time.Duration, spans []pages.Span) time.Duration {
	end := max(took, 0)
	for _, s := range spans {
		end = max(end, s.Begin+max(s.Took, 0))
	}
	return max(end, 10*time.Microsecond)
}

// step is the distance of the axis' lines: 1, 2 or 5 times a power of ten, at most n of them.
func step(end time.Duration, n int) time.Duration {
	for unit := time.Microsecond; ; unit *= 10 {
		for _, k := range []time.Duration{1, 2, 5} {
			if d := k * unit; int64(end/d) < int64(n) {
				return d
			}
		}
	}
}

// roundUp is the next number 1, 2 or 5 times a power of ten, so that a scale seldom changes.
func roundUp(d time.Duration) time.Duration {
	for unit := time.Millisecond; ; unit *= 10 {
		for _, k := range []time.Duration{1, 2, 5} {
			if k*unit >= d {
				return k * unit
			}
		}
	}
}
