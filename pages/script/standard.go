package script

import (
	"time"

	"github.com/dop251/goja"
)

// isStandard says whether standard makes this global.
func isStandard(name string) bool {
	switch name {
	case "setTimeout", "setInterval", "clearTimeout", "clearInterval", "queueMicrotask":
		return true
	}
	return false
}

// standard makes the globals that are not of the language but that every script expects; nil: there is no such.
func (r *Runtime) standard(name string) goja.Value {
	switch name {
	case "setTimeout":
		return r.vm.ToValue(func(c goja.FunctionCall) goja.Value { return r.setTimer(c, false) })
	case "setInterval":
		return r.vm.ToValue(func(c goja.FunctionCall) goja.Value { return r.setTimer(c, true) })
	case "clearTimeout", "clearInterval":
		return r.vm.ToValue(func(c goja.FunctionCall) goja.Value {
			r.loop.clear(int(c.Argument(0).ToInteger()))
			return goja.Undefined()
		})
	case "queueMicrotask":
		return r.vm.ToValue(r.queueMicrotask)
	}
	return nil
}

// longest is the longest time of a timer; browsers count in 31 bits of milliseconds.
const longest = (1<<31 - 1) * time.Millisecond

// setTimer is setTimeout and setInterval.
func (r *Runtime) setTimer(c goja.FunctionCall, again bool) goja.Value {
	f, ok := goja.AssertFunction(c.Argument(0))
	if !ok {
		panic(r.vm.NewTypeError("the first argument of a timer is a function"))
	}
	wait := min(max(time.Duration(c.Argument(1).ToFloat()*float64(time.Millisecond)), 0), longest)
	var every time.Duration
	if again {
		every = max(wait, time.Millisecond)
	}
	args := append([]goja.Value(nil), c.Arguments[min(2, len(c.Arguments)):]...)
	return r.vm.ToValue(r.loop.after(wait, every, func() error {
		_, err := f(goja.Undefined(), args...)
		return err
	}))
}

// queueMicrotask runs a function with the promise jobs; what it throws is a rejection that nobody handles.
func (r *Runtime) queueMicrotask(c goja.FunctionCall) goja.Value {
	if _, ok := goja.AssertFunction(c.Argument(0)); !ok {
		panic(r.vm.NewTypeError("the argument of queueMicrotask is a function"))
	}
	p, resolve, _ := r.vm.NewPromise()
	o := r.vm.ToValue(p).(*goja.Object)
	if then, ok := goja.AssertFunction(o.Get("then")); ok {
		if _, err := then(o, c.Argument(0)); err != nil {
			panic(err)
		}
	}
	if err := resolve(goja.Undefined()); err != nil {
		panic(err)
	}
	return goja.Undefined()
}
