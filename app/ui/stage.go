//go:build cgo || !darwin

package ui

import (
	"time"

	"huygens/pages"
)

// noStage is the stage of a span that belongs to none: the front, the queue, the pipeline.
const noStage = -1

var stageNames = [5]string{"Init", "Load", "PreRender", "Render", "Unload"}

// stageOf names the stage in whose colour a span is drawn; noStage for the others.
func stageOf(span string) int {
	switch span {
	case pages.SpanPreInit, pages.SpanInit, pages.SpanInitComplete:
		return 0
	case pages.SpanLoadViewState, pages.SpanLoadPostData, pages.SpanPreLoad, pages.SpanLoad, pages.SpanValidate,
		pages.SpanRaiseChangedEvents, pages.SpanRaisePostBackEvent, pages.SpanLoadComplete:
		return 1
	case pages.SpanDataBinding, pages.SpanPreRender, pages.SpanPreRenderComplete, pages.SpanSaveViewState, pages.SpanSaveStateComplete:
		return 2
	case pages.SpanRender:
		return 3
	case pages.SpanUnload, pages.SpanDisposed:
		return 4
	}
	return noStage
}

// stageSums is how long each stage took. A span inside another one of a stage is part of that.
func stageSums(spans []pages.Span) (sums [5]time.Duration) {
	for i, s := range spans {
		stage := stageOf(s.Name)
		if stage == noStage || s.Took < 0 || insideStage(spans, i) {
			continue
		}
		sums[stage] += s.Took
	}
	return sums
}

// insideStage says whether a span lies in one that has a stage of its own. Parents stand before their
// children; whatever claims otherwise is not followed.
func insideStage(spans []pages.Span, i int) bool {
	for {
		p := int(spans[i].Parent)
		if p < 0 || p >= i {
			return false
		}
		if stageOf(spans[p].Name) != noStage {
			return true
		}
		i = p
	}
}
