package script

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/dop251/goja"
)

// A Call is one call of a host function. It is valid until the function returns.
type Call struct {
	runtime   *Runtime // nil: made by NewCall
	arguments []goja.Value
	values    []any // instead of arguments
}

// NewCall makes a Call of Go values, for host functions that are called from elsewhere, as by a template.
func NewCall(args ...any) *Call { return &Call{values: args} }

// Context is the context of the Call of the Runtime that is under way.
func (c *Call) Context() context.Context {
	if c.runtime == nil || c.runtime.loop.ctx == nil {
		return context.Background()
	}
	return c.runtime.loop.ctx
}

// Len is the number of arguments.
func (c *Call) Len() int {
	if c.runtime == nil {
		return len(c.values)
	}
	return len(c.arguments)
}

// Value is the argument at i, objects in place; nil if there are not so many.
func (c *Call) Value(i int) any {
	if i < 0 || i >= c.Len() {
		return nil
	}
	if c.runtime == nil {
		return c.values[i]
	}
	return c.runtime.fromScript(c.arguments[i])
}

// Arg is the argument at i as plain Go value, as Export gives it.
func (c *Call) Arg(i int) any { return Export(c.Value(i)) }

// Args are all arguments, objects in place. Unlike with Value, undefined is not nil but a value that prints itself.
func (c *Call) Args() []any {
	args := make([]any, c.Len())
	for i := range args {
		args[i] = c.Value(i)
		if c.runtime != nil && goja.IsUndefined(c.arguments[i]) {
			args[i] = c.arguments[i]
		}
	}
	return args
}

// String is the argument at i as the script makes a string of it; "" if there are not so many.
func (c *Call) String(i int) string {
	if i < 0 || i >= c.Len() {
		return ""
	}
	if c.runtime != nil {
		return c.arguments[i].String()
	}
	switch v := Export(c.values[i]).(type) {
	case nil:
		return ""
	case string:
		return v
	case []byte:
		return string(v)
	default:
		return fmt.Sprint(v)
	}
}

// Function is the argument at i if it is a function.
func (c *Call) Function(i int) (*Function, bool) {
	f, ok := c.Value(i).(*Function)
	return f, ok
}

// JSON is the argument at i as JSON.stringify gives it, members in the script's order; "" for what JSON does not have.
func (c *Call) JSON(i int) (string, error) {
	if c.runtime == nil {
		return "", errors.New("there is no script")
	}
	if i < 0 || i >= c.Len() {
		return "", nil
	}
	v, err := c.runtime.builtinCall("JSON", "stringify", c.arguments[i])
	if err != nil {
		return "", err
	}
	if s, ok := v.(goja.String); ok {
		return s.String(), nil
	}
	return "", nil
}

// ParseJSON makes a value of the script of JSON text, nested at most 512 deep.
func (c *Call) ParseJSON(text string) (any, error) {
	if c.runtime == nil {
		return nil, errors.New("there is no script")
	}
	if err := checkDepth(text); err != nil {
		return nil, err
	}
	v, err := c.runtime.builtinCall("JSON", "parse", c.runtime.vm.ToValue(text))
	if err != nil {
		return nil, err
	}
	return c.runtime.fromScript(v), nil
}

// builtinCall calls a function of the language.
func (r *Runtime) builtinCall(object, name string, args ...goja.Value) (goja.Value, error) {
	o := r.builtin(object)
	if o == nil {
		return nil, fmt.Errorf("the script has replaced %s", object)
	}
	f, ok := goja.AssertFunction(o.Get(name))
	if !ok {
		return nil, fmt.Errorf("the script has replaced %s.%s", object, name)
	}
	v, err := f(o, args...)
	if err != nil {
		return nil, r.fault(err)
	}
	return v, nil
}

// Promise starts work on a goroutine of its own and returns a promise of its result for the script. The context that
// work gets ends with that of the Call of the Runtime, and with Close, which waits for the work.
func (c *Call) Promise(work func(ctx context.Context) (any, error)) any {
	if c.runtime == nil { // a template waits
		v, err := work(c.Context())
		if err != nil {
			panic(err)
		}
		return v
	}
	return c.runtime.start(work)
}

// Sleep returns a promise that is fulfilled after d.
func (c *Call) Sleep(d time.Duration) any {
	if c.runtime == nil {
		return nil
	}
	r := c.runtime
	p, resolve, _ := r.vm.NewPromise()
	r.loop.after(d, 0, func() error { return resolve(goja.Undefined()) })
	return &promise{inPlace{r, r.vm.ToValue(p).(*goja.Object)}}
}

// Finally calls done when v is settled: at once if v is no promise, with the error if it is rejected. It returns what
// the script gets instead of v.
func (c *Call) Finally(v any, done func(error)) any {
	p, ok := v.(*promise)
	if !ok || c.runtime == nil {
		done(nil)
		return v
	}
	r := c.runtime
	then, ok := goja.AssertFunction(p.o.Get("then"))
	if !ok {
		done(nil)
		return v
	}
	fulfilled := r.vm.ToValue(func(f goja.FunctionCall) goja.Value { done(nil); return f.Argument(0) })
	rejected := r.vm.ToValue(func(f goja.FunctionCall) goja.Value {
		done(r.rejection(f.Argument(0)))
		panic(f.Argument(0))
	})
	next, err := then(p.o, fulfilled, rejected)
	if err != nil {
		done(r.fault(err))
		return v
	}
	return r.fromScript(next)
}
