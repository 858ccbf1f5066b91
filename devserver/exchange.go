package devserver

import (
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"huygens/devserver/gate"
	"huygens/devserver/reload"
	"huygens/devserver/resolve"
	"huygens/devserver/static"
	"huygens/devserver/tools"
	"huygens/devserver/trace"
	"huygens/pages"
	"huygens/pages/report"
	"huygens/pages/source"
)

// An exchange is one request on a site's port and its answer.
type exchange struct {
	*serving
	live   *live
	w      http.ResponseWriter
	r      *http.Request
	header []pages.Field // of the request, as code and trace see it
	record *trace.Recorder
	script reload.Script
	timing []string // Server-Timing lines of the site's own code
	sent   int64    // bytes of the body

	streamed bool // the headers of a streamed answer have been sent
}

// ServeHTTP answers a request on the site's port: a list of decisions.
func (v *serving) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := &exchange{serving: v, live: v.live.Load(), w: w, r: r}
	if tools.Reserved(r.URL.Path) {
		x.reserved()
		return
	}
	x.header, x.script.At = fieldsOf(r), v.hub.Position()
	x.record = v.site.server.traces.Start(trace.Start{
		Site: x.live.name, Method: r.Method, URL: r.RequestURI, RemoteAddr: r.RemoteAddr,
		Header: x.header, TraceParent: onlyOne(r.Header["Traceparent"]), Policy: x.live.policy,
	})
	defer x.record.Abandon(nil)
	x.serve()
}

func onlyOne(values []string) string {
	if len(values) != 1 {
		return ""
	}
	return values[0]
}

func (x *exchange) serve() {
	x.record.Begin(pages.SpanGate, "")
	refusal := x.live.gate.Check(x.r)
	x.record.End(nil)
	if refusal != nil {
		x.refuse(refusal)
		return
	}
	if x.gone.Load() {
		x.fail(http.StatusServiceUnavailable, "The site's folder is gone. It will be served again when it is back.")
		return
	}
	x.record.Begin(pages.SpanResolve, "")
	answer := x.live.resolver.Resolve(x.r.Method, x.r.RequestURI)
	x.record.End(nil)
	x.record.Application(answer.Application().Path)
	if answer.Notice() != "" {
		x.record.Log("warn", answer.Notice())
	}
	switch {
	case answer.Location() != "":
		x.redirect(answer)
	case answer.Status() == http.StatusMethodNotAllowed:
		x.w.Header().Set("Allow", answer.Allow())
		x.fail(answer.Status(), "")
	case answer.Status() == http.StatusForbidden:
		x.fail(answer.Status(), "")
	case x.shortCut(answer):
		x.static(answer)
	default:
		x.ask(answer)
	}
}

// shortCut says whether the front sends the answer itself: a static file, or nothing, where no code of the site
// listens to requests for static files.
func (x *exchange) shortCut(a resolve.Answer) bool {
	res := a.Resource()
	return res.Handler == pages.HandlerStatic && !x.codeListens()
}

// codeListens looks for what could listen, at the request (design.md, 1): names at the root of the site, which
// can only come and go with a change of the folder.
func (x *exchange) codeListens() bool {
	now := x.live.folder.Stat(".")
	if known := x.live.listens.Load(); known != nil && known.root == now {
		return known.code
	}
	found := &listens{root: now}
	for _, name := range [...]string{"global.ts", "modules"} {
		found.code = found.code || x.live.folder.Stat(name).Kind != source.Missing
	}
	if time.Since(now.Time()) > settled {
		x.live.listens.Store(found)
	}
	return found.code
}

// A listens is whether code of the site could listen, and the state of the folder for which that was found.
type listens struct {
	root source.Stamp
	code bool
}

// settled is how old a folder's change must be for its times to tell one state from the next.
const settled = 20 * time.Millisecond

func (x *exchange) redirect(a resolve.Answer) {
	x.record.Why("redirected: the address of this page is another one")
	x.w.Header().Set("Location", a.Location())
	x.w.Header().Set("Cache-Control", "no-store")
	x.plain(a.Status(), nil)
}

