package trace

import (
	"encoding/json"
	"os"
	"slices"
	"testing"
	"time"

	"huygens/pages"
)

// A vector is testdata/filter.json: the viewer's filter in JavaScript is held to the same file.
type vector struct {
	Traces []struct {
		ID, Phase, Site, Application, Pool, Method, URL, Why string
		Number                                               uint64
		Worker, Status                                       int
		TookMicros, Bytes                                    int64
		Spans                                                []struct {
			Name, Error             string
			Parent                  int32
			BeginMicros, TookMicros int64
		}
		Request, Response struct {
			Headers, Form [][2]string
			Body          struct{ Bytes int64 }
		}
		Log []struct{ Text string }
	}
	Cases []struct {
		Filter string
		Want   []uint64
	}
	Errors []string
}

func (v *vector) traces() []*Trace {
	fields := func(pairs [][2]string) (f []pages.Field) {
		for _, p := range pairs {
			f = append(f, field(p[0], p[1]))
		}
		return f
	}
	var all []*Trace
	for _, x := range v.Traces {
		t := &Trace{
			ID: x.ID, Number: x.Number, Phase: Phase(x.Phase), Site: x.Site, Application: x.Application, Pool: x.Pool,
			Worker: x.Worker, Method: x.Method, URL: x.URL, Status: x.Status, Why: x.Why, Bytes: x.Bytes,
			Took:     time.Duration(x.TookMicros) * time.Microsecond,
			Request:  Message{Headers: fields(x.Request.Headers), Form: fields(x.Request.Form), Body: Body{Bytes: x.Request.Body.Bytes}},
			Response: Message{Headers: fields(x.Response.Headers)},
		}
		for _, s := range x.Spans {
			t.Spans = append(t.Spans, pages.Span{
				Name: s.Name, Error: s.Error, Parent: s.Parent,
				Begin: time.Duration(s.BeginMicros) * time.Microsecond, Took: time.Duration(s.TookMicros) * time.Microsecond,
			})
		}
		for _, line := range x.Log {
			t.Log = append(t.Log, pages.Line{Text: line.Text})
		}
		all = append(all, t)
	}
	return all
}

func TestFilter(t *testing.T) {
	data, err := os.ReadFile("testdata/filter.json")
	if err != nil {
		t.Fatal(err)
	}
	var v vector
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	traces := v.traces()
	for _, test := range v.Cases {
		f, err := ParseFilter(test.Filter)
		if err != nil {
			t.Errorf("%q: %v", test.Filter, err)
			continue
		}
		got := []uint64{}
		for _, x := range traces {
			if f.Match(x) {
				got = append(got, x.Number)
			}
		}
		if !slices.Equal(got, test.Want) {
			t.Errorf("%q shows %v, want %v", test.Filter, got, test.Want)
		}
	}
	for _, text := range v.Errors {
		if _, err := ParseFilter(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
	if !(Filter{}).Match(traces[0]) {
		t.Error("the zero Filter does not show everything")
	}
}

func FuzzParseFilter(f *testing.F) {
	for _, s := range []string{"path:/cart -status:5xx slower:50ms", `"a b" /x/ stage:Load>5ms`, "-", "-/", "/", `-"`, "has:error,log"} {
		f.Add(s)
	}
	x := sample()
	f.Fuzz(func(t *testing.T, s string) {
		if filter, err := ParseFilter(s); err == nil {
			filter.Match(x)
			filter.Match(&Trace{})
		}
	})
}
