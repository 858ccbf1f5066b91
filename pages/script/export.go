package script

import (
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
	if v, ok := v.(interface{ Export() any }); ok { // the engine's own values have it too
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
	return plain(v)
}

// plain is a string, number or boolean of the script as Go value.
func plain(v goja.Value) any {
	x := v.Export()
	if f, ok := x.(float64); ok && f == 0 {
		return int64(0) // not -0, which would be printed so
	}
	return x
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
	switch e.r.shapeOf(o) {
	case arrayShape:
		return e.array(o)
	case errorShape:
		return e.failure(o)
	case dateShape:
		if t, ok := o.Export().(time.Time); ok && !t.IsZero() {
			return t
		}
		return nil
	case boxedShape:
		if o.ClassName() == "String" {
			return o.String()
		}
		return o.Export()
	case goShape:
		return o.Export()
	case regexpShape:
		return o.String()
	case mapShape:
		return e.entries(o)
	case setShape:
		return e.items(o)
	case bytesShape:
		return bytesOf(o)
	case membersShape:
		return o.Export().(*members).Members
	case plainShape:
		return e.plain(o)
	}
	return nil
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

func (e *exporter) items(o *goja.Object) any {
	items := []any{}
	e.r.vm.ForOf(o, func(v goja.Value) bool {
		items = append(items, e.value(v))
		return true
	})
	return items
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

func (e *exporter) plain(o *goja.Object) any {
	m := map[string]any{}
	for _, name := range o.Keys() {
		v := o.Get(name)
		if member, ok := v.(*goja.Object); ok && e.r.shapeOf(member) == functionShape {
			continue
		}
		m[name] = e.value(v)
	}
	return m
}
