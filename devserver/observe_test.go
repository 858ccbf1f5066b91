package devserver_test

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"

	"huygens/devserver"
)

// event waits for an event of the server.
func event[E devserver.Event](t testing.TB, s *devserver.Server, is func(E) bool) E {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	var last uint64
	for {
		batch, err := s.Events().Next(ctx, last)
		if err != nil {
			var none E
			t.Fatalf("waiting for a %T: %v", none, err)
		}
		last = batch.Last
		for _, e := range batch.Values {
			if wanted, ok := e.(E); ok && is(wanted) {
				return wanted
			}
		}
	}
}

// A tracing is a trace as programs read it (api.md, 6).
type tracing struct {
	ID, Phase, Method, URL, Why string
	Number                      uint64
	Status                      int
	Worker                      int
	Spans                       []tracedSpan
	Log                         []struct{ Level, Text, Source string }
}

type tracedSpan struct {
	Name, Detail, Error string
	Parent              int
	BeginMicros         int64
	TookMicros          int64
}

func (s tracedSpan) end() int64 { return s.BeginMicros + s.TookMicros }

// trace reads the trace of an answer.
func (s *testSite) trace(t testing.TB, a answer) tracing {
	t.Helper()
	id := a.header.Get("X-Trace-Id")
	got := s.get(t, "/_huygens/requests/"+id+".json", "X-Huygens-Key: "+s.Key())
	if got.status != http.StatusOK {
		t.Fatalf("the trace %q: %d %s", id, got.status, got.body)
	}
	var trace tracing
	if err := json.Unmarshal([]byte(got.body), &trace); err != nil {
		t.Fatalf("the trace: %v in %s", err, got.body)
	}
	return trace
}
