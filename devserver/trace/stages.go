package trace

import (
	"time"

	"huygens/pages"
)

// A Stage is one of the five that are shown first; every other stage of a page belongs to one of them.
type Stage int

// The five stages, in the order in which a page lives through them.
const (
	Init Stage = iota
	Load
	PreRender
	Render
	Unload
	StageCount int = iota
)

// String is the stage's name as panels show it.
func (s Stage) String() string {
	switch s {
	case Init:
		return "Init"
	case Load:
		return "Load"
	case PreRender:
		return "PreRender"
	case Render:
		return "Render"
	case Unload:
		return "Unload"
	}
	return ""
}

// StageOf says which of the five a span of this name belongs to. A postback's LoadViewState and LoadPostData
// run between Init and Load and belong to Load; saving the state belongs to PreRender, because it is the end
// of what leads to markup; the end of a transaction belongs to Render, which it follows.
func StageOf(span string) (s Stage, ok bool) {
	switch span {
	case pages.SpanPreInit, pages.SpanInit, pages.SpanInitComplete:
		return Init, true
	case pages.SpanLoadViewState, pages.SpanLoadPostData, pages.SpanPreLoad, pages.SpanLoad, pages.SpanValidate,
		pages.SpanRaiseChangedEvents, pages.SpanRaisePostBackEvent, pages.SpanLoadComplete:
		return Load, true
	case pages.SpanDataBinding, pages.SpanPreRender, pages.SpanPreRenderComplete, pages.SpanSaveViewState,
		pages.SpanSaveStateComplete:
		return PreRender, true
	case pages.SpanRender, pages.SpanCommitTransaction, pages.SpanAbortTransaction:
		return Render, true
	case pages.SpanUnload, pages.SpanDisposed:
		return Unload, true
	}
	return 0, false
}

// Stages sums the five stages of a request. A stage inside another one (data bound in Load, a page executed
// by a page) counts with the outer one only, so that the sums never exceed the request. Spans that still run
// count nothing.
func Stages(spans []pages.Span) (sums [StageCount]time.Duration) {
	for i := range spans {
		stage, ok := StageOf(spans[i].Name)
		if ok && spans[i].Took > 0 && !insideStage(spans, i) {
			sums[stage] += spans[i].Took
		}
	}
	return sums
}

// insideStage reports whether a span that counts as a stage surrounds span i. A parent stands before its
// children; anything else is a damaged list and has no parent.
func insideStage(spans []pages.Span, i int) bool {
	for {
		parent := int(spans[i].Parent)
		if parent < 0 || parent >= i {
			return false
		}
		if _, ok := StageOf(spans[parent].Name); ok {
			return true
		}
		i = parent
	}
}
