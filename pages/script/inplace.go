package script

import (
	"strconv"

	"github.com/dop251/goja"
)

// The in-place values have the methods of the interfaces with which markup reads them. A getter of the script that
// throws makes them panic with an *Error: the interfaces have no room for it, and markup expects that.

// A handle stands for an object of the script.
type handle interface{ unwrap(*Runtime) goja.Value }

type inPlace struct {
	r *Runtime
	o *goja.Object
}

func (p inPlace) unwrap(r *Runtime) goja.Value {
	if p.r != r { // the engine's objects cannot cross from one script to another
		return r.toScript(p.Export())
	}
	return p.o
}

// Export gives the value as Go value, see the function Export.
func (p inPlace) Export() any { return p.r.exported(p.o) }

// get reads a property; nil: there is none.
func (p inPlace) get(name string) (v goja.Value) {
	p.r.try(func() { v = p.o.Get(name) })
	return v
}

// try runs what may run code of the script, outside of it or in a host function.
func (r *Runtime) try(f func()) {
	defer func() {
		if x := recover(); x != nil {
			switch x := x.(type) {
			case *stopped:
				panic(x)
			case error:
				panic(r.fault(x))
			}
			panic(x)
		}
	}()
	if ex := r.vm.Try(f); ex != nil {
		panic(ex)
	}
}

// An object is an object of the script.
type object struct{ inPlace }

// Field reads a member, inherited ones too; false: there is none. Those that all objects have do not count.
func (o *object) Field(name string) (any, bool) {
	v := o.get(name)
	if v == nil {
		return nil, false
	}
	if f, ok := v.(*goja.Object); ok && f.ClassName() == "Function" && o.common(name, f) {
		return nil, false
	}
	return o.r.inPlace(v), true
}

// common says whether a function is one that every object inherits, toString and the like.
func (o *object) common(name string, f *goja.Object) bool {
	proto := o.r.vm.NewObject().Prototype()
	return proto != nil && proto.Get(name) == goja.Value(f)
}

// Names lists the object's own enumerable members in their order.
func (o *object) Names() (names []string) {
	o.r.try(func() { names = o.o.Keys() })
	return names
}

// String is what markup shows of an object: as the script would say it.
func (o *object) String() (s string) {
	o.r.try(func() { s = o.o.String() })
	return s
}

// A list is an array of the script.
type list struct{ inPlace }

// Len is the array's length.
func (l *list) Len() int {
	v := l.get("length")
	if v == nil {
		return 0
	}
	return int(v.ToInteger())
}

// At is the element at i.
func (l *list) At(i int) any { return l.r.inPlace(l.get(strconv.Itoa(i))) }

// String is what markup shows of an array: its elements with commas.
func (l *list) String() (s string) {
	l.r.try(func() { s = l.o.String() })
	return s
}

// A promise is a promise of the script that nobody waits for.
type promise struct{ inPlace }

// Field finds nothing.
func (*promise) Field(string) (any, bool) { return nil, false }

// Names lists nothing.
func (*promise) Names() []string { return nil }

// String says what is wrong when a page shows it.
func (*promise) String() string { return "[a promise: await it]" }

// A Function is a function of the script.
type Function struct{ inPlace }

// Call calls the function, from a host function or when nothing runs. What it throws is an *Error; returned by a
// host function, that is thrown on as it was.
func (f *Function) Call(args ...any) (result any, err error) {
	defer func() {
		if x := recover(); x != nil {
			e, ok := x.(error)
			if !ok {
				panic(x)
			}
			err = f.r.fault(e)
		}
	}()
	call, ok := goja.AssertFunction(f.o)
	if !ok {
		return nil, &Error{File: f.r.program.name, Message: "not a function"}
	}
	v, err := call(goja.Undefined(), f.r.toScripts(args)...)
	if err != nil {
		return nil, f.r.fault(err)
	}
	return f.r.fromScript(v), nil
}

// String is what markup shows: nothing useful can be shown.
func (*Function) String() string { return "[a function: call it]" }