// refuse answers for the gate: one plain sentence.
func (x *exchange) refuse(refusal *gate.Refusal) {
	maps.Copy(x.w.Header(), refusal.Header)
	x.record.Why("refused by the gate: " + refusal.Sentence)
	x.w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	x.w.Header().Set("Cache-Control", "no-store")
	x.plain(refusal.Status, []byte(refusal.Sentence+"\n"))
}

// fail answers with an error page of the front's own.
func (x *exchange) fail(status int, sentence string) {
	page := report.Report{Status: status, Sentence: sentence, TraceID: x.record.ID(), TraceURL: "/_huygens/trace", Details: true}
	kind, body := report.Render(page, x.r.Header.Get("Accept"))
	x.w.Header().Set("Content-Type", kind)
	x.w.Header().Set("Cache-Control", "no-store")
	x.body(status, body, -1)
}

// static sends a file, or says that there is none.
func (x *exchange) static(a resolve.Answer) {
	res := a.Resource()
	x.record.Handler(res.Handler)
	x.record.Why("static, no module listens")
	if res.File == "" {
		x.record.Why("nothing answers at this address")
		x.fail(http.StatusNotFound, "")
		return
	}
	x.sendFile(a)
}

// sendFile sends a file of the site; the reload tag goes into navigations.
func (x *exchange) sendFile(a resolve.Answer) {
	var o static.Options
	if x.wantsScript() {
		o.Insert = x.script.Bytes()
		x.hub.Depends(x.r.RequestURI, []string{a.Resource().File})
	}
	x.commonHeader()
	sent, err := x.live.static.Serve(&completing{x.w, x}, x.r, a, o)
	var refused *static.Error
	switch {
	case errors.As(err, &refused):
		maps.Copy(x.w.Header(), refused.Header)
		x.fail(refused.Status, "")
	case err != nil:
		x.record.Abandon(err)
	default:
		x.record.Sent(sent.Bytes)
	}
}

// A completing writer completes the trace when the headers are sent: whoever has the last byte finds it.
type completing struct {
	http.ResponseWriter
	x *exchange
}

// WriteHeader completes the trace and sends the headers.
func (c *completing) WriteHeader(status int) {
	h := c.Header()
	length, _ := strconv.ParseInt(h.Get("Content-Length"), 10, 64)
	c.x.record.Response(status, fieldsOfHeader(h), nil, length)
	c.x.record.Complete()
	c.ResponseWriter.WriteHeader(status)
}

// ReadFrom keeps sendfile within reach.
func (c *completing) ReadFrom(r io.Reader) (int64, error) { return io.Copy(c.ResponseWriter, r) }

// wantsScript says whether the answer will be shown as a document.
func (x *exchange) wantsScript() bool {
	return x.live.config.Reload.Enabled && x.r.Method != http.MethodHead && reload.Navigation(x.r.Header)
}

// ask gives the request to the application's pool and sends what comes back.
func (x *exchange) ask(a resolve.Answer) {
	if refusal := gate.LimitBody(x.w, x.r, 0); refusal != nil {
		x.refuse(refusal)
		return
	}
	x.record.Handler(a.Resource().Handler)
	request := x.request(a)
	body := bodyOf(x.r)
	if body != nil {
		request.Body = body
	}
	x.record.Asked()
	result, err := x.pool.Run(x.r.Context(), request, &host{exchange: x})
	if body != nil {
		first, total := body.seen()
		x.record.RequestBody(first, max(total, x.r.ContentLength))
	}
	if refusal := gate.RefusalOf(err); refusal != nil {
		x.refuse(refusal)
		return
	}
	if err != nil {
		x.failure(err)
		return
	}
	x.record.Answered(result.Spans, result.Log)
	x.record.Why(result.Why)
	x.learn(a, result)
	switch {
	case result.Streamed:
		x.record.Complete()
		x.record.Sent(x.sent)
	case result.File != "":
		x.resultFile(a, result)
	default:
		x.result(result)
	}
}

