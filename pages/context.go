package pages

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/url"
	"sync"

	"huygens/pages/source"
)

// MaxForm is the number of fields that a form may have (security.md, defaults).
const MaxForm = 1000

// DefaultMaxBody is how much of a request's body is read when the page does not say otherwise, in bytes.
const DefaultMaxBody = 10 << 20

// ErrBodyTooLarge is the cause of the error when a request's body is longer than the page allows.
var ErrBodyTooLarge = errors.New("the body of the request is too large")

// A Context is one request on its way through the pipeline: what came, what goes back, what is recorded.
// It belongs to the goroutine that runs the request.
type Context struct {
	Request     *Request
	Response    *Response
	Record      *Recorder
	Host        Host
	Application *Application
	Why         string
	Inputs      []source.Input
	Faults      []Fault

	items     map[string]any // request.items
	query     lazy[url.Values]
	form      lazy[url.Values]
	body      lazy[[]byte]
	completed bool // server.completeRequest was called
}

// NewContext returns the context of a request to app.
func NewContext(req *Request, host Host, app *Application, record *Recorder) *Context {
	return &Context{Request: req, Response: newResponse(host), Record: record, Host: host, Application: app}
}

// lazy is a value that is made when it is asked for the first time.
type lazy[T any] struct {
	once  sync.Once
	value T
	err   error
}

func (l *lazy[T]) get(make func() (T, error)) (T, error) {
	l.once.Do(func() { l.value, l.err = make() })
	return l.value, l.err
}

// Query returns the parsed query. Keys that cannot be decoded are left out.
func (c *Context) Query() url.Values {
	v, _ := c.query.get(func() (url.Values, error) { return url.ParseQuery(c.Request.Query) })
	return v
}

// Body returns the whole body, at most DefaultMaxBody bytes.
func (c *Context) Body() ([]byte, error) {
	return c.body.get(func() ([]byte, error) {
		if c.Request.Body == nil {
			return nil, nil
		}
		data, err := io.ReadAll(io.LimitReader(c.Request.Body, DefaultMaxBody+1))
		if err != nil {
			return nil, fmt.Errorf("reading the body of the request: %w", err)
		}
		if len(data) > DefaultMaxBody {
			return nil, ErrBodyTooLarge
		}
		return data, nil
	})
}

// Form returns the fields of a posted form (application/x-www-form-urlencoded). A body of another type has none.
func (c *Context) Form() (url.Values, error) {
	return c.form.get(func() (url.Values, error) {
		kind, _, err := mime.ParseMediaType(c.Request.Get("Content-Type"))
		if err != nil || kind != "application/x-www-form-urlencoded" {
			return url.Values{}, nil
		}
		data, err := c.Body()
		if err != nil {
			return nil, err
		}
		form, err := url.ParseQuery(string(data))
		if err != nil {
			return nil, badForm("The form cannot be decoded.")
		}
		count := 0
		for _, values := range form {
			count += len(values)
		}
		if count > MaxForm {
			return nil, badForm(fmt.Sprintf("The form has more than %d fields.", MaxForm))
		}
		return form, nil
	})
}

func badForm(sentence string) error { return &statusError{status: 400, sentence: sentence} }

// Result is the answer as it stands now. Spans and log are added by whoever owns the Recorder.
func (c *Context) Result() *Result {
	r := c.Response
	return &Result{
		Status: r.status(), Header: r.fields(), Body: r.body, File: r.file, Streamed: r.streamed,
		ScriptAt: r.scriptAt, Why: c.Why, Inputs: c.Inputs, Faults: c.Faults,
	}
}
