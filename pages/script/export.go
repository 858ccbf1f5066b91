package script

import (
	"reflect"
	"strconv"
	"time"

	"github.com/dop251/goja"
)

// maxDepth bounds how deep values are followed when they become Go values, and JSON text when it is parsed.
const maxDepth = 512

// Export gives an in-place value as plain Go value: nil, bool, int64, float64, string, time.Time, []byte, []any,
// map[string]any, and Go values that came from the host as they are. Functions, promises and symbols become nil, as do
// values in themselves and those more than 512 deep; an error becomes a map with name, message and stack, a Set
// an []any, a Map a map[string]any. Other values are returned as they are.
func Export(v any) any {
	switch v := v.(type) {
	case interface{ Export() any }:
		return v.Export()
	case goja.Value:
		return v.Export()
	}
	return v
}

// exported follows an object of the script.
func (r *Runtime) exported(o *goja.Object) (v any) {
	e := exporter{r: r}
	r.try(func() { v = e.object(o) })
	return v
}

type exporter struct {
	r     *Runtime
	depth int
	above []*goja.Object // those that hold the one at hand
}

func (e *exporter) value(v goja.Value) any {
	switch v := v.(type) {
	case nil, *goja.Symbol:
		return nil
	case *goja.Object:
		return e.object(v)
	}
	return v.Export()
}

func (e *exporter) object(o *goja.Object) any {
	if _, ok := e.r.backed[o]; ok {
		return o.Export()
	}
	if e.depth >= maxDepth || e.inItself(o) {
		return nil
	}
	e.depth++
	e.above = append(e.above, o)
	defer func() {
		e.depth--
		e.above = e.above[:len(e.above)-1]
	}()
	switch o.ClassName() {
	case "Array":
		return e.array(o)
	case "Function", "Symbol":
		return nil
	case "Error":
		return e.failure(o)
	case "Date":
		if t, ok := o.Export().(time.Time); ok && !t.IsZero() {
			return t
		}
		return nil
	case "String", "Number", "Boolean", "BigInt":
		return o.Export()
	case "RegExp":
		return o.String()
	case "Map", "Set":
		return e.collection(o)
	}
	return e.other(o)
}

func (e *exporter) inItself(o *goja.Object) bool {
	for _, a := range e.above {
		if a == o {
			return true
		}
	}
	return false
}

func (e *exporter) array(o *goja.Object) any {
	n := o.Get("length").ToInteger()
	items := make([]any, 0, min(n, 1024)) // a sparse array may claim any length
	for i := range n {
		items = append(items, e.value(o.Get(strconv.FormatInt(i, 10))))
	}
	return items
}

func (e *exporter) failure(o *goja.Object) any {
	m := map[string]any{"name": e.r.text(o, "name"), "message": e.r.text(o, "message"), "stack": e.r.text(o, "stack")}
	if cause := o.Get("cause"); cause != nil {
		m["cause"] = e.value(cause)
	}
	return m
}

func (e *exporter) collection(o *goja.Object) any {
	switch x := o.Export().(type) {
	case [][2]any:
		return e.entries(o)
	case []any:
		var items []any
		e.r.vm.ForOf(o, func(v goja.Value) bool {
			items = append(items, e.value(v))
			return true
		})
		return items
	default:
		return x
	}
}

func (e *exporter) entries(o *goja.Object) any {
	m := map[string]any{}
	e.r.vm.ForOf(o, func(v goja.Value) bool {
		if pair, ok := v.(*goja.Object); ok {
			m[pair.Get("0").String()] = e.value(pair.Get("1"))
		}
		return true
	})
	return m
}

func (e *exporter) other(o *goja.Object) any {
	switch t := o.ExportType(); t {
	case typeMap:
		m := map[string]any{}
		for _, name := range o.Keys() {
			v := o.Get(name)
			if f, ok := v.(*goja.Object); ok && f.ClassName() == "Function" {
				continue
			}
			m[name] = e.value(v)
		}
		return m
	case typePromise:
		return nil
	case typeMembers:
		return o.Export().(*members).Members
	case typeBytes, typeBuffer:
		b, _ := bytesOf(o)
		return b
	}
	x := o.Export()
	if t := reflect.TypeOf(x); t != nil && t.PkgPath() == enginePath {
		return nil
	}
	return x
}
