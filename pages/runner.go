package pages

import (
	"context"
	"io"
	"time"

	"huygens/pages/source"
)

// A Runner runs one request and answers it. It may be called by any number of goroutines at once.
//
// An error is always a *Failure: the request got no answer. A fault in the code of the site is an answer
// (status 500), not an error.
type Runner interface {
	Run(ctx context.Context, req *Request, host Host) (*Result, error)
}

// Kind says who asks. Only Client reaches the pages of a site; the other kinds are the front's own.
type Kind uint8

// The kinds of request.
const (
	Client     Kind = iota // a browser or program asked
	Warm                   // load the application and compile what was hot; runs no page
	SessionEnd             // a session timed out
	Describe               // answers what the application is, as JSON in Result.Body
	Unload                 // end the application named by Request.Application
)

// A Field is one header line. Order and doubles matter, so headers travel as a list.
type Field struct{ Name, Value string }

// A Request is one HTTP request on its way to the code of a site.
type Request struct {
	Kind        Kind
	TraceID     string // 32 hexadecimal digits, the trace id of traceparent
	Application string // path of the application: "/" or "/blog"
	Method      string
	Target      string  // as in the request line: path and query, escaped
	Path        string  // decoded once
	PathInfo    string  // what follows the resource's address, "" or "/a/b"
	Query       string  // raw, without "?"
	RemoteAddr  string  // IP:port of the peer; forwarded headers are not believed
	Header      []Field // Host included; the front's own cookies and keys are taken out
	Resource    Resource
	Body        io.Reader     // nil: none
	Timeout     time.Duration // of computing; 0: none. Stands still while paused
	Armed       []Breakpoint  // usually none: then no stage ever crosses the wire
}

// Get returns the value of the first header line with this name (HTTP's rule: case is ignored), or "".
func (r *Request) Get(name string) string {
	for i := range r.Header {
		if equalFold(r.Header[i].Name, name) {
			return r.Header[i].Value
		}
	}
	return ""
}

// A Resource is what an address leads to. The front's resolver decides it, once for each request.
type Resource struct {
	Handler Handler
	File    string // site path (slashes, no leading one); "" when nothing answers at this address
	Line    int    // the [[handlers]] entry that decided, counted from 1; 0: the built-in mapping
}

// Handler names what answers a resource, in the words of [[handlers]] in huygens.toml.
type Handler string

// The handlers. A path that leads nowhere gets HandlerStatic, whose answer is then 404.
const (
	HandlerPage          Handler = "Page"
	HandlerMarkdown      Handler = "Markdown"
	HandlerGeneric       Handler = "Handler"
	HandlerService       Handler = "Service"
	HandlerClientScript  Handler = "ClientScript"
	HandlerStatic        Handler = "Static"
	HandlerDirectoryList Handler = "DirectoryList"
	HandlerRedirect      Handler = "Redirect"
	HandlerForbidden     Handler = "Forbidden"
	HandlerProxy         Handler = "Proxy"
	HandlerCgi           Handler = "Cgi"
	HandlerFastCgi       Handler = "FastCgi"
)

// A Result is the answer to a request: what to send, why, what it was made from, and what was recorded.
type Result struct {
	Status   int
	Header   []Field
	Body     []byte
	File     string // instead of Body: a site path that the front opens through its resolver and sends
	Streamed bool   // the answer has been sent through Host.Stream already
	ScriptAt int    // offset in Body where the reload tag may stand; -1: nowhere
	Cache    *CacheRule
	Session  *SessionChange // nil: nothing changed
	Why      string         // one phrase: "compiled because _layout.gohtml changed 2 s ago"
	Inputs   []source.Input // what the answer was made from; nil: as last told for this resource by this worker
	Faults   []Fault        // faults of the author's code, outermost first
	Spans    []Span         // Begin counts from the call of Run
	Log      []Line         // At counts from the call of Run
}

// A CacheRule says that an answer may be shared, and for how long. The front keeps no answer without one.
type CacheRule struct {
	For  time.Duration
	Vary []string
	Tags []string
}

// A SessionChange is what a request did to its session: values set (JSON), names removed, or all of it left.
type SessionChange struct {
	Set     map[string][]byte
	Removed []string
	Abandon bool
}

// A Host is how a running request talks to the front. In a worker process each call is one frame there and
// one back. Methods may be called by any goroutine of the request, but not after Run has returned.
type Host interface {
	// Session takes the request's session, and its lock unless mode is SessionRead.
	Session(ctx context.Context, mode SessionMode) (Session, error)
	// Stream sends a part of the answer; the first call sends status and headers. It waits for a slow client.
	Stream(ctx context.Context, status int, header []Field, part []byte) error
	// Pause waits at an armed stage until somebody says how to go on. It stops Request.Timeout.
	Pause(ctx context.Context, at Stage, s Snapshot) (Action, error)
	// Progress tells the spans and lines so far of a request that has run 100 ms; it has no answer.
	Progress(ctx context.Context, spans []Span, log []Line)
}

// SessionMode says how a resource uses its session.
type SessionMode uint8

// The modes of [session] in front matter.
const (
	SessionOff SessionMode = iota
	SessionRead
	SessionOn
)

// A Session is a copy of a session's values, as JSON, at the moment it was taken.
type Session struct {
	ID     string
	IsNew  bool
	Values map[string][]byte
}

// A Stage names a place where a request can be paused.
type Stage struct {
	Name  string // a span name: "PreRender", "AuthorizeRequest", "Error"
	After bool   // false: before it
}

// A Breakpoint is a Stage that is armed for this request.
type Breakpoint struct {
	Stage
	Once    bool
	Timeout time.Duration // how long it may hold the request
}

// A Snapshot is the state of a paused request, as JSON.
type Snapshot struct {
	Data, Form, Headers []byte
}

// An Action says how a paused request goes on.
type Action struct {
	Verb                string // "continue", "step", "skip" or "abort"
	Data, Form, Headers []byte // merged over what there is; nil: unchanged
}
