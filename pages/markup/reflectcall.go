package markup

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"text/template/parse"
)

var errorType = reflect.TypeFor[error]()

// arguments are the operands of a call, the one from the pipe last.
type arguments struct {
	list []argument
}

// An argument is an operand; a number constant takes the type of its parameter.
type argument struct {
	place
	expr
	number *parse.NumberNode
	piped  bool
}

func (c *compiler) arguments(nodes []parse.Node, final expr, must bool) arguments {
	list := make([]argument, 0, len(nodes)+1)
	for _, n := range nodes {
		arg := argument{place: c.place(n), expr: c.operand(n, must)}
		if num, ok := n.(*parse.NumberNode); ok { // a copy that does not keep the tree
			arg.number = &parse.NumberNode{
				IsInt: num.IsInt, IsUint: num.IsUint, IsFloat: num.IsFloat, IsComplex: num.IsComplex,
				Int64: num.Int64, Uint64: num.Uint64, Float64: num.Float64, Complex128: num.Complex128,
			}
		}
		list = append(list, arg)
	}
	if final != nil {
		at := place{c.file, 0}
		if len(list) > 0 {
			at = list[len(list)-1].place
		}
		list = append(list, argument{place: at, expr: final, piped: true})
	}
	return arguments{list}
}

// carried evaluates all arguments.
func (a arguments) carried(s *state, dot any) ([]any, error) {
	if len(a.list) == 0 {
		return nil, nil
	}
	values := make([]any, len(a.list))
	for i, arg := range a.list {
		v, err := arg.expr(s, dot)
		if err != nil {
			return nil, err
		}
		values[i] = v
	}
	return values, nil
}

// bare evaluates all arguments to what functions may see.
func (a arguments) bare(s *state, dot any) ([]any, error) {
	values, err := a.carried(s, dot)
	for i, v := range values {
		values[i] = bare(v)
	}
	return values, err
}

// callReflected calls a Go method or function.
func (s *state) callReflected(at place, name string, fn reflect.Value, how *invocation) (any, error) {
	t, list := fn.Type(), how.args.list
	if n := t.NumOut(); n < 1 || n > 2 || n == 2 && t.Out(1) != errorType {
		return nil, s.wrap(at, errNoResult, name+": "+errNoResult.Error())
	}
	if few := t.NumIn() - 1; t.IsVariadic() && len(list) < few {
		return nil, s.fault(at, "%s wants at least %d arguments and got %d", name, few, len(list))
	} else if !t.IsVariadic() && len(list) != t.NumIn() {
		return nil, s.fault(at, "%s wants %d arguments and got %d", name, t.NumIn(), len(list))
	}
	in := make([]reflect.Value, len(list))
	for i, arg := range list {
		v, err := arg.typed(s, how.dot, parameter(t, i))
		if err != nil {
			return nil, err
		}
		in[i] = v
	}
	out, err := safeCall(fn, in)
	if err != nil {
		return nil, s.wrap(at, err, name+": "+err.Error())
	}
	return carry(out), nil
}

func parameter(t reflect.Type, i int) reflect.Type {
	if t.IsVariadic() && i >= t.NumIn()-1 {
		return t.In(t.NumIn() - 1).Elem()
	}
	return t.In(i)
}

// safeCall turns a panic into an error, as text/template does.
func safeCall(fn reflect.Value, in []reflect.Value) (out reflect.Value, err error) {
	defer func() {
		if r := recover(); r != nil {
			var ok bool
			if err, ok = r.(error); !ok {
				err = fmt.Errorf("%v", r)
			}
		}
	}()
	results := fn.Call(in)
	if len(results) == 2 && !results[1].IsNil() {
		return reflect.Value{}, results[1].Interface().(error)
	}
	return results[0], nil
}

// typed evaluates an argument for a parameter of type t.
func (a argument) typed(s *state, dot any, t reflect.Type) (reflect.Value, error) {
	if n := a.number; n != nil {
		v := reflect.New(t).Elem()
		switch {
		case v.CanInt() && n.IsInt && !v.OverflowInt(n.Int64):
			v.SetInt(n.Int64)
			return v, nil
		case v.CanUint() && n.IsUint && !v.OverflowUint(n.Uint64):
			v.SetUint(n.Uint64)
			return v, nil
		case v.CanFloat() && n.IsFloat:
			v.SetFloat(n.Float64)
			return v, nil
		case v.CanComplex() && n.IsComplex:
			v.SetComplex(n.Complex128)
			return v, nil
		}
	}
	v, err := a.expr(s, dot)
	if err != nil {
		return reflect.Value{}, err
	}
	r, err := convert(v, t)
	if err != nil {
		return r, s.wrap(a.place, err, "")
	}
	return r, nil
}

// convert makes a carried value assignable to t: as text/template does, and numbers where nothing is lost.
func convert(v any, t reflect.Type) (reflect.Value, error) {
	if t.Kind() != reflect.Interface || t.NumMethod() > 0 {
		if sc, ok := v.(Scalar); ok {
			v = sc.Export()
		}
	}
	rv := reflectOf(v)
	if !rv.IsValid() {
		if !canBeNil(t) {
			return rv, fmt.Errorf("there is no value where %s is wanted", t)
		}
		return reflect.Zero(t), nil
	}
	switch {
	case rv.Type().AssignableTo(t):
		return rv, nil
	case rv.Kind() == reflect.Pointer && rv.Type().Elem().AssignableTo(t):
		if rv.IsNil() {
			return rv, errors.New("the value is nil")
		}
		return rv.Elem(), nil
	case rv.CanAddr() && reflect.PointerTo(rv.Type()).AssignableTo(t):
		return rv.Addr(), nil
	}
	if n, ok := convertNumber(rv, t); ok {
		return n, nil
	}
	return rv, fmt.Errorf("%s is wanted, not %s", t, kindName(v))
}

func convertNumber(rv reflect.Value, t reflect.Type) (reflect.Value, bool) {
	to := reflect.New(t).Elem()
	switch {
	case to.CanFloat() && rv.CanInt():
		to.SetFloat(float64(rv.Int()))
	case to.CanFloat() && rv.CanFloat():
		to.SetFloat(rv.Float())
	case to.CanInt() && rv.CanInt() && !to.OverflowInt(rv.Int()):
		to.SetInt(rv.Int())
	case to.CanInt() && rv.CanFloat() && rv.Float() == math.Trunc(rv.Float()) && math.Abs(rv.Float()) < 1<<53 && !to.OverflowInt(int64(rv.Float())):
		to.SetInt(int64(rv.Float()))
	case to.CanUint() && rv.CanInt() && rv.Int() >= 0 && !to.OverflowUint(uint64(rv.Int())):
		to.SetUint(uint64(rv.Int()))
	default:
		return rv, false
	}
	return to, true
}

func canBeNil(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Chan, reflect.Func, reflect.Interface, reflect.Map, reflect.Pointer, reflect.Slice:
		return true
	}
	return false
}
