package devserver_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

const chainSite = `
-- index.gohtml --
---
title: Chain
---
<h1>{{page.title}}</h1><p>{{.said}}</p>
-- index.gohtml.ts --
export async function Page_Load() {
  await server.sleep(50)
  page.data.said = "loaded"
}
export function Page_PreRender() { trace.write("before rendering") }
-- about.md --
# About

Some *text*.
-- style.css --
body { color: black }
-- _layout.gohtml --
<!doctype html><html><head><title>{{page.title}}</title></head><body>{{template "content" .}}</body></html>
`

// Of every request the trace is there when its answer is, each span where it belongs.
func TestChain(t *testing.T) {
	inBoth(t, chainSite, func(t *testing.T, s *testSite) {
		a := s.want(t, "/", 200, "<p>loaded</p>")
		trace := s.trace(t, a)
		if trace.Phase != "done" || trace.Status != 200 || trace.Method != "GET" || trace.URL != "/" || trace.Number == 0 {
			t.Errorf("the trace is %+v", trace)
		}
		hosted := t.Name()[strings.LastIndex(t.Name(), "/")+1:]
		want := []string{"Gate", "Resolve", "Queue", "Hop", "PreInit", "Init", "InitComplete", "PreLoad", "Load", "LoadComplete", "PreRender", "PreRenderComplete", "Render", "Unload"}
		if hosted == inProcess {
			want = slices.DeleteFunc(want, func(name string) bool { return name == "Hop" })
			if slices.ContainsFunc(trace.Spans, func(s tracedSpan) bool { return s.Name == "Hop" }) {
				t.Error("in this process there is no hop")
			}
		}
		checkOrder(t, trace.Spans, want)
		checkNested(t, trace.Spans)
		checkSleep(t, trace.Spans)
		if len(trace.Log) == 0 || trace.Log[len(trace.Log)-1].Text != "before rendering" {
			t.Errorf("the log is %+v", trace.Log)
		}
		checkTiming(t, a, "init", "load", "prerender", "render", "unload", "front", "worker")
	})
}

// checkOrder looks for the names in the order in which the spans began.
func checkOrder(t *testing.T, spans []tracedSpan, want []string) {
	t.Helper()
	byTime := slices.Clone(spans)
	slices.SortStableFunc(byTime, func(a, b tracedSpan) int { return int(a.BeginMicros - b.BeginMicros) })
	i := 0
	for _, s := range byTime {
		if i < len(want) && s.Name == want[i] {
			i++
		}
	}
	if i < len(want) {
		t.Errorf("%s is missing at its place in %v", want[i], names(byTime))
	}
}

func names(spans []tracedSpan) []string {
	var all []string
	for _, s := range spans {
		all = append(all, s.Name)
	}
	return all
}

// checkNested: every child inside its parent, and before no parent of its own.
func checkNested(t *testing.T, spans []tracedSpan) {
	t.Helper()
	for i, s := range spans {
		switch {
		case s.TookMicros < 0 || s.BeginMicros < 0:
			t.Errorf("span %s has no time: %+v", s.Name, s)
		case s.Parent >= i || s.Parent < -1:
			t.Errorf("span %d %s has parent %d", i, s.Name, s.Parent)
		case s.Parent < 0:
		case s.BeginMicros < spans[s.Parent].BeginMicros || s.end() > spans[s.Parent].end()+1: // 1: both are cut to microseconds
			t.Errorf("%s (%d to %d) is not inside %s (%d to %d)", s.Name, s.BeginMicros, s.end(),
				spans[s.Parent].Name, spans[s.Parent].BeginMicros, spans[s.Parent].end())
		}
	}
}

// checkSleep: the sleep of 50 ms is in Load, in what Load is in, and in nothing else.
func checkSleep(t *testing.T, spans []tracedSpan) {
	t.Helper()
	at := slices.IndexFunc(spans, func(s tracedSpan) bool { return s.Name == "Load" })
	load := spans[at]
	if load.TookMicros < 50_000 {
		t.Errorf("Load took %d µs", load.TookMicros)
	}
	around := map[int]bool{at: true}
	for p := load.Parent; p >= 0; p = spans[p].Parent {
		around[p] = true
	}
	for i, s := range spans {
		if !around[i] && s.Parent != at && s.BeginMicros < load.end() && s.end() > load.BeginMicros+1 {
			t.Errorf("%s (%d to %d) runs during Load (%d to %d)", s.Name, s.BeginMicros, s.end(), load.BeginMicros, load.end())
		}
	}
}

