package script

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dop251/goja"
)

// Bounds of what Format writes.
const (
	maxFormat      = 16 << 10 // bytes
	maxFormatDepth = 4
	maxFormatItems = 100 // of one list or object
)

// Format writes values as console.log does: strings as they are, with %s, %d, %i, %f, %j, %o, %O, %c in the first one
// replaced, objects and lists in short, errors with their stack. Values in themselves are not followed, and the text
// has a limit.
func Format(args []any) string {
	w := formatter{}
	if len(args) > 1 {
		if text, ok := textOf(args[0]); ok && strings.Contains(text, "%") {
			args = w.directives(text, args[1:])
			if len(args) > 0 {
				w.text(" ")
			}
		}
	}
	for i, a := range args {
		if i > 0 {
			w.text(" ")
		}
		w.outer(a)
	}
	if w.full {
		w.b.WriteString("…")
	}
	return w.b.String()
}

type formatter struct {
	b     strings.Builder
	full  bool
	above []*goja.Object
}

func (w *formatter) text(s string) {
	if left := maxFormat - w.b.Len(); len(s) > left {
		s, w.full = strings.ToValidUTF8(s[:max(left, 0)], ""), true
	}
	w.b.WriteString(s)
}

func textOf(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case goja.String:
		return v.String(), true
	}
	return "", false
}

// directives writes the first string and returns the arguments that it did not use.
func (w *formatter) directives(format string, args []any) []any {
	for {
		before, after, found := strings.Cut(format, "%")
		w.text(before)
		if !found {
			return args
		}
		if after == "" {
			w.text("%")
			return args
		}
		format = after[1:]
		switch c := after[0]; {
		case c == '%':
			w.text("%")
		case !strings.ContainsRune("sdifjoOc", rune(c)) || len(args) == 0:
			w.text("%" + after[:1])
		default:
			w.directive(c, args[0])
			args = args[1:]
		}
	}
}

func (w *formatter) directive(c byte, v any) {
	switch c {
	case 's':
		w.outer(v)
	case 'd', 'i', 'f':
		n := numberOf(v)
		if c == 'i' {
			n = math.Trunc(n)
		}
		w.text(numberText(n))
	case 'j', 'o', 'O':
		w.value(v, 0)
	}
}

func numberOf(v any) float64 {
	switch n := Export(v).(type) {
	case int64:
		return float64(n)
	case int:
		return float64(n)
	case float64:
		return n
	case string:
		if f, err := strconv.ParseFloat(strings.TrimSpace(n), 64); err == nil {
			return f
		}
	}
	return math.NaN()
}

