package script

import (
	"fmt"
	"strings"
)

// An Error is a fault in the author's code, found while compiling or thrown while running, with its place in the
// author's own file.
type Error struct {
	File         string // site path; "" when no file is to blame
	Line, Column int    // from 1, columns in characters; 0: unknown
	Message      string // what went wrong, without the place; a thrown error begins with its kind unless that is Error
	Hint         string // what to do about it; may be ""
	Stack        []Frame
	Err          error // the cause: an error of a host function, of the context, given to Interrupt; may be nil

	thrown *thrown // what the script threw, so that it can be thrown on unchanged
}

// A Frame is one step of the way to a fault, innermost first.
type Frame struct {
	Function     string // "" at the top level of a file
	File         string
	Line, Column int
}

// Error gives the fault as "file:line:column: message".
func (e *Error) Error() string {
	switch {
	case e.File == "":
		return e.Message
	case e.Line == 0:
		return e.File + ": " + e.Message
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errors are the faults of one compilation.
type Errors []*Error

// Error lists all faults, a line each.
func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i, fault := range e {
		lines[i] = fault.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns the faults.
func (e Errors) Unwrap() []error {
	errs := make([]error, len(e))
	for i, fault := range e {
		errs[i] = fault
	}
	return errs
}
