package markup

import (
	"context"
	"errors"
	"slices"
)

const (
	defaultOutput = 64 << 20
	maxCalls      = 1000 // templates within templates while running
	checkEvery    = 64   // loop iterations and calls between two looks at the context
)

// flow says how the steps of a list go on.
type flow uint8

const (
	next      flow = iota
	breaks         // out of the innermost range
	continues      // with the next item of it
	fails          // state.err says why
)

type (
	// A step is a compiled node. dot is the template's ".".
	step func(s *state, dot any) flow
	// An expr is a compiled pipeline or operand; its value is a carried one (reflectOf).
	expr func(s *state, dot any) (any, error)
)

// A program is a compiled template.
type program struct {
	run   step
	slots int // variables, $ included
	name  string
	start place
}

// A callSite is where a template is called.
type callSite struct {
	place
	name string // of the template that is called
}

// A state is one rendering. It belongs to one goroutine.
type state struct {
	out   []byte
	start int   // bytes of out that were there before
	vars  []any // of the template that runs; 0 is $
	err   error
	env   *Env
	ctx   context.Context
	limit int // of len(out)
	left  int // until the next look at ctx
	entry *program
	calls []*callSite // that are open, without the entry
	at    place       // of the value or function of another world that is asked last; it may panic
	slab  []any       // what vars are cut from
	used  int
	few   [12]any
	open  [8]*callSite
}

func newState(ctx context.Context, out []byte, env *Env) *state {
	s := &state{out: out, start: len(out), env: env, ctx: ctx, left: 1}
	s.limit = len(out) + env.MaxOutput
	if env.MaxOutput <= 0 {
		s.limit = len(out) + defaultOutput
	}
	s.slab, s.calls = s.few[:], s.open[:0]
	return s
}

// run runs the whole template.
func (s *state) run(p *program) error {
	s.entry, s.at = p, p.start
	if err := s.tick(p.start); err != nil {
		return err
	}
	if data := s.env.Data; s.enter(p, data) == fails {
		return s.err
	}
	return s.check(p.start)
}

// enter runs a template with its own variables.
func (s *state) enter(p *program, dot any) flow {
	vars := s.vars
	if s.used+p.slots > len(s.slab) {
		s.slab = make([]any, 2*(s.used+p.slots)) // those who run keep theirs
	}
	s.vars = s.slab[s.used : s.used+p.slots]
	s.used += p.slots
	s.vars[0] = dot
	f := p.run(s, dot)
	s.used -= p.slots
	s.vars = vars
	return f
}

// call runs the template that a site calls.
func (s *state) call(p *program, dot any, at *callSite) flow {
	if err := s.tick(at.place); err != nil {
		return s.fail(err)
	}
	if len(s.calls) >= maxCalls {
		return s.fail(s.wrap(at.place, errRecursion, "templates call each other more than 1000 deep"))
	}
	s.calls = append(s.calls, at)
	f := s.enter(p, dot)
	s.calls = s.calls[:len(s.calls)-1]
	return f
}

// fail keeps the error for whoever runs the steps.
func (s *state) fail(err error) flow {
	s.err = err
	return fails
}

// tick is called once for each iteration and call: it ends what has no end.
func (s *state) tick(at place) error {
	if len(s.out) > s.limit {
		return s.check(at)
	}
	if s.left--; s.left > 0 {
		return nil
	}
	return s.alive(at)
}

// alive looks at the context.
func (s *state) alive(at place) error {
	s.left = checkEvery
	if s.ctx.Err() == nil {
		return nil
	}
	cause := context.Cause(s.ctx)
	if errors.Is(cause, context.DeadlineExceeded) {
		return s.wrap(at, cause, "rendering took too long and was stopped here")
	}
	return s.wrap(at, cause, "rendering was stopped here: "+cause.Error())
}

// check looks at the size of the output.
func (s *state) check(at place) error {
	if len(s.out) <= s.limit {
		return nil
	}
	e := s.fault(at, "the page is larger than %d bytes", s.limit-s.start)
	e.Err = errTooMuch
	return e
}

// fault makes an error of a place, with the templates that are open.
func (s *state) fault(at place, format string, args ...any) *Error {
	e := at.fault(format, args...)
	e.Frames = s.frames(e)
	return e
}

// wrap makes an error of err. message "": err's own.
func (s *state) wrap(at place, err error, message string) *Error {
	if message == "" {
		message = err.Error()
	}
	e := s.fault(at, "%s", message)
	e.Err = err
	return e
}

// frames lists the open templates, outermost first, without the middle of a deep recursion.
func (s *state) frames(e *Error) []Frame {
	const most = 10
	calls := s.calls
	if len(calls) > 2*most {
		calls = slices.Concat(calls[:most], calls[len(calls)-most:])
	}
	frames := make([]Frame, 0, len(calls)+1)
	name := s.entry.name
	for _, c := range calls {
		line, column := c.position()
		frames = append(frames, Frame{Template: name, File: c.file.name, Line: line, Column: column})
		name = c.name
	}
	return append(frames, Frame{Template: name, File: e.File, Line: e.Line, Column: e.Column})
}
