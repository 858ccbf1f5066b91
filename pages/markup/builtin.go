package markup

import (
	"errors"
	"fmt"
	"reflect"

	texttemplate "text/template"
)

func wrongCount(want string, got int) error {
	return fmt.Errorf("it wants %s and got %d", want, got)
}

func sprint(args []any) (string, error) {
	values, err := printables(args)
	return fmt.Sprint(values...), err
}

func sprintln(args []any) (any, error) {
	values, err := printables(args)
	return fmt.Sprintln(values...), err
}

func sprintf(args []any) (any, error) {
	if len(args) == 0 {
		return nil, errors.New("it wants a layout")
	}
	layout, ok := bare(args[0]).(string)
	if !ok {
		rv := reflectOf(bare(args[0]))
		if rv.Kind() != reflect.String {
			return nil, fmt.Errorf("its layout must be a string, not %s", kindName(args[0]))
		}
		layout = rv.String()
	}
	values, err := printables(args[1:])
	return fmt.Sprintf(layout, values...), err
}

// escaping gives html, js and urlquery, which authors write themselves.
func escaping(name string) builtin {
	f := texttemplate.HTMLEscaper
	switch name {
	case "js":
		f = texttemplate.JSEscaper
	case "urlquery":
		f = texttemplate.URLQueryEscaper
	}
	return func(args []any) (any, error) {
		values, err := printables(args)
		if err != nil {
			return nil, err
		}
		return f(values...), nil
	}
}

// evalArgs is what the analysis makes of {{html a b}}.
func evalArgs(args []any) (any, error) {
	values, err := printables(args)
	for i, v := range values {
		values[i] = indirectPrintable(v)
	}
	return fmt.Sprint(values...), err
}

// index is {{index x 1 "a"}}.
func index(args []any) (any, error) {
	if len(args) == 0 {
		return nil, errors.New("it wants something to look into")
	}
	item := exported(args[0])
	if _, gone := item.(absent); gone || item == nil {
		return nil, errors.New("there is nothing to look into")
	}
	for _, key := range args[1:] {
		var err error
		if item, err = indexOne(item, exported(key)); err != nil {
			return nil, err
		}
	}
	return item, nil
}

// exported is v, or the Go value of a scalar.
func exported(v any) any {
	switch t := v.(type) {
	case Object, List:
		return v
	case Scalar:
		return t.Export()
	}
	return v
}

func indexOne(item, key any) (any, error) {
	switch t := item.(type) {
	case map[string]any:
		if name, ok := key.(string); ok {
			return t[name], nil
		}
	case List:
		i, err := position(key, t.Len()-1)
		if err != nil {
			return nil, err
		}
		return t.At(i), nil
	case Object:
		name, ok := key.(string)
		if !ok {
			return nil, fmt.Errorf("an object has names, not %s", kindName(key))
		}
		v, _ := t.Field(name)
		return v, nil
	case nil, absent:
		return nil, errors.New("there is nothing to look into")
	}
	rv := reflectOf(item)
	for rv.Kind() == reflect.Pointer || rv.Kind() == reflect.Interface {
		if rv.IsNil() {
			return nil, errors.New("there is nothing to look into")
		}
		rv = rv.Elem()
	}
	switch rv.Kind() {
	case reflect.Array, reflect.Slice, reflect.String:
		i, err := position(key, rv.Len()-1)
		if err != nil {
			return nil, err
		}
		return carry(rv.Index(i)), nil
	case reflect.Map:
		k, err := convert(key, rv.Type().Key())
		if err != nil {
			return nil, err
		}
		v := rv.MapIndex(k)
		if !v.IsValid() {
			v = reflect.Zero(rv.Type().Elem())
		}
		return carry(v), nil
	}
	return nil, fmt.Errorf("%s cannot be indexed", kindName(item))
}

// position makes an index of a value: 0 to last.
func position(key any, last int) (int, error) {
	rv := reflectOf(key)
	i := int64(-1)
	switch {
	case rv.CanInt():
		i = rv.Int()
	case rv.CanUint():
		i = int64(min(rv.Uint(), 1<<62))
	default:
		return 0, fmt.Errorf("an index is a whole number, not %s", kindName(key))
	}
	if i < 0 || i > int64(last) {
		return 0, fmt.Errorf("the index %d is out of range", i)
	}
	return int(i), nil
}

// slice is {{slice x 1 3}}.
func slice(args []any) (any, error) {
	if len(args) == 0 || len(args) > 4 {
		return nil, wrongCount("one to four arguments", len(args))
	}
	rv, err := sliceable(exported(args[0]))
	if err != nil {
		return nil, err
	}
	limit := rv.Len()
	if rv.Kind() != reflect.String {
		limit = rv.Cap()
	} else if len(args) == 4 {
		return nil, errors.New("a string has no capacity to give")
	}
	at := [3]int{0, rv.Len(), limit}
	for i, key := range args[1:] {
		if at[i], err = position(exported(key), limit); err != nil {
			return nil, err
		}
	}
	if at[0] > at[1] || at[1] > at[2] {
		return nil, fmt.Errorf("the range %d to %d is none", at[0], at[1])
	}
	if len(args) < 4 {
		return carry(rv.Slice(at[0], at[1])), nil
	}
	return carry(rv.Slice3(at[0], at[1], at[2])), nil
}

func sliceable(v any) (reflect.Value, error) {
	if l, ok := v.(List); ok {
		items := make([]any, l.Len())
		for i := range items {
			items[i] = l.At(i)
		}
		v = items
	}
	rv := reflectOf(v)
	for rv.Kind() == reflect.Pointer && !rv.IsNil() {
		rv = rv.Elem()
	}
	switch rv.Kind() {
	case reflect.String, reflect.Slice:
		return rv, nil
	case reflect.Array:
		if rv.CanAddr() {
			return rv, nil
		}
	}
	return rv, fmt.Errorf("%s cannot be sliced", kindName(v))
}

// length is {{len x}}.
func length(v any) (any, error) {
	switch t := exported(v).(type) {
	case List:
		return t.Len(), nil
	case Object:
		return len(t.Names()), nil
	case string:
		return len(t), nil
	default:
		v = t
	}
	rv := reflectOf(v)
	for (rv.Kind() == reflect.Pointer || rv.Kind() == reflect.Interface) && !rv.IsNil() {
		rv = rv.Elem()
	}
	switch rv.Kind() {
	case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
		return rv.Len(), nil
	}
	return nil, fmt.Errorf("%s has no length", kindName(v))
}
