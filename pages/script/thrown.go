package script

import (
	"errors"
	"fmt"
	"strings"

	"github.com/dop251/goja"
)

// thrown is what a script threw, kept so that a host function can pass it on as it was.
type thrown struct {
	runtime *Runtime
	value   goja.Value // nil: it cannot be caught
	raw     error      // of the engine, if it cannot be caught
}

// A stopped ends a script without catch and finally. Inside the engine it travels as an interruption does.
type stopped struct {
	goja.InterruptedError
	err error
}

func (s *stopped) Error() string { return s.err.Error() }

// Unwrap returns what Stop was given.
func (s *stopped) Unwrap() error { return s.err }

// Stop makes an error for host functions: returned by one, it ends the script at once; neither catch nor finally
// of the script runs, pending promise jobs are dropped, and Call returns an error that wraps err.
func Stop(err error) error { return &stopped{err: err} }

// fault translates an error of the engine.
func (r *Runtime) fault(err error) error {
	var stop *stopped
	if errors.As(err, &stop) {
		return stop
	}
	switch e := err.(type) {
	case *Error:
		return e
	case *goja.InterruptedError:
		return r.interrupted(e)
	case *goja.StackOverflowError:
		f := &Error{Message: fmt.Sprintf("RangeError: functions call each other more than %d deep", maxCalls), Hint: "is there a recursion that does not end?"}
		r.trace(f, e.Stack())
		f.thrown = &thrown{runtime: r, raw: e}
		return f
	case *goja.Exception:
		return r.exception(e)
	}
	return &Error{File: r.program.name, Message: err.Error(), Err: err}
}

func (r *Runtime) interrupted(e *goja.InterruptedError) error {
	if stop, ok := e.Value().(*stopped); ok {
		return stop
	}
	f := &Error{Message: "interrupted", thrown: &thrown{runtime: r, raw: e}}
	if cause, ok := e.Value().(error); ok {
		f.Message, f.Err = cause.Error(), cause
	}
	r.trace(f, e.Stack())
	if f.File == "" {
		f.File = r.program.name
	}
	return f
}

// exception translates what was thrown and not caught.
func (r *Runtime) exception(e *goja.Exception) *Error {
	f := &Error{thrown: &thrown{runtime: r, value: e.Value()}}
	r.trace(f, e.Stack())
	if f.File == "" {
		f.File = r.program.name
	}
	r.describe(f, e.Value())
	return f
}

// rejection translates what a promise was rejected with.
func (r *Runtime) rejection(reason goja.Value) *Error {
	ex := r.vm.Try(func() { panic(reason) })
	if ex == nil {
		return &Error{File: r.program.name, Message: "a promise was rejected"}
	}
	return r.exception(ex)
}

// describe finds message and cause of a thrown value.
func (r *Runtime) describe(f *Error, v goja.Value) {
	o, ok := v.(*goja.Object)
	if !ok {
		f.Message = "thrown: " + v.String()
		return
	}
	f.Err = r.causeOf(o)
	if r.shapeOf(o) != errorShape {
		f.Message = "thrown: " + Format([]any{r.inPlace(v)})
		return
	}
	name, message := r.text(o, "name"), r.text(o, "message")
	switch {
	case name == "" || name == "Error":
		f.Message = message
	case message == "":
		f.Message = name
	default:
		f.Message = name + ": " + message
	}
	if f.Message == "" {
		f.Message = "an error without a message was thrown"
	}
	if name == "ReferenceError" {
		f.Hint = r.nearGlobal(message)
	}
}

// text reads a property that ought to be a string, whatever it is.
func (r *Runtime) text(o *goja.Object, name string) (s string) {
	r.vm.Try(func() {
		if v := o.Get(name); v != nil && !goja.IsUndefined(v) {
			s = v.String()
		}
	})
	return s
}

// causeOf finds the Go error behind a thrown error, through its causes.
func (r *Runtime) causeOf(o *goja.Object) error {
	for range 16 {
		if err, ok := r.causes[o]; ok {
			return err
		}
		var next *goja.Object
		r.vm.Try(func() { next, _ = o.Get("cause").(*goja.Object) })
		if next == nil {
			return nil
		}
		o = next
	}
	return nil
}

// nearGlobal advises about a name that is not defined.
func (r *Runtime) nearGlobal(message string) string {
	name, ok := strings.CutSuffix(message, " is not defined")
	if !ok {
		return ""
	}
	if near := nearest(name, globals{r}.Keys()); near != "" {
		return "did you mean " + near + "?"
	}
	return ""
}

// trace takes over the frames that stand in the author's files. The place is the innermost one outside of npm
// packages, if there is one.
func (r *Runtime) trace(f *Error, stack []goja.StackFrame) {
	const most = 50
	placed, inOwn := false, false
	for i := range stack {
		p := stack[i].Position()
		name, ok := authorFile(p.Filename)
		if !ok {
			continue
		}
		function := stack[i].FuncName()
		if strings.HasPrefix(function, "<") {
			function = ""
		}
		if len(f.Stack) < most {
			f.Stack = append(f.Stack, Frame{Function: function, File: name, Line: p.Line, Column: p.Column})
		}
		if own := !inPackage(name); !placed || own && !inOwn {
			f.File, f.Line, f.Column = name, p.Line, p.Column
			placed, inOwn = true, own
		}
	}
}

// throw throws a Go error inside the script, in a host function.
func (r *Runtime) throw(err error) {
	var stop *stopped
	if errors.As(err, &stop) {
		r.vm.Interrupt(stop) // else generators that are being iterated would run their finally
		panic(stop)
	}
	var known *Error
	if errors.As(err, &known) && known.thrown != nil && known.thrown.runtime == r {
		if known.thrown.value == nil {
			panic(known.thrown.raw)
		}
		if error(known) == err {
			panic(known.thrown.value)
		}
	}
	panic(r.newError("Error", err))
}

// newError makes an error object of the script that remembers its Go error.
func (r *Runtime) newError(kind string, err error) *goja.Object {
	o, makeErr := r.vm.New(r.builtin(kind), r.vm.ToValue(err.Error()))
	if makeErr != nil {
		return r.vm.NewGoError(err)
	}
	if r.causes == nil {
		r.causes = map[*goja.Object]error{}
	}
	r.causes[o] = err
	return o
}

// builtin is an object of the language as it was when the script started.
func (r *Runtime) builtin(name string) *goja.Object {
	if o, ok := r.builtins[name]; ok {
		return o
	}
	o, _ := r.vm.GlobalObject().Get(name).(*goja.Object)
	if r.builtins == nil {
		r.builtins = map[string]*goja.Object{}
	}
	r.builtins[name] = o
	return o
}