// checkTiming looks for these names in Server-Timing, each with three digits.
func checkTiming(t *testing.T, a answer, want ...string) {
	t.Helper()
	var got []string
	for entry := range strings.SplitSeq(strings.Join(a.header["Server-Timing"], ", "), ", ") {
		name, value, _ := strings.Cut(entry, ";dur=")
		if !regexp.MustCompile(`^\d+\.\d{3}$`).MatchString(value) {
			t.Errorf("Server-Timing has %q", entry)
		}
		got = append(got, name)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("Server-Timing names %v, want %v", got, want)
	}
}

// Markdown pages live like pages; static files never leave the front.
func TestChainOfOthers(t *testing.T) {
	inBoth(t, chainSite, func(t *testing.T, s *testSite) {
		a := s.want(t, "/about", 200, "<em>text</em>")
		trace := s.trace(t, a)
		checkOrder(t, trace.Spans, []string{"Gate", "Resolve", "Queue", "Init", "Load", "Render"})
		checkNested(t, trace.Spans)
		checkTiming(t, a, "init", "load", "prerender", "render", "unload", "front", "worker")

		a = s.want(t, "/style.css", 200, "color: black")
		trace = s.trace(t, a)
		checkOrder(t, trace.Spans, []string{"Gate", "Resolve"})
		checkNested(t, trace.Spans)
		if slices.ContainsFunc(trace.Spans, func(s tracedSpan) bool { return s.Name == "Queue" || s.Name == "Hop" }) {
			t.Errorf("a static file went to the worker: %v", names(trace.Spans))
		}
		if trace.Why != "static, no module listens" {
			t.Errorf("why: %s", trace.Why)
		}
		checkTiming(t, a, "front", "worker")

		a = s.want(t, "/none", 404, "")
		if trace = s.trace(t, a); trace.Status != 404 || trace.Phase != "done" {
			t.Errorf("the trace of what is missing: %+v", trace)
		}
		checkTiming(t, a, "front", "worker")
	})
}

// A program's own trace id is taken over; nonsense is not.
func TestTraceParent(t *testing.T) {
	inBoth(t, chainSite, func(t *testing.T, s *testSite) {
		const id = "4bf92f3577b34da6a3ce929d0e0e4736"
		for _, path := range []string{"/about", "/style.css", "/none"} {
			a := s.get(t, path, "Traceparent: 00-"+id+"-00f067aa0ba902b7-01")
			parent := a.header.Get("Traceparent")
			if a.header.Get("X-Trace-Id") != id || !strings.HasPrefix(parent, "00-"+id+"-") || strings.Contains(parent, "00f067aa0ba902b7") {
				t.Errorf("%s: X-Trace-Id %s, traceparent %s", path, a.header.Get("X-Trace-Id"), parent)
			}
		}
		for _, bad := range []string{
			"00-" + strings.Repeat("0", 32) + "-00f067aa0ba902b7-01", "00-" + id + "-0000000000000000-01",
			"ff-" + id + "-00f067aa0ba902b7-01", "00-" + strings.ToUpper(id) + "-00f067aa0ba902b7-01", "x", "00-" + id,
		} {
			a := s.get(t, "/style.css", "Traceparent: "+bad)
			if got := a.header.Get("X-Trace-Id"); len(got) != 32 || strings.EqualFold(got, id) {
				t.Errorf("traceparent %q: X-Trace-Id %q", bad, got)
			}
		}
		a, err := s.ask("GET", "/style.css", "Traceparent: 00-"+id+"-00f067aa0ba902b7-01", "Traceparent: 00-"+id+"-00f067aa0ba902b7-01")
		if err != nil || a.header.Get("X-Trace-Id") == id {
			t.Errorf("two traceparents: %v %v", a.header, err)
		}
	})
}
