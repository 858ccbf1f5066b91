package markup

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"time"
)

// Limits of a value that is printed or written as JSON: of what it holds, and of how deep.
const (
	maxNodes   = 1_000_000
	maxNesting = 100
)

var errTooDeep = errors.New("the value cannot be printed: it contains itself, or is too deep or too large")

// appendNumber writes a number as JavaScript does: the shortest digits that give it back, with an exponent from
// 1e21 up and below 1e-6.
func appendNumber(dst []byte, f float64, bits int) []byte {
	abs := math.Abs(f)
	switch {
	case f == 0:
		return append(dst, '0') // also for -0
	case math.IsNaN(f):
		return append(dst, "NaN"...)
	case math.IsInf(f, 1):
		return append(dst, "Infinity"...)
	case math.IsInf(f, -1):
		return append(dst, "-Infinity"...)
	case abs >= 1e-6 && abs < 1e21:
		return strconv.AppendFloat(dst, f, 'f', -1, bits)
	}
	dst = strconv.AppendFloat(dst, f, 'e', -1, bits)
	if n := len(dst); dst[n-2] == '0' && dst[n-4] == 'e' { // e-07 is e-7 there
		dst[n-2] = dst[n-1]
		dst = dst[:n-1]
	}
	return dst
}

// A jsNumber prints as appendNumber says where print and printf show a value as it comes, and as its float where
// the layout asks for digits.
type jsNumber float64

// Format implements fmt.Formatter.
func (n jsNumber) Format(f fmt.State, verb rune) {
	if verb == 'v' || verb == 's' {
		fmt.Fprintf(f, fmt.FormatString(f, 's'), string(appendNumber(nil, float64(n), 64)))
		return
	}
	fmt.Fprintf(f, fmt.FormatString(f, verb), float64(n))
}

// printables makes arguments of package fmt of carried values.
func printables(args []any) ([]any, error) {
	values := make([]any, len(args))
	for i, arg := range args {
		v, err := printable(arg)
		if err != nil {
			return nil, err
		}
		values[i] = v
	}
	return values, nil
}

func printable(v any) (any, error) {
	switch t := bare(v).(type) {
	case nil, string, int64, int, bool:
		return t, nil
	case float64:
		return jsNumber(t), nil
	case float32:
		n, _ := strconv.ParseFloat(string(appendNumber(nil, float64(t), 32)), 64)
		return jsNumber(n), nil
	case time.Time:
		return t.Format(time.RFC3339Nano), nil
	case *time.Time:
		if t != nil {
			return t.Format(time.RFC3339Nano), nil
		}
		return t, nil
	case Renderer:
		return nil, errNotText
	default:
		return plain(t, false)
	}
}

// indirectPrintable follows pointers up to the first value that prints itself, as html/template does.
func indirectPrintable(v any) any {
	if v == nil {
		return nil
	}
	rv := reflect.ValueOf(v)
	for rv.Kind() == reflect.Pointer && !rv.IsNil() && !printsItself(rv) {
		rv = rv.Elem()
	}
	return rv.Interface()
}

func printsItself(v reflect.Value) bool {
	if !v.CanInterface() {
		return false
	}
	switch v.Interface().(type) {
	case fmt.Stringer, error:
		return true
	}
	return false
}

// plain makes a Go value of v and all it holds, for package json or fmt. It refuses a value that they would never
// finish.
func plain(v any, json bool) (any, error) {
	m := measure{left: maxNodes, json: json}
	return m.plain(v, 0)
}

// A measure counts down the values that are met.
type measure struct {
	left int
	json bool
}

func (m *measure) step(depth int) error {
	if m.left--; m.left < 0 || depth > maxNesting {
		return errTooDeep
	}
	return nil
}

func (m *measure) plain(v any, depth int) (any, error) {
	if err := m.step(depth); err != nil {
		return nil, err
	}
	switch t := v.(type) {
	case nil, string, bool, int, int64, float64:
		return v, nil
	case absent:
		return nil, nil
	case Object:
		return m.plain(t.Export(), depth+1)
	case List:
		return m.plain(t.Export(), depth+1)
	case Scalar:
		return m.plain(t.Export(), depth+1)
	case map[string]any:
		return m.plainMap(t, depth)
	case []any:
		return m.plainSlice(t, depth)
	case reflect.Value:
		v = t.Interface()
	}
	return v, m.walk(reflect.ValueOf(v), depth)
}

// plainMap copies a map only if something in it has to be replaced.
func (m *measure) plainMap(t map[string]any, depth int) (any, error) {
	var changed map[string]any
	for key, v := range t {
		if !foreign(v) {
			continue
		}
		p, err := m.plain(v, depth+1)
		if err != nil {
			return nil, err
		}
		if changed == nil {
			changed = make(map[string]any, len(t))
		}
		changed[key] = p
	}
	if changed == nil {
		return t, nil
	}
	for key, v := range t {
		if !foreign(v) {
			changed[key] = v
		}
	}
	return changed, nil
}

func (m *measure) plainSlice(t []any, depth int) (any, error) {
	var changed []any
	for i, v := range t {
		if !foreign(v) {
			continue
		}
		p, err := m.plain(v, depth+1)
		if err != nil {
			return nil, err
		}
		if changed == nil {
			changed = append([]any(nil), t...)
		}
		changed[i] = p
	}
	if changed == nil {
		return t, nil
	}
	return changed, nil
}

// foreign reports whether a value has to be looked into.
func foreign(v any) bool {
	switch v.(type) {
	case nil, string, bool, int, int64, float64:
		return false
	}
	return true
}

// walk measures what packages fmt and json would go through in a Go value.
func (m *measure) walk(v reflect.Value, depth int) error {
	if err := m.step(depth); err != nil || m.done(v, depth) {
		return err
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		return m.walk(v.Elem(), depth+1)
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			if err := m.walk(v.Index(i), depth+1); err != nil {
				return err
			}
		}
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			if err := m.walk(it.Value(), depth+1); err != nil {
				return err
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if err := m.walk(v.Field(i), depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// done reports that the packages do not look into v: it is basic or nil, has its own way to print, or is a
// pointer of which fmt shows the address.
func (m *measure) done(v reflect.Value, depth int) bool {
	switch k := v.Kind(); k {
	case reflect.Pointer:
		if v.IsNil() || !m.json && depth > 0 {
			return true
		}
	case reflect.Interface:
		return v.IsNil()
	case reflect.Slice, reflect.Array:
		if e := v.Type().Elem().Kind(); e <= reflect.Complex128 || e == reflect.String {
			return true
		}
	case reflect.Map, reflect.Struct:
	default:
		return true
	}
	if !v.CanInterface() {
		return false
	}
	switch v.Interface().(type) {
	case json.Marshaler, encoding.TextMarshaler:
		return m.json
	case fmt.Formatter, fmt.Stringer, error:
		return !m.json
	}
	return false
}