// numberText writes a number as the script does.
func numberText(f float64) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 0):
		return strings.Replace(strings.TrimPrefix(strconv.FormatFloat(f, 'g', -1, 64), "+"), "Inf", "Infinity", 1)
	case f == 0:
		return "0"
	}
	if a := math.Abs(f); a >= 1e21 || a < 1e-6 {
		s := strconv.FormatFloat(f, 'e', -1, 64)
		mantissa, exponent, _ := strings.Cut(s, "e")
		return mantissa + "e" + exponent[:1] + strings.TrimLeft(exponent[1:], "0")
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// outer writes an argument: a string without quotes.
func (w *formatter) outer(v any) {
	if s, ok := textOf(v); ok {
		w.text(s)
		return
	}
	w.value(v, 0)
}

func (w *formatter) value(v any, depth int) {
	if w.full {
		return
	}
	if s, ok := textOf(v); ok {
		w.text(strconv.Quote(s))
		return
	}
	switch v := v.(type) {
	case nil:
		w.text("null")
	case goja.Value:
		w.text(v.String())
	case float64:
		w.text(numberText(v))
	case time.Time:
		w.text(v.UTC().Format("2006-01-02T15:04:05.000Z"))
	case []byte:
		w.bytes(v)
	case *Function:
		w.text("[function" + nameOf(v.inPlace) + "]")
	case *promise:
		w.text("[promise]")
	case *list:
		w.inside(v.inPlace, depth, func() {
			w.items("[", "]", v.Len(), depth, func(i int) { w.member(v.inPlace, strconv.Itoa(i), depth+1) })
		})
	case *object:
		w.inside(v.inPlace, depth, func() { w.object(v, depth) })
	case Members:
		w.text("[object with " + strings.Join(slices.Sorted(slices.Values(v.Names())), ", ") + "]")
	default:
		w.goValue(v, depth)
	}
}

// member writes a member or element; unlike in place, undefined is not null.
func (w *formatter) member(p inPlace, name string, depth int) {
	w.catching(func() {
		v := p.get(name)
		if v == nil || goja.IsUndefined(v) {
			w.text("undefined")
			return
		}
		w.value(p.r.inPlace(v), depth)
	})
}

func nameOf(p inPlace) string {
	if name := p.r.text(p.o, "name"); name != "" {
		return " " + name
	}
	return ""
}

// inside writes an object unless it stands in itself or too deep.
func (w *formatter) inside(p inPlace, depth int, write func()) {
	if slices.Contains(w.above, p.o) {
		w.text("[circular]")
		return
	}
	if depth >= maxFormatDepth {
		w.text("…")
		return
	}
	w.above = append(w.above, p.o)
	w.catching(write)
	w.above = w.above[:len(w.above)-1]
}

// catching writes what a getter of the script throws in the place of its value.
func (w *formatter) catching(write func()) {
	defer func() {
		if x := recover(); x != nil {
			e, ok := x.(*Error)
			if !ok || e.thrown == nil || e.thrown.value == nil {
				panic(x)
			}
			w.text("[threw " + e.Message + "]")
		}
	}()
	write()
}

func (w *formatter) object(o *object, depth int) {
	switch o.r.shapeOf(o.o) {
	case errorShape:
		w.text(o.r.stackText(o.o))
		return
	case regexpShape:
		w.text(o.String())
		return
	case mapShape:
		w.text("Map ")
		w.goValue(o.Export(), depth)
		return
	case setShape:
		w.text("Set ")
		w.goValue(o.Export(), depth)
		return
	}
	names := o.Names()
	w.items("{ ", " }", len(names), depth, func(i int) {
		w.text(key(names[i]) + ": ")
		w.member(o.inPlace, names[i], depth+1)
	})
}

// key writes the name of a member, quoted if it is no plain name.
func key(name string) string {
	for i, c := range name {
		if c != '_' && c != '$' && (c|0x20 < 'a' || c|0x20 > 'z') && (i == 0 || c < '0' || c > '9') {
			return strconv.Quote(name)
		}
	}
	if name == "" {
		return `""`
	}
	return name
}

func (w *formatter) items(open, end string, n, depth int, write func(i int)) {
	if n == 0 {
		w.text(strings.TrimSpace(open) + strings.TrimSpace(end))
		return
	}
	w.text(open)
	for i := range min(n, maxFormatItems) {
		if w.full {
			return
		}
		if i > 0 {
			w.text(", ")
		}
		write(i)
	}
	if n > maxFormatItems {
		w.text(fmt.Sprintf(", … %d more", n-maxFormatItems))
	}
	w.text(end)
}

func (w *formatter) bytes(b []byte) {
	w.text(fmt.Sprintf("Uint8Array(%d) ", len(b)))
	w.items("[", "]", len(b), 0, func(i int) { w.text(strconv.Itoa(int(b[i]))) })
}

// goValue writes what the host gave by reference.
func (w *formatter) goValue(v any, depth int) {
	if depth >= maxFormatDepth {
		w.text("…")
		return
	}
	switch v := v.(type) {
	case []any:
		w.items("[", "]", len(v), depth, func(i int) { w.value(v[i], depth+1) })
	case map[string]any:
		names := slices.Sorted(maps.Keys(v))
		w.items("{ ", " }", len(names), depth, func(i int) {
			w.text(key(names[i]) + ": ")
			w.value(v[names[i]], depth+1)
		})
	case error:
		w.text(v.Error())
	default:
		w.text(fmt.Sprintf("%v", v))
	}
}

// stackText is an error as it is shown: what it says, and where it came from in the author's files.
func (r *Runtime) stackText(o *goja.Object) string {
	e := r.rejection(o)
	var b strings.Builder
	if name := r.text(o, "name"); !strings.HasPrefix(e.Message, name) {
		b.WriteString(name + ": ")
	}
	b.WriteString(e.Message)
	for _, f := range e.Stack {
		b.WriteString("\n    at ")
		if f.Function != "" {
			b.WriteString(f.Function + " ")
		}
		fmt.Fprintf(&b, "%s:%d:%d", f.File, f.Line, f.Column)
	}
	return b.String()
}
