package trace

import (
	"strings"

	"huygens/pages"
)

// The bounds of what one request may bring. A worker that runs wild must not fill the front.
const (
	mostSpans  = 2000
	mostLines  = 1000
	mostLog    = 256 << 10 // bytes of all lines
	mostDetail = 4 << 10   // bytes of a detail, error or line
)

// raw is what a Recorder was told, before masking. It lives as long as the request runs.
type raw struct {
	policy      *Policy
	secrets     []string
	site        string
	application string
	pool        string
	workerPID   int
	method      string
	url         string
	status      int
	why         string
	handler     pages.Handler
	header      []pages.Field
	body        rawBody
	form        []pages.Field
	answer      []pages.Field
	answerBody  rawBody
}

// progress is what a Runner told while it ran.
type progress struct {
	spans []pages.Span
	lines []pages.Line
	news  bool // since it was shown
}

// gone notes why there is no answer.
func (r *raw) gone(err error) {
	if r.why == "" {
		r.why = err.Error()
	}
}

// trace makes the masked Trace. It owns spans and lines and changes them.
func (r *raw) trace(rec *Recorder, phase Phase, spans []pages.Span, lines []pages.Line) *Trace {
	v := newVeil(r.policy)
	for _, s := range r.secrets {
		v.add(s)
	}
	t := &Trace{
		ID: rec.ID(), Number: rec.number, Phase: phase, Site: CleanLine(r.site), Application: CleanLine(r.application),
		Pool: CleanLine(r.pool), Worker: r.workerPID, Status: r.status, Handler: r.handler, Began: rec.began,
	}
	// First everything that is masked by name, so that all secrets are known; then by value.
	t.URL = v.url(r.url)
	t.Request.Headers = v.headers(r.header)
	requestForm, requestText := v.body(&r.body)
	if r.form != nil {
		requestForm = v.fields(r.form)
	}
	t.Response.Headers = v.headers(r.answer)
	_, responseText := v.body(&r.answerBody)

	t.Method = CleanLine(r.method)
	t.URL = v.line(t.URL)
	t.Why = v.line(r.why)
	t.Request.Headers = v.sealFields(t.Request.Headers)
	t.Request.Form = v.sealFields(requestForm)
	t.Request.Body = v.sealBody(requestText, &r.body)
	t.Response.Headers = v.sealFields(t.Response.Headers)
	t.Response.Body = v.sealBody(responseText, &r.answerBody)
	t.Spans = v.sealSpans(spans)
	t.Log = v.sealLines(lines)
	return t
}

// headers masks header values by name.
func (v *veil) headers(fields []pages.Field) []pages.Field {
	if len(fields) == 0 {
		return nil
	}
	masked := make([]pages.Field, len(fields))
	for i, f := range fields {
		switch {
		case f.Value == "":
		case secretHeader(f.Name, v.policy):
			v.addHeader(f.Name, f.Value)
			f.Value = Mask
		case strings.IndexByte(f.Value, '?') >= 0 && addressHeader(f.Name):
			f.Value = v.url(f.Value)
		}
		masked[i] = f
	}
	return masked
}

// addressHeader reports whether a header's value is an address.
func addressHeader(name string) bool {
	for _, known := range [...]string{"Referer", "Location", "Content-Location", "Refresh", "Link", "SourceMap"} {
		if strings.EqualFold(name, known) {
			return true
		}
	}
	return false
}

// fields masks form fields by name.
func (v *veil) fields(form []pages.Field) []pages.Field {
	masked := make([]pages.Field, 0, min(len(form), formLimit))
	for _, f := range form[:min(len(form), formLimit)] {
		masked = append(masked, v.field(f.Name, f.Value))
	}
	return masked
}

// sealFields masks by value, in place.
func (v *veil) sealFields(fields []pages.Field) []pages.Field {
	for i := range fields {
		fields[i] = pages.Field{Name: v.line(fields[i].Name), Value: v.line(fields[i].Value)}
	}
	return fields
}

