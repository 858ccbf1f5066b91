package pages

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"huygens/pages/frontmatter"
	"huygens/pages/markup"
	"huygens/pages/report"
	"huygens/pages/script"
	"huygens/pages/source"
)

// A statusError is an answer that is no success and nobody's fault.
type statusError struct {
	status   int
	sentence string // "": the usual one for the status
}

func (e *statusError) Error() string { return fmt.Sprintf("status %d", e.status) }

// Completed says whether the rest of the pipeline is to be skipped.
func (c *Context) Completed() bool { return c.completed }

// Fail makes the answer for an error: the error page, with the faults of the author's files.
func (c *Context) Fail(ctx context.Context, err error) {
	if c.Response.streamed {
		c.Record.Log("error", err.Error(), "huygens")
		return
	}
	status, sentence := c.statusOf(ctx, err)
	allow := c.Response.Header("Allow")
	c.Response.Reset()
	c.Response.Status = status
	if allow != "" {
		c.Response.Set("Allow", allow)
	}
	c.Response.Set("Cache-Control", "no-store")
	page := report.Report{Status: status, Sentence: sentence, TraceID: c.Request.TraceID, TraceURL: "/_huygens/trace", Details: true}
	if status >= 500 {
		c.Faults = FaultsOf(err)
		page.Faults = c.withSource(c.Faults)
	}
	kind, body := report.Render(page, c.Request.Get("Accept"))
	c.Response.Set("Content-Type", kind)
	c.Response.body = body
}

func (c *Context) statusOf(ctx context.Context, err error) (status int, sentence string) {
	var known *statusError
	switch {
	case errors.As(err, &known):
		return known.status, known.sentence
	case errors.Is(context.Cause(ctx), ErrTimeout):
		return 504, "The page took longer than requestTimeout and was stopped."
	case errors.Is(err, ErrBodyTooLarge):
		return 413, ""
	}
	return 500, ""
}

// FaultsOf gives the faults that an error is made of, each with its place in the author's files.
func FaultsOf(err error) []Fault {
	var all []Fault
	collectFaults(err, &all)
	return all
}

func collectFaults(err error, all *[]Fault) {
	switch e := err.(type) {
	case nil:
	case *Fault:
		*all = append(*all, *e)
	case *script.Error:
		*all = append(*all, scriptFault(e))
	case *markup.Error:
		*all = append(*all, markupFault(e))
	case *frontmatter.Error:
		*all = append(*all, Fault{Line: e.Line, Column: e.Column, Message: e.Message, Hint: e.Hint})
	case interface{ Unwrap() []error }:
		for _, inner := range e.Unwrap() {
			collectFaults(inner, all)
		}
	default:
		if inner := errors.Unwrap(err); inner != nil {
			if found := FaultsOf(inner); len(found) > 0 && found[0].File != "" {
				*all = append(*all, found...)
				return
			}
		}
		*all = append(*all, Fault{Message: err.Error()})
	}
}

func scriptFault(e *script.Error) Fault {
	f := Fault{File: e.File, Line: e.Line, Column: e.Column, Message: e.Message, Hint: e.Hint}
	for _, s := range e.Stack {
		f.Stack = append(f.Stack, Frame{Function: s.Function, File: s.File, Line: s.Line, Column: s.Column})
	}
	return f
}

// markupFault turns the chain of templates around: a Fault's stack has the innermost first.
func markupFault(e *markup.Error) Fault {
	f := Fault{File: e.File, Line: e.Line, Column: e.Column, Message: e.Message, Hint: e.Hint}
	var cause *script.Error
	if errors.As(e.Err, &cause) {
		f.Stack = scriptFault(cause).Stack
	}
	for i := len(e.Frames) - 1; i >= 0; i-- {
		t := e.Frames[i]
		f.Stack = append(f.Stack, Frame{Function: t.Template, File: t.File, Line: t.Line, Column: t.Column})
	}
	return f
}

// faultOf is the first fault of an error, for code that asks for it.
func faultOf(err error) *Fault {
	all := FaultsOf(err)
	if len(all) == 0 {
		return nil
	}
	return &all[0]
}

func (f *Fault) stackText() string {
	var b strings.Builder
	b.WriteString(f.Message)
	for _, s := range f.Stack {
		fmt.Fprintf(&b, "\n    at %s (%s:%d:%d)", s.Function, s.File, s.Line, s.Column)
	}
	return b.String()
}

// withSource adds the lines around each fault, read as they are now.
func (c *Context) withSource(faults []Fault) []report.Fault {
	all := make([]report.Fault, 0, len(faults))
	for _, f := range faults {
		shown := report.Fault{File: f.File, Line: f.Line, Column: f.Column, Message: f.Message, Hint: f.Hint}
		for _, s := range f.Stack {
			shown.Stack = append(shown.Stack, report.Frame(s))
		}
		if f.File != "" && f.Line > 0 {
			shown.Lines = c.linesOf(f.File, f.Line)
		}
		all = append(all, shown)
	}
	return all
}

func (c *Context) linesOf(file string, line int) []report.SourceLine {
	data, _, err := c.Application.folder.Read(file, source.Stamp{})
	if err != nil {
		return nil
	}
	return report.Around(string(data), line)
}
