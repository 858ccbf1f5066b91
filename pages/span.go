package pages

import "time"

// Span names. They are constants so that nothing is formatted while serving, and so that panels, exporters
// and tests can rely on them (design.md, 8).
const (
	SpanGate          = "Gate"
	SpanResolve       = "Resolve"
	SpanResponseCache = "ResponseCache"
	SpanQueue         = "Queue"
	SpanHop           = "Hop"
	SpanSession       = "Session"
	SpanHandler       = "Handler"
	SpanSend          = "Send"
	SpanStream        = "Stream"
	SpanCompile       = "Compile"
	SpanMarkdown      = "Markdown"
	SpanControl       = "Control"
	SpanQuery         = "Query"
	SpanFetch         = "Fetch"
	SpanCgi           = "Cgi"

	SpanPreInit            = "PreInit"
	SpanInit               = "Init"
	SpanInitComplete       = "InitComplete"
	SpanLoadViewState      = "LoadViewState"
	SpanLoadPostData       = "LoadPostData"
	SpanPreLoad            = "PreLoad"
	SpanLoad               = "Load"
	SpanValidate           = "Validate"
	SpanRaiseChangedEvents = "RaiseChangedEvents"
	SpanRaisePostBackEvent = "RaisePostBackEvent"
	SpanLoadComplete       = "LoadComplete"
	SpanDataBinding        = "DataBinding"
	SpanPreRender          = "PreRender"
	SpanPreRenderComplete  = "PreRenderComplete"
	SpanSaveViewState      = "SaveViewState"
	SpanSaveStateComplete  = "SaveStateComplete"
	SpanRender             = "Render"
	SpanCommitTransaction  = "CommitTransaction"
	SpanAbortTransaction   = "AbortTransaction"
	SpanError              = "Error"
	SpanUnload             = "Unload"
	SpanDisposed           = "Disposed"
)

// PipelineEvents are the events of one request in their order (lifecycle.md, 1); they are span names too.
// The handler runs after PreRequestHandlerExecute.
var PipelineEvents = [...]string{
	"BeginRequest",
	"AuthenticateRequest", "PostAuthenticateRequest",
	"AuthorizeRequest", "PostAuthorizeRequest",
	"ResolveRequestCache", "PostResolveRequestCache",
	"MapRequestHandler", "PostMapRequestHandler",
	"AcquireRequestState", "PostAcquireRequestState",
	"PreRequestHandlerExecute", "PostRequestHandlerExecute",
	"ReleaseRequestState", "PostReleaseRequestState",
	"UpdateRequestCache", "PostUpdateRequestCache",
	"LogRequest", "PostLogRequest",
	"EndRequest",
	"PreSendRequestHeaders", "PreSendRequestContent",
}

// A Span is one step of a request: what, when, how long, and how it failed.
type Span struct {
	Name   string // one of the constants above
	Detail string // what it worked on: a file, a statement, a control
	Error  string // "" if it went well
	Parent int32  // index of the span around it in the same list; -1: none
	Begin  time.Duration
	Took   time.Duration // negative while it runs
}

// A Line is one line of a request's log: trace.write, console, or what the runtime has to say.
type Line struct {
	At     time.Duration
	Level  string // "log", "info", "warn", "error"
	Text   string
	Source string // "console", "trace" or "huygens"
}
