package trace

import (
	"strings"
	"testing"
	"time"

	"huygens/pages"
)

// BenchmarkRequest is what the front pays for the trace of one page: five spans of its own, 35 of a worker
// joined to them, the headers of a browser, a page of 2.7 kB, and both snapshots. Budget: 4.5 µs.
func BenchmarkRequest(b *testing.B) {
	header := []pages.Field{
		{Name: "Host", Value: "127.0.0.1:8080"}, {Name: "User-Agent", Value: "wrk"}, {Name: "Accept", Value: "*/*"},
	}
	browser := append(header[:3:3], pages.Field{Name: "Cookie", Value: "huygens_session_ab12=0123456789abcdef0123456789abcdef"},
		pages.Field{Name: "Accept-Language", Value: "en"}, pages.Field{Name: "Accept-Encoding", Value: "gzip, br"},
		pages.Field{Name: "Referer", Value: "http://127.0.0.1:8080/"}, pages.Field{Name: "Sec-Fetch-Site", Value: "same-origin"},
		pages.Field{Name: "Sec-Fetch-Mode", Value: "navigate"}, pages.Field{Name: "Sec-Fetch-Dest", Value: "document"})
	for _, run := range []struct {
		name   string
		header []pages.Field
		policy *Policy
		lines  int
	}{
		{"client=wrk/body=0", header, NewPolicy(nil, nil), 0},
		{"client=wrk/body=2.7kB", header, NewPolicy(nil, nil), 60},
		{"client=browser/body=2.7kB", browser, NewPolicy(nil, []string{"postgres://x:y@z/w", "0123456789"}), 60},
	} {
		b.Run(run.name, func(b *testing.B) { benchmarkRequest(b, run.header, run.policy, run.lines) })
	}
}

func benchmarkRequest(b *testing.B, header []pages.Field, policy *Policy, lines int) {
	spans := workerSpans()
	answer := []pages.Field{{Name: "Content-Type", Value: "text/html; charset=utf-8"}, {Name: "Cache-Control", Value: "no-store"}}
	body := []byte(strings.Repeat("<li>an ordinary line of a page, 45 bytes</li>\n", lines))
	l := NewLog(Options{})
	b.ReportAllocs()
	for b.Loop() {
		r := l.Start(Start{Site: "shop", Application: "/", Method: "GET", URL: "/cart?page=2", Header: header, Policy: policy})
		r.Begin(pages.SpanGate, "")
		r.End(nil)
		r.Begin(pages.SpanResolve, "")
		r.End(nil)
		r.Asked()
		r.Answered(spans, nil)
		r.Handler(pages.HandlerPage)
		r.Pool("Default", 4711)
		r.Why("reused, 7 inputs unchanged")
		_ = r.ServerTiming()
		r.Response(200, answer, body, int64(len(body)))
		r.Complete()
		r.Sent(int64(len(body)))
	}
}

func workerSpans() []pages.Span {
	names := []string{pages.SpanQueue, pages.SpanHop}
	for _, event := range pages.PipelineEvents {
		names = append(names, event)
	}
	names = append(names, pages.SpanHandler, pages.SpanPreInit, pages.SpanInit, pages.SpanInitComplete, pages.SpanPreLoad, pages.SpanLoad,
		pages.SpanLoadComplete, pages.SpanPreRender, pages.SpanPreRenderComplete, pages.SpanRender, pages.SpanUnload)
	spans := make([]pages.Span, len(names))
	for i, name := range names {
		spans[i] = pages.Span{Name: name, Parent: min(int32(i)-1, 1), Begin: time.Duration(i) * time.Microsecond, Took: time.Microsecond}
	}
	return spans
}

func BenchmarkJSON(b *testing.B) {
	t := sample()
	t.Spans = workerSpans()
	buffer := make([]byte, 0, 1<<16)
	b.ReportAllocs()
	for b.Loop() {
		buffer = t.AppendJSON(buffer[:0])
	}
	b.SetBytes(int64(len(buffer)))
}
