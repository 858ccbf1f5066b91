package trace

import (
	"encoding/json"
	"flag"
	"os"
	"reflect"
	"testing"
	"time"

	"huygens/pages"
)

var update = flag.Bool("update", false, "write the golden files anew")

func sample() *Trace {
	return &Trace{
		ID: "4bf92f3577b34da6a3ce929d0e0e4736", Number: 41, Phase: Paused, PausedAt: "PreRender", Site: "shop", Application: "/",
		Pool: "Default", Worker: 4711, Method: "POST", URL: "/cart?q=<script>&n=\u2028", Status: 500, Why: "compiled because \"a\" changed",
		Handler: pages.HandlerPage, Began: time.Date(2026, 11, 21, 12, 50, 1, 5000, time.FixedZone("", 3600)), Took: 18900*time.Microsecond + 900,
		Bytes: 3,
		Spans: []pages.Span{
			{Name: "Hop", Parent: -1, Begin: 1900, Took: 5200},
			{Name: "Load", Detail: "x\\y", Error: "no\tsuch\nthing", Parent: 0, Begin: 2999, Took: 2001},
			{Name: "Render", Parent: 0, Begin: 6 * time.Microsecond, Took: -1},
		},
		Request: Message{
			Headers: []pages.Field{{Name: "Accept", Value: "*/*"}, {Name: "X", Value: "\x1b[0m\x7f\xff"}},
			Form:    []pages.Field{{Name: "a", Value: "b"}}, Body: Body{Bytes: 70000, Text: "a=b", Cut: true},
		},
		Response: Message{Body: Body{Bytes: 3, Text: "ünï"}},
		Log:      []pages.Line{{At: 7 * time.Microsecond, Level: "warn", Text: "careful", Source: "trace"}},
	}
}

// The form of api.md, 6, letter by letter, and every key of an empty one.
func TestJSON(t *testing.T) {
	got := append(sample().AppendJSON(nil), '\n')
	got = append((&Trace{Phase: Done}).AppendJSON(got), '\n')
	if *update {
		if err := os.WriteFile("testdata/trace.json", got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/trace.json")
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// It is JSON, decodes to what it was, and both have the same keys.
func TestJSONDecodes(t *testing.T) {
	var full, empty map[string]any
	for _, x := range []struct {
		t    *Trace
		into *map[string]any
	}{{sample(), &full}, {&Trace{}, &empty}} {
		b, err := json.Marshal(x.t)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(b, x.into); err != nil {
			t.Fatal(err)
		}
	}
	keys := []string{
		"id", "number", "phase", "pausedAt", "site", "application", "pool", "worker", "method", "url", "status", "why",
		"began", "tookMicros", "bytes", "spans", "request", "response", "log", "state",
	}
	for _, m := range []map[string]any{full, empty} {
		if len(m) != len(keys) {
			t.Errorf("%d keys, want %d", len(m), len(keys))
		}
		for _, key := range keys {
			if _, ok := m[key]; !ok {
				t.Errorf("no key %q", key)
			}
		}
	}
	if full["url"] != sample().URL || full["why"] != sample().Why || full["pausedAt"] != "PreRender" || empty["pausedAt"] != nil {
		t.Errorf("%v", full)
	}
	spans, _ := full["spans"].([]any)
	if want := map[string]any{"name": "Load", "detail": "x\\y", "error": "no\tsuch\nthing", "parent": 0.0, "beginMicros": 2.0, "tookMicros": 3.0}; len(spans) != 3 || !reflect.DeepEqual(spans[1], want) {
		t.Errorf("%v, want %v", spans, want)
	}
	if empty["spans"] == nil || empty["log"] == nil {
		t.Error("empty lists are null")
	}
}

// Only what is no UTF-8 is lost.
func FuzzJSONString(f *testing.F) {
	f.Add("a\"\\\n\r\t\x00\x7f\u0085\u2028\u202e<>&\xffü𝄞")
	f.Fuzz(func(t *testing.T, s string) {
		var got string
		b := appendString(nil, s)
		if err := json.Unmarshal(b, &got); err != nil {
			t.Fatalf("%q: %v", b, err)
		}
		if want := string([]rune(s)); got != want {
			t.Fatalf("%q became %q", s, got)
		}
		for _, r := range string(b) {
			if interpreted(r) || r == '<' {
				t.Fatalf("%q has %U", b, r)
			}
		}
	})
}
