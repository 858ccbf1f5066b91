package markup

import (
	"errors"
	"fmt"
	"html/template"
	"reflect"
	"strconv"
	"text/template/parse"
	"time"
)

// escaperPrefix begins the names that html/template's analysis gives to its escapers.
const escaperPrefix = "_html_template_"

// failsafe is what stands in place of a value that is not allowed where it stands.
const failsafe = "ZgotmplZ"

// errNotText is the fault of a Renderer in an attribute, script or style.
var errNotText = errors.New("this value writes markup; it can stand in text only, not in an attribute, script, style or title")

// A content says what html/template's typed strings are safe as.
type content uint8

const (
	asText content = iota
	asCSS
	asHTML
	asHTMLAttr
	asJS
	asJSStr
	asURL
	asSrcset
)

// An escaper writes values into one context. What it must write is defined by html/template.
type escaper struct {
	// text appends a plain string.
	text func(dst []byte, s string) []byte
	// clean reports whether text would write s as it is. nil: unknown.
	clean func(s string) bool
	// typed appends a typed string; false: it is treated as plain. nil: all are.
	typed func(dst []byte, s string, c content) ([]byte, bool)
	// value, if not nil, takes everything but plain strings.
	value func(dst []byte, v any) ([]byte, error)
	// digits: whole numbers need no escaping.
	digits bool
	// markup: a Renderer may write here.
	markup bool
}

// A writer is the escapers at the end of one pipeline.
type writer struct {
	first *escaper
	rest  []*escaper
	// text appends a plain string.
	text func(dst []byte, s string) []byte
}

// newWriter makes a writer of the escapers of a pipeline; nil if there are none.
func newWriter(cmds []*parse.CommandNode) *writer {
	if len(cmds) == 0 {
		return nil
	}
	w := &writer{first: escaperOf(cmds[0])}
	for _, cmd := range cmds[1:] {
		w.rest = append(w.rest, escaperOf(cmd))
	}
	w.text = w.first.text
	if len(w.rest) > 0 {
		w.text = func(dst []byte, s string) []byte { return w.then(dst, w.first.string(s)) }
	}
	return w
}

// written is for pipelines that end with html or urlquery, and inText for what html/template thinks is never run.
var (
	written = &writer{first: &asItIs, text: asItIs.text}
	inText  = &writer{first: &textEscaper, text: textEscaper.text}
	asItIs  = escaper{text: func(dst []byte, s string) []byte { return append(dst, s...) }}
)

// string escapes a plain string, without a copy where nothing changes.
func (e *escaper) string(s string) string {
	if e.clean != nil && e.clean(s) {
		return s
	}
	return string(e.text(nil, s))
}

// then hands what the first escaper has made to the others.
func (w *writer) then(dst []byte, s string) []byte {
	last := len(w.rest) - 1
	for _, e := range w.rest[:last] {
		s = e.string(s)
	}
	return w.rest[last].text(dst, s)
}

// append writes a carried value.
func (w *writer) append(dst []byte, v any) ([]byte, error) {
	if len(w.rest) == 0 {
		return w.first.append(dst, v)
	}
	var few [64]byte
	made, err := w.first.append(few[:0], v)
	if err != nil {
		return dst, err
	}
	return w.then(dst, string(made)), nil
}

func (e *escaper) append(dst []byte, v any) ([]byte, error) {
	switch t := v.(type) {
	case string:
		return e.text(dst, t), nil
	case int64:
		if e.digits {
			return strconv.AppendInt(dst, t, 10), nil
		}
	case int:
		if e.digits {
			return strconv.AppendInt(dst, int64(t), 10), nil
		}
	}
	if r, ok := v.(Renderer); ok {
		if !e.markup {
			return dst, errNotText
		}
		return r.Render(dst), nil
	}
	if e.value != nil {
		return e.value(dst, v)
	}
	s, c, err := stringOf(v)
	if err != nil {
		return dst, err
	}
	if c != asText && e.typed != nil {
		if typed, ok := e.typed(dst, s, c); ok {
			return typed, nil
		}
	}
	return e.text(dst, s), nil
}

// stringOf gives the text of a value, and what it is safe as.
func stringOf(v any) (string, content, error) {
	if s, c, ok := typedString(v); ok {
		return s, c, nil
	}
	switch t := v.(type) {
	case nil, absent:
		return "", asText, nil
	case int:
		return strconv.Itoa(t), asText, nil
	case int64:
		return strconv.FormatInt(t, 10), asText, nil
	case Object:
		return stringOf(t.Export())
	case List:
		return stringOf(t.Export())
	case Scalar:
		return t.String(), asText, nil
	case reflect.Value:
		return stringOf(t.Interface())
	}
	rv := reflect.ValueOf(v)
	for rv.Kind() == reflect.Pointer && !rv.IsNil() {
		if rv = rv.Elem(); rv.Kind() == reflect.String && rv.CanInterface() {
			if s, c, ok := typedString(rv.Interface()); ok {
				return s, c, nil
			}
		}
	}
	s, err := printed(indirectPrintable(v))
	return s, asText, err
}

// typedString tells the strings that html/template knows.
func typedString(v any) (string, content, bool) {
	switch t := v.(type) {
	case string:
		return t, asText, true
	case template.HTML:
		return string(t), asHTML, true
	case template.CSS:
		return string(t), asCSS, true
	case template.HTMLAttr:
		return string(t), asHTMLAttr, true
	case template.JS:
		return string(t), asJS, true
	case template.JSStr:
		return string(t), asJSStr, true
	case template.URL:
		return string(t), asURL, true
	case template.Srcset:
		return string(t), asSrcset, true
	}
	return "", asText, false
}

// printed is the text of what is no string.
func printed(v any) (string, error) {
	switch t := v.(type) {
	case time.Time:
		return t.Format(time.RFC3339Nano), nil
	case *time.Time:
		if t != nil {
			return t.Format(time.RFC3339Nano), nil
		}
	case fmt.Formatter, fmt.Stringer, error:
		return fmt.Sprint(v), nil
	}
	switch rv := reflect.ValueOf(v); {
	case rv.Kind() == reflect.Float64:
		return string(appendNumber(nil, rv.Float(), 64)), nil
	case rv.Kind() == reflect.Float32:
		return string(appendNumber(nil, rv.Float(), 32)), nil
	}
	v, err := plain(v, false)
	return fmt.Sprint(v), err
}
