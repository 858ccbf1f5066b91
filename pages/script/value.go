package script

import (
	"fmt"
	"time"

	"github.com/dop251/goja"
)

// toScript makes a value of the script of one that the host gave. nil is undefined.
func (r *Runtime) toScript(v any) goja.Value {
	switch v := v.(type) {
	case nil:
		return goja.Undefined()
	case goja.Value:
		return v
	case string, bool, int, int64, float64:
		return r.vm.ToValue(v)
	case func(*Call) (any, error):
		return r.function("", v)
	case handle:
		return v.unwrap(r)
	case Members:
		return r.show(v)
	case time.Time:
		return r.date(v)
	case []byte:
		return r.bytes(v)
	case error:
		return r.newError("Error", v)
	}
	o := r.vm.ToValue(v)
	if object, ok := o.(*goja.Object); ok {
		if r.backed == nil {
			r.backed = map[*goja.Object]struct{}{}
		}
		r.backed[object] = struct{}{}
	}
	return o
}

func (r *Runtime) toScripts(list []any) []goja.Value {
	values := make([]goja.Value, len(list))
	for i, v := range list {
		values[i] = r.toScript(v)
	}
	return values
}

// fromScript makes what the host gets of a value of the script: plain Go values as they are, everything else in place.
func (r *Runtime) fromScript(v goja.Value) any {
	if o, ok := v.(*goja.Object); ok {
		return r.inPlaceObject(o)
	}
	if v == nil {
		return nil
	}
	if s, ok := v.(*goja.Symbol); ok {
		return s.String()
	}
	return plain(v)
}

// inPlace is the same for those who only read and show: strings and numbers stay values of the engine, which cost
// nothing and print themselves.
func (r *Runtime) inPlace(v goja.Value) any {
	switch v := v.(type) {
	case nil:
		return nil
	case *goja.Object:
		return r.inPlaceObject(v)
	case goja.String:
		return v
	}
	if goja.IsNumber(v) {
		return v
	}
	return r.fromScript(v)
}

// inPlaceObject gives Go values back as they were given and keeps the script's own objects where they are.
func (r *Runtime) inPlaceObject(o *goja.Object) any {
	if _, ok := r.backed[o]; ok {
		return o.Export() // the Go value by reference; a slice as long as the script has made it
	}
	switch r.shapeOf(o) {
	case arrayShape:
		return &list{inPlace{r, o}}
	case functionShape:
		return &Function{inPlace{r, o}}
	case promiseShape:
		return &promise{inPlace{r, o}}
	case membersShape:
		return o.Export().(*members).Members
	case dateShape, boxedShape, bytesShape, goShape:
		return r.exported(o)
	}
	return &object{inPlace{r, o}}
}

// date makes a Date.
func (r *Runtime) date(t time.Time) goja.Value {
	if class := r.builtin("Date"); class != nil {
		if o, err := r.vm.New(class, r.vm.ToValue(t.UnixMilli())); err == nil {
			return o
		}
	}
	return r.vm.ToValue(t.Format(time.RFC3339Nano))
}

// bytes makes a Uint8Array of the host's bytes, which are not copied.
func (r *Runtime) bytes(b []byte) goja.Value {
	buffer := r.vm.ToValue(r.vm.NewArrayBuffer(b))
	if class := r.builtin("Uint8Array"); class != nil {
		if o, err := r.vm.New(class, buffer); err == nil {
			return o
		}
	}
	return buffer
}

// bytesOf gives the bytes of an ArrayBuffer or a Uint8Array, not copied.
func bytesOf(o *goja.Object) []byte {
	switch b := o.Export().(type) {
	case []byte:
		return b
	case goja.ArrayBuffer:
		return b.Bytes()
	}
	return nil
}

// function makes a function of the script of one of the host. Stacks that the script sees have its name.
func (r *Runtime) function(name string, f func(*Call) (any, error)) *goja.Object {
	o := r.vm.ToValue(func(c goja.FunctionCall) goja.Value {
		return r.callHost(f, c)
	}).(*goja.Object)
	r.rename(o, name)
	return o
}

// rename gives a function a name; the engine took that of the Go function.
func (r *Runtime) rename(o *goja.Object, name string) {
	_ = o.DefineDataProperty("name", r.vm.ToValue(name), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE) // of a new object: cannot fail
}

// callHost calls a function of the host. What it returns as an error, or panics with, is thrown.
func (r *Runtime) callHost(f func(*Call) (any, error), c goja.FunctionCall) goja.Value {
	defer func() {
		if x := recover(); x != nil {
			r.rethrow(x)
		}
	}()
	v, err := f(&Call{runtime: r, arguments: c.Arguments})
	if err != nil {
		r.throw(err)
	}
	return r.toScript(v)
}

// rethrow passes on what the engine panics with; what anything else panics with becomes an error of the script.
func (r *Runtime) rethrow(x any) {
	switch x := x.(type) {
	case *goja.Exception, goja.Value, *stopped, *goja.InterruptedError, *goja.StackOverflowError:
		panic(x)
	case *Error:
		r.throw(x)
	case error:
		r.throw(fmt.Errorf("internal error: %w", x))
	}
	if isEngines(x) {
		panic(x)
	}
	r.throw(fmt.Errorf("internal error: %v", x))
}
