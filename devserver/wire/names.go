package wire

import "huygens/pages"

// knownNames travel as their index, one byte. Entry 0 is none: it says that the name follows as text. New names
// go to the end, or Version must change.
var knownNames = append([]string{
	"",
	pages.SpanGate, pages.SpanResolve, pages.SpanResponseCache, pages.SpanQueue, pages.SpanHop, pages.SpanSession,
	pages.SpanHandler, pages.SpanSend, pages.SpanStream, pages.SpanCompile, pages.SpanMarkdown, pages.SpanControl,
	pages.SpanQuery, pages.SpanFetch, pages.SpanCgi,
	pages.SpanPreInit, pages.SpanInit, pages.SpanInitComplete, pages.SpanLoadViewState, pages.SpanLoadPostData,
	pages.SpanPreLoad, pages.SpanLoad, pages.SpanValidate, pages.SpanRaiseChangedEvents, pages.SpanRaisePostBackEvent,
	pages.SpanLoadComplete, pages.SpanDataBinding, pages.SpanPreRender, pages.SpanPreRenderComplete,
	pages.SpanSaveViewState, pages.SpanSaveStateComplete, pages.SpanRender, pages.SpanCommitTransaction,
	pages.SpanAbortTransaction, pages.SpanError, pages.SpanUnload, pages.SpanDisposed,
	"log", "info", "warn", "error", "console", "trace", "huygens",
}, pages.PipelineEvents[:]...)

// nameCodes is knownNames the other way round.
var nameCodes = codesOf(knownNames)

func codesOf(names []string) map[string]byte {
	codes := make(map[string]byte, len(names))
	for i, name := range names[1:] {
		codes[name] = byte(i + 1)
	}
	return codes
}
