package wire

import (
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"huygens/pages"
)

// fill sets everything in v, so that whatever is not encoded shows: a field that is added to a message, or to
// what it carries, is filled as well.
func fill(t *testing.T, v reflect.Value, n *int) {
	t.Helper()
	*n++
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.Unix(1_700_000_000, int64(*n))))
		return
	case v.Type() == reflect.TypeFor[error]():
		v.Set(reflect.ValueOf(&Error{Text: fmt.Sprint("error ", *n)}))
		return
	case v.Type() == reflect.TypeFor[io.Reader]():
		return // Request.Body travels as First and BodyParts
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprint("text ", *n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(int64(*n))
		if v.Kind() == reflect.Int32 { // a Span's parent is an earlier span
			v.SetInt(-1)
		}
	case reflect.Uint8:
		v.SetUint(2)
	case reflect.Uint64:
		v.SetUint(1<<60 + uint64(*n))
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(t, v.Index(0), n)
		fill(t, v.Index(1), n)
	case reflect.Array:
		for i := range v.Len() {
			fill(t, v.Index(i), n)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range 2 {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			fill(t, key, n)
			fill(t, value, n)
			v.SetMapIndex(key, value)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem(), n)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(t, v.Field(i), n)
			}
		}
	default:
		t.Fatalf("fill does not know %s", v.Type())
	}
}

// allKinds are all messages, empty.
func allKinds() []Message {
	var all []Message
	for k := range Kind(255) {
		if m := newMessage(k); m != nil {
			all = append(all, m)
		}
	}
	return all
}

func filled(t *testing.T) []Message {
	t.Helper()
	all := allKinds()
	for i, m := range all {
		n := i * 1000
		fill(t, reflect.ValueOf(m).Elem(), &n)
	}
	return all
}

// sample is a request and a result as they are on an ordinary site.
func sample() (*Request, *Result) {
	req := &Request{ID: 7, Request: &pages.Request{
		TraceID: strings.Repeat("ab", 16), Application: "/", Method: "GET", Target: "/cart?a=1", Path: "/cart", Query: "a=1",
		RemoteAddr: "127.0.0.1:50000",
		Header: []pages.Field{
			{Name: "Host", Value: "127.0.0.1:8080"},
			{Name: "User-Agent", Value: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"},
			{Name: "Accept", Value: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"},
			{Name: "Accept-Encoding", Value: "gzip, deflate, br"},
			{Name: "Cookie", Value: "a=b"},
		},
		Resource: pages.Resource{Handler: pages.HandlerPage, File: "cart.gohtml"},
		Timeout:  10 * time.Second,
	}}
	res := &Result{ID: 7, Began: time.Unix(1_700_000_000, 1), Result: &pages.Result{
		Status: 200, Header: []pages.Field{{Name: "Content-Type", Value: "text/html; charset=utf-8"}},
		Body: []byte(strings.Repeat("<p>Hello</p>\n", 200)), ScriptAt: 10, Why: "reused, 7 inputs unchanged",
	}}
	for i := range 40 {
		name := knownNames[1+i]
		res.Result.Spans = append(res.Result.Spans, pages.Span{Name: name, Parent: int32(i) - 1, Begin: time.Duration(i) * time.Microsecond, Took: 1500})
	}
	return req, res
}
