package markup

import (
	"errors"
	"reflect"
	"sync/atomic"
)

// A field is one name of a chain, at its place in the author's file.
type field struct {
	place
	name   string
	must   bool // a missing name is a fault, if the object is Strict or the page's data
	top    bool // it is read from the page's data
	member atomic.Pointer[member]
}

// A member is where a Go type keeps a name. Each field remembers the last type that it met.
type member struct {
	typ    reflect.Type
	method bool
	index  []int // of a field of a struct; nil: there is none
	hidden bool  // it is not exported
}

// get reads the name from a carried value.
func (f *field) get(s *state, v any) (any, error) {
	switch t := v.(type) {
	case map[string]any:
		if r, ok := t[f.name]; ok {
			return r, nil
		}
		return f.missing(s, v)
	case Object:
		return f.ofObject(s, t)
	case absent:
		return f.missing(s, v)
	case nil:
		if f.top { // there is no data at all
			return f.missing(s, v)
		}
		return nil, s.fault(f.place, "there is nothing of which .%s could be read: the value before it is null", f.name)
	case List, Scalar, Renderer:
		return nil, f.wrongKind(s, v)
	}
	return f.reflected(s, v, nil)
}

// ofObject reads a member of an object, or calls its method of that name.
func (f *field) ofObject(s *state, o Object) (any, error) {
	s.at = f.place
	if v, ok := o.Field(f.name); ok {
		return v, nil
	}
	if c, ok := o.(Caller); ok {
		if call, ok := c.Method(f.name); ok {
			return f.result(s)(call(nil))
		}
	}
	return f.missing(s, o)
}

// result gives what a method returned.
func (f *field) result(s *state) func(any, error) (any, error) {
	return func(v any, err error) (any, error) {
		if err != nil {
			return nil, s.wrap(f.place, err, "."+f.name+": "+err.Error())
		}
		return v, nil
	}
}

// missing decides what a name that does not exist is.
func (f *field) missing(s *state, v any) (any, error) {
	if strict, ok := v.(Strict); !f.must || !f.top && !(ok && strict.Strict()) {
		return absent{}, nil
	}
	names := keys(v)
	owner := "this object"
	if f.top {
		owner = "page.data"
	}
	e := s.fault(f.place, "there is no %q in %s; it has %s", f.name, owner, listed(names))
	e.Hint = didYouMean(f.name, names, "")
	e.Frames[len(e.Frames)-1].Keys = sortedStrings(names)
	return nil, e
}

func (f *field) wrongKind(s *state, v any) error {
	return s.fault(f.place, "there is no .%s in %s", f.name, kindName(v))
}

// call calls the method of that name.
func (f *field) call(s *state, dot, v any, args arguments) (any, error) {
	switch v.(type) {
	case Object, List, Scalar, Renderer:
		c, ok := v.(Caller)
		if !ok {
			return nil, f.noMethod(s, v)
		}
		s.at = f.place
		call, ok := c.Method(f.name)
		if !ok {
			return nil, f.noMethod(s, v)
		}
		list, err := args.bare(s, dot)
		if err != nil {
			return nil, err
		}
		s.at = f.place
		return f.result(s)(call(list))
	case absent:
		return f.get(s, v)
	case nil, map[string]any:
		return nil, f.noMethod(s, v)
	}
	return f.reflected(s, v, &invocation{dot, args})
}

func (f *field) noMethod(s *state, v any) error {
	return s.fault(f.place, ".%s is no function of %s; it cannot be given arguments", f.name, kindName(v))
}

// An invocation is what a method is called with.
type invocation struct {
	dot  any
	args arguments
}

// reflected reads the name from a Go value; how nil: it is given no arguments.
func (f *field) reflected(s *state, v any, how *invocation) (any, error) {
	rv := reflectOf(v)
	for (rv.Kind() == reflect.Pointer || rv.Kind() == reflect.Interface) && !rv.IsNil() {
		rv = rv.Elem()
	}
	receiver := rv
	if rv.CanAddr() && rv.Kind() != reflect.Pointer && rv.Kind() != reflect.Interface {
		receiver = rv.Addr()
	}
	m := f.memberOf(receiver.Type())
	switch {
	case m.method:
		if how == nil {
			how = &invocation{}
		}
		s.at = f.place
		return s.callReflected(f.place, "."+f.name, receiver.MethodByName(f.name), how)
	case f.top && (rv.Kind() == reflect.Pointer || rv.Kind() == reflect.Struct && m.index == nil):
		return f.missing(s, v)
	case rv.Kind() == reflect.Pointer:
		return nil, s.fault(f.place, "there is nothing of which .%s could be read: the value before it is nil", f.name)
	case how != nil:
		return nil, f.noMethod(s, v)
	case m.hidden:
		return nil, s.fault(f.place, ".%s is not exported by %s", f.name, rv.Type())
	case m.index != nil:
		r, err := rv.FieldByIndexErr(m.index)
		if err != nil {
			return nil, s.wrap(f.place, err, "")
		}
		return carry(r), nil
	case rv.Kind() == reflect.Map && rv.Type().Key().Kind() == reflect.String:
		if r := rv.MapIndex(reflect.ValueOf(f.name).Convert(rv.Type().Key())); r.IsValid() {
			return carry(r), nil
		}
		return f.missing(s, v)
	}
	return nil, f.wrongKind(s, v)
}

// memberOf finds the name in a type, which is a pointer where the value can be addressed.
func (f *field) memberOf(t reflect.Type) *member {
	if m := f.member.Load(); m != nil && m.typ == t {
		return m
	}
	m := &member{typ: t}
	if _, m.method = t.MethodByName(f.name); !m.method {
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		if t.Kind() == reflect.Struct {
			if sf, ok := t.FieldByName(f.name); ok {
				m.index, m.hidden = sf.Index, !sf.IsExported()
			}
		}
	}
	f.member.Store(m)
	return m
}

var errNoResult = errors.New("it must return one value, or one and an error")
