package pages

import (
	"fmt"
	"time"
)

// A Failure says why a request got no answer. Status is one of 502 (its worker died), 504 (given up for
// time), 503 (never begun: no worker, queue full, pool stopped) or 499 (the client went away; nothing is sent).
type Failure struct {
	Status     int
	Reason     string        // one plain sentence, fit for the error page
	RetryAfter time.Duration // with 503; 0: not told
	Err        error         // the cause, may be nil
	Spans      []Span        // what is known of the timeline; Begin counts from the call of Run
}

func (f *Failure) Error() string {
	if f.Err != nil {
		return fmt.Sprintf("%d: %s: %v", f.Status, f.Reason, f.Err)
	}
	return fmt.Sprintf("%d: %s", f.Status, f.Reason)
}

// Unwrap returns the cause.
func (f *Failure) Unwrap() error { return f.Err }

// A Fault is a mistake in the author's files, with the place where they can mend it.
type Fault struct {
	File    string // site path; "" when no file is to blame
	Line    int    // from 1; 0: unknown
	Column  int    // from 1, in characters; 0: unknown
	Message string // one sentence, lower case, without the place
	Hint    string // what to do about it; may be ""
	Stack   []Frame
}

// A Frame is one step of the way to a fault, innermost first.
type Frame struct {
	Function     string
	File         string
	Line, Column int
}

// Error gives the fault as "file:line:column: message", the form that editors understand.
func (f *Fault) Error() string {
	switch {
	case f.File == "":
		return f.Message
	case f.Line == 0:
		return f.File + ": " + f.Message
	case f.Column == 0:
		return fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.Message)
	}
	return fmt.Sprintf("%s:%d:%d: %s", f.File, f.Line, f.Column, f.Message)
}
