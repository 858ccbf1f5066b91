package wire

import (
	"context"
	"errors"

	"huygens/pages"
)

// An Error is an error of the other side: its text, and the cause that errors.Is finds, if it is one that both
// sides know.
type Error struct {
	Text  string
	Cause error // nil, or one of sharedCauses
}

func (e *Error) Error() string { return e.Text }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Codes of errors. The numbers are part of the protocol.
const (
	noError byte = iota
	plainError
	failureError
	firstCause
)

// sharedCauses travel as firstCause plus their index.
var sharedCauses = [...]error{context.Canceled, context.DeadlineExceeded, pages.ErrTimeout, pages.ErrBodyTooLarge}

// error writes an error as far as the other side can know it: a *pages.Failure, one of sharedCauses with the
// text, or the text alone.
func (e *encoder) error(err error) {
	if err == nil {
		e.byte(noError)
		return
	}
	var failure *pages.Failure
	if errors.As(err, &failure) {
		e.byte(failureError)
		e.int(failure.Status)
		e.text(failure.Reason)
		e.duration(failure.RetryAfter)
		cause := ""
		if failure.Err != nil {
			cause = failure.Err.Error()
		}
		e.text(cause)
		return
	}
	code := plainError
	for i, cause := range sharedCauses {
		if errors.Is(err, cause) {
			code = firstCause + byte(i)
			break
		}
	}
	e.byte(code)
	e.text(err.Error())
}

func (d *decoder) error() error {
	switch code := d.byte(); {
	case code == noError:
		return nil
	case code == plainError:
		return &Error{Text: d.text()}
	case code == failureError:
		f := &pages.Failure{Status: d.int(), Reason: d.text(), RetryAfter: d.duration()}
		if cause := d.text(); cause != "" {
			f.Err = &Error{Text: cause}
		}
		return f
	case int(code-firstCause) < len(sharedCauses):
		return &Error{Text: d.text(), Cause: sharedCauses[code-firstCause]}
	}
	d.fail(errRange)
	return nil
}