// failure answers a request that got no result.
func (x *exchange) failure(err error) {
	var f *pages.Failure
	if !errors.As(err, &f) {
		f = &pages.Failure{Status: http.StatusBadGateway, Reason: "The worker could not answer.", Err: err}
	}
	x.record.Answered(f.Spans, nil)
	x.record.Log("error", f.Error())
	x.record.Why(f.Reason)
	switch {
	case x.r.Context().Err() != nil:
		x.record.Abandon(nil)
		panic(http.ErrAbortHandler) // else net/http would say 200
	case x.streamed:
		x.record.Abandon(err)
		panic(http.ErrAbortHandler) // cuts the connection: what was sent is not the whole answer
	case f.Status == 499: // the client is there, but its body is cut short or nonsense
		x.refuse(&gate.Refusal{Status: http.StatusBadRequest, Sentence: "The body of the request cannot be read."})
	default:
		if f.RetryAfter > 0 {
			x.w.Header().Set("Retry-After", strconv.Itoa(int(f.RetryAfter.Seconds()+0.999)))
		}
		x.fail(f.Status, f.Reason)
	}
}

// result sends a whole answer of the pipeline.
func (x *exchange) result(result *pages.Result) {
	x.setHeader(result.Header)
	x.body(result.Status, result.Body, result.ScriptAt)
}

// setHeader takes over the headers that code has set.
func (x *exchange) setHeader(fields []pages.Field) {
	h := x.w.Header()
	for _, f := range fields {
		h[f.Name] = append(h[f.Name], f.Value)
	}
	x.timing = slices.Clip(h["Server-Timing"])
}

// commonHeader is what every answer carries.
func (x *exchange) commonHeader() {
	h := x.w.Header()
	setDefault(h, "X-Content-Type-Options", noSniff)
	setDefault(h, "Cross-Origin-Resource-Policy", sameOrigin)
	if x.record == nil {
		return
	}
	h["Traceparent"] = []string{x.record.TraceParent()}
	h["X-Trace-Id"] = []string{x.record.ID()}
	h["Server-Timing"] = append(x.timing, x.record.ServerTiming())
}

// Values that every answer shares; they have no room for more, so that nobody appends to them.
var (
	noSniff    = []string{"nosniff"}
	sameOrigin = []string{"same-origin"}
	noCache    = []string{"no-cache"}
)

func setDefault(h http.Header, name string, value []string) {
	if _, ok := h[name]; !ok {
		h[name] = value
	}
}

// body sends a whole body, with the reload tag if the answer is a document. at is where the tag may stand; -1
// leaves the place to be found.
func (x *exchange) body(status int, body []byte, at int) {
	h := x.w.Header()
	if x.wantsScript() && strings.HasPrefix(h.Get("Content-Type"), "text/html") && len(body) > 0 {
		body = x.withScript(body, at)
	} else {
		setDefault(h, "Cache-Control", noCache)
	}
	x.plain(status, body)
}

func (x *exchange) withScript(body []byte, at int) []byte {
	if at < 0 || at > len(body) {
		at = reload.Place(body)
	}
	if at < 0 {
		return body
	}
	h := x.w.Header()
	x.script.Nonce = reload.Nonce(strings.Join(h["Content-Security-Policy"], ", "))
	x.script.Posted = x.r.Method == http.MethodPost
	h.Del("ETag")
	h.Del("Last-Modified")
	h.Set("Cache-Control", "no-store")
	tag := x.script.Bytes()
	out := make([]byte, 0, len(body)+len(tag))
	return append(append(append(out, body[:at]...), tag...), body[at:]...)
}

// plain completes the trace and sends: whoever has the last byte finds the trace.
func (x *exchange) plain(status int, body []byte) {
	x.commonHeader()
	h := x.w.Header()
	if status != http.StatusNoContent && status != http.StatusNotModified {
		h["Content-Length"] = []string{strconv.Itoa(len(body))}
	}
	x.record.Response(status, fieldsOfHeader(h), body, int64(len(body)))
	x.record.Complete()
	x.w.WriteHeader(status)
	if x.r.Method == http.MethodHead || len(body) == 0 || status == http.StatusNoContent || status == http.StatusNotModified {
		x.record.Sent(0)
		return
	}
	n, err := x.w.Write(body)
	if err != nil {
		x.record.Abandon(err)
		return
	}
	x.record.Sent(int64(n))
}
