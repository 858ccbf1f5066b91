package script

import (
	_ "embed"
	"errors"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/dop251/goja"
)

//go:embed standard.js
var standardSource string

// standardProgram compiles standard.js, once in the process and only if a script needs it.
var standardProgram = sync.OnceValues(func() (*goja.Program, error) {
	return goja.Compile(internalName, standardSource, true)
})

// isStandard says whether standard makes this global.
func isStandard(name string) bool {
	switch name {
	case "setTimeout", "setInterval", "clearTimeout", "clearInterval", "queueMicrotask", "atob", "btoa",
		"structuredClone", "TextEncoder", "TextDecoder", "URL", "URLSearchParams":
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
	case "atob":
		return r.function(name, func(c *Call) (any, error) { return fromBase64(c.String(0)) })
	case "btoa":
		return r.function(name, func(c *Call) (any, error) { return toBase64(c.String(0)) })
	}
	if !isStandard(name) {
		return nil
	}
	return r.written().Get(name)
}

// written is what standard.js makes.
func (r *Runtime) written() *goja.Object {
	const key = "standard.js"
	if o, ok := r.builtins[key]; ok {
		return o
	}
	program, err := standardProgram()
	if err != nil {
		r.throw(err)
	}
	v, err := r.vm.RunProgram(program)
	if err != nil {
		r.throw(err)
	}
	host := r.vm.NewObject()
	for name, f := range map[string]func(*Call) (any, error){
		"encode": func(c *Call) (any, error) { return []byte(c.String(0)), nil },
		"decode": decodeText, "unfinished": unfinished,
		"parseQuery": parseQueryCall, "formatQuery": formatQueryCall, "parseURL": parseURLCall, "setURL": setURLCall,
	} {
		r.define(host, name, r.function(name, f))
	}
	call, _ := goja.AssertFunction(v)
	made, err := call(goja.Undefined(), host)
	if err != nil {
		r.throw(err)
	}
	o := made.(*goja.Object)
	if r.builtins == nil {
		r.builtins = map[string]*goja.Object{}
	}
	r.builtins[key] = o
	return o
}

var errEncoding = errors.New("the bytes are not UTF-8")

func decodeText(c *Call) (any, error) {
	data, _ := c.Value(0).([]byte)
	if fatal, _ := c.Value(1).(bool); fatal && !utf8.Valid(data) {
		return nil, errEncoding
	}
	return replaceInvalid(data), nil
}

// replaceInvalid gives UTF-8 in which each maximal wrong part is U+FFFD, as browsers decode it.
func replaceInvalid(data []byte) string {
	if utf8.Valid(data) {
		return string(data)
	}
	out := make([]byte, 0, len(data)+8)
	for len(data) > 0 {
		c, size := utf8.DecodeRune(data)
		if c == utf8.RuneError && size == 1 {
			size = max(1, wrongPart(data))
		}
		out = utf8.AppendRune(out, c)
		data = data[size:]
	}
	return string(out)
}

// wrongPart is the length of a beginning of a character that does not go on.
func wrongPart(data []byte) int {
	for n := min(3, len(data)); n > 1; n-- {
		if !utf8.FullRune(data[:n]) {
			return n
		}
	}
	return 1
}

// unfinished is the number of bytes at the end that begin a character.
func unfinished(c *Call) (any, error) {
	data, _ := c.Value(0).([]byte)
	for n := 1; n <= min(3, len(data)); n++ {
		if end := data[len(data)-n:]; utf8.RuneStart(end[0]) {
			if !utf8.FullRune(end) {
				return n, nil
			}
			break
		}
	}
	return 0, nil
}

// longest is the longest time of a timer; browsers count in 31 bits of milliseconds.
const longest = (1<<31 - 1) * time.Millisecond

// setTimer is setTimeout and setInterval.
func (r *Runtime) setTimer(c goja.FunctionCall, again bool) goja.Value {
	f, ok := goja.AssertFunction(c.Argument(0))
	if !ok {
		panic(r.vm.NewTypeError("the first argument of a timer is a function"))
	}
	var wait time.Duration
	if ms := c.Argument(1).ToFloat(); ms > 0 { // not for NaN
		wait = longest
		if ms < float64(longest/time.Millisecond) {
			wait = time.Duration(ms * float64(time.Millisecond))
		}
	}
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
