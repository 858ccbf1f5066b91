// Package pages compiles the pages of a site and runs them: front matter, layout, markup, code-behind,
// and the life cycle from PreInit to Disposed.
//
// It is also the lowest package that everything which runs requests shares. One verb crosses the
// boundary between the front and the code of a site:
//
//	Run(ctx, *Request, Host) (*Result, error)
//
// The pool, a worker in this process, a worker in another process and the runtime inside a worker all
// have it (see Runner), and plain structs cross it, so that the process boundary can lie there or not.
//
// # What a request records
//
// Code that runs a request writes what it does into a Recorder: spans (begin, end, error) and log lines.
// The Recorder belongs to one request. Its spans travel back in Result.Spans; the front joins them with
// its own into one timeline.
//
// # What an answer was made from
//
// Each answer names its inputs: the files that were read to make it, those that were looked for and were
// missing included (package source). A page is fresh as long as none of its inputs has changed; this is
// checked when the page is asked for, never by a timer.
//
// # Faults
//
// A fault in the author's code is an answer, not an error of Run: Result.Status is 500, Result.Faults name
// file, line and column in the author's own file, and Result.Body is the error page. Run returns an error
// only when there is no answer at all; it is a *Failure then, with the status of api.md, 5.
package pages