// sealSpans masks by value, in place, and mends what a worker may have told wrongly.
func (v *veil) sealSpans(spans []pages.Span) []pages.Span {
	for i := range spans {
		s := &spans[i]
		if s.Parent >= int32(i) || s.Parent < -1 {
			s.Parent = -1
		}
		if s.Begin < 0 {
			s.Begin = 0
		}
		if s.Detail != "" {
			s.Detail = shortened(v.line(v.address(s.Name, s.Detail)))
		}
		if s.Error != "" {
			s.Error = shortened(v.text(v.address(s.Name, s.Error)))
		}
		if v.idle() || !knownName(s.Name) {
			s.Name = shortened(v.line(s.Name))
		}
	}
	return spans
}

// address masks by name in the texts of spans that hold addresses.
func (v *veil) address(span, text string) string {
	if span != pages.SpanFetch || strings.IndexByte(text, '?') < 0 {
		return text
	}
	words := strings.Fields(text)
	for i := range words {
		words[i] = v.url(words[i])
	}
	return strings.Join(words, " ")
}

// knownName reports whether a name is one of ours. Those are left alone: a cookie whose value is "Render"
// must not hide a stage.
func knownName(name string) bool {
	if _, ok := StageOf(name); ok {
		return true
	}
	switch name {
	case pages.SpanGate, pages.SpanResolve, pages.SpanResponseCache, pages.SpanQueue, pages.SpanHop, pages.SpanSession,
		pages.SpanHandler, pages.SpanSend, pages.SpanStream, pages.SpanCompile, pages.SpanMarkdown, pages.SpanControl,
		pages.SpanQuery, pages.SpanFetch, pages.SpanCgi, pages.SpanError,
		"BeginRequest", "AuthenticateRequest", "PostAuthenticateRequest", "AuthorizeRequest", "PostAuthorizeRequest",
		"ResolveRequestCache", "PostResolveRequestCache", "MapRequestHandler", "PostMapRequestHandler",
		"AcquireRequestState", "PostAcquireRequestState", "PreRequestHandlerExecute", "PostRequestHandlerExecute",
		"ReleaseRequestState", "PostReleaseRequestState", "UpdateRequestCache", "PostUpdateRequestCache",
		"LogRequest", "PostLogRequest", "EndRequest", "PreSendRequestHeaders", "PreSendRequestContent":
		return true
	}
	return false
}

// sealLines masks the log, in place, and bounds it.
func (v *veil) sealLines(lines []pages.Line) []pages.Line {
	room := mostLog
	for i := range lines {
		l := &lines[i]
		l.Text, l.Level, l.Source = shortened(v.text(l.Text)), CleanLine(l.Level), CleanLine(l.Source)
		room -= len(l.Text)
		if room < 0 {
			at := l.At
			return append(lines[:i], pages.Line{At: at, Level: "warn", Text: "the rest of the log was too long to keep", Source: "huygens"})
		}
	}
	return lines
}

// shortened cuts a text that is too long to be kept, and says so.
func shortened(s string) string {
	if len(s) <= mostDetail {
		return s
	}
	return wholeRunes(s[:mostDetail]) + "…"
}

// bounded cuts lists that are too long.
func bounded(spans []pages.Span, lines []pages.Line) ([]pages.Span, []pages.Line) {
	return spans[:min(len(spans), mostSpans)], lines[:min(len(lines), mostLines)]
}

// sizeOf is about how many bytes a Trace holds.
func sizeOf(t *Trace) int64 {
	const perTrace, perSpan, perField, perLine = 600, 72, 32, 64
	size := perTrace + len(t.URL) + len(t.Why) + len(t.Request.Body.Text) + len(t.Response.Body.Text)
	size += perSpan*cap(t.Spans) + perLine*len(t.Log)
	for i := range t.Spans {
		size += len(t.Spans[i].Detail) + len(t.Spans[i].Error)
	}
	for _, fields := range [...][]pages.Field{t.Request.Headers, t.Request.Form, t.Response.Headers} {
		for i := range fields {
			size += perField + len(fields[i].Name) + len(fields[i].Value)
		}
	}
	for i := range t.Log {
		size += len(t.Log[i].Text)
	}
	return int64(size)
}
