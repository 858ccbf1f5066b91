//go:build cgo || !darwin

package ui

import (
	"slices"
	"testing"
	"time"

	"huygens/devserver/trace"
	"huygens/pages"
)

func numbers(l *requestList) []uint64 {
	list := []uint64{}
	for _, r := range l.view {
		list = append(list, r.trace.Number)
	}
	return list
}

func wantNumbers(t *testing.T, l *requestList, want ...uint64) {
	t.Helper()
	if got := numbers(l); !slices.Equal(got, want) {
		t.Errorf("shown %v, want %v", got, want)
	}
}

func TestRequestsReplaceTheirOlderState(t *testing.T) {
	l := &requestList{}
	running := page(2)
	running.Phase, running.Status, running.Took = trace.Running, 0, 0
	if fresh := l.put([]*trace.Trace{page(1), running, page(3)}); fresh != 3 {
		t.Errorf("%d fresh, want 3", fresh)
	}
	if got := l.get(2).cell(columnStatus); got != "…" {
		t.Errorf("status while running %q", got)
	}
	if fresh := l.put([]*trace.Trace{page(2)}); fresh != 0 {
		t.Errorf("%d fresh, want 0: the request was there", fresh)
	}
	wantNumbers(t, l, 1, 2, 3)
	if got := l.get(2).cell(columnStatus); got != "200" {
		t.Errorf("status when done %q", got)
	}
}

func TestRequestsThatComeLateAreSortedIn(t *testing.T) {
	l := &requestList{}
	l.put([]*trace.Trace{page(5), page(3), nil, page(4)})
	wantNumbers(t, l, 3, 4, 5)
}

func TestRequestsLeaveWithTheFront(t *testing.T) {
	l := &requestList{limit: 10}
	l.put(pagesFrom(1, 25))
	if len(l.all) != 10 || l.all[0].trace.Number != 16 {
		t.Fatalf("%d requests from %d on, want 10 from 16 on", len(l.all), l.all[0].trace.Number)
	}
	l.forget(0, 4)
	wantNumbers(t, l, 22, 23, 24, 25)
	l.forget(23, -1)
	wantNumbers(t, l, 24, 25)
	l.clear()
	wantNumbers(t, l)
	l.put([]*trace.Trace{page(25), page(26)}) // what is still told of a cleared request is not shown
	wantNumbers(t, l, 26)
}

func TestRequestsFilter(t *testing.T) {
	bad, asset, other := page(2), page(3), page(4)
	bad.Status = 500
	asset.Handler, asset.URL = pages.HandlerStatic, "/style.css"
	other.Site, other.Handler = "blog", pages.HandlerMarkdown
	failing := page(5)
	failing.Spans = []pages.Span{{Name: "Load", Error: "no", Parent: -1}}
	for _, c := range []struct {
		name string
		text string
		chip chipSet
		want []uint64
	}{
		{"nothing", "", chipSet{}, []uint64{1, 2, 3, 4, 5}},
		{"pages", "", chipSet{Pages: true}, []uint64{1, 2, 4, 5}},
		{"static", "", chipSet{Static: true}, []uint64{3}},
		{"pages or static", "", chipSet{Static: true, Pages: true}, []uint64{1, 2, 3, 4, 5}},
		{"errors", "", chipSet{Errors: true}, []uint64{2, 5}},
		{"site", "", chipSet{Site: "blog"}, []uint64{4}},
		{"text", "status:5xx", chipSet{}, []uint64{2}},
		{"text and chip", "path:*.css", chipSet{Pages: true}, []uint64{}},
		{"not", "-path:/products", chipSet{}, []uint64{3}},
	} {
		l := &requestList{}
		f, err := trace.ParseFilter(c.text)
		if err != nil {
			t.Fatal(err)
		}
		l.setFilters(f, c.chip)
		l.put([]*trace.Trace{page(1), bad, asset, other, failing})
		if got := numbers(l); !slices.Equal(got, c.want) {
			t.Errorf("%s: shown %v, want %v", c.name, got, c.want)
		}
	}
}

func TestRequestsSortByEveryColumn(t *testing.T) {
	low, high := page(1), page(2)
	low.Site, low.Method, low.URL, low.Status, low.Why, low.Bytes, low.Took = "a", "A", "/a", 100, "a", 1, time.Millisecond
	high.Site, high.Method, high.URL, high.Status, high.Why, high.Bytes, high.Took = "b", "B", "/b", 200, "b", 2, time.Second
	low.Spans, high.Spans = nil, nil
	for _, name := range []string{pages.SpanInit, pages.SpanLoad, pages.SpanPreRender, pages.SpanRender, pages.SpanUnload} {
		low.Spans = append(low.Spans, pages.Span{Name: name, Parent: -1, Took: 1})
		high.Spans = append(high.Spans, pages.Span{Name: name, Parent: -1, Took: 2})
	}
	l := &requestList{}
	l.put([]*trace.Trace{low, high})
	for c := range columnCount {
		l.sortBy(c, false)
		up := numbers(l)
		l.sortBy(c, true)
		if down := numbers(l); !slices.Equal(up, []uint64{1, 2}) || !slices.Equal(down, []uint64{2, 1}) {
			t.Errorf("column %s: up %v, down %v", columnInfos[c].id, up, down)
		}
	}
}

func TestRequestCells(t *testing.T) {
	p := page(7)
	p.URL, p.Method = "/a\x1b[31m\u202eb\n", "GE\tT"
	r := &request{trace: p, sums: trace.Stages(p.Spans)}
	for c, want := range map[column]string{
		columnNumber: "7", columnMethod: `GE\tT`, columnPath: `/a\x1b[31m\u202eb\n`, columnStatus: "200",
		columnTotal: "10.0", columnInit: "0.5", columnLoad: "4.0", columnPreRender: "", columnRender: "3.0",
		columnSize: "4.1 kB",
	} {
		if got := r.cell(c); got != want {
			t.Errorf("%s: %q, want %q", columnInfos[c].id, got, want)
		}
	}
	paused := page(8)
	paused.Phase, paused.PausedAt = trace.Paused, "PreRender"
	if got := (&request{trace: paused}).cell(columnWhy); got != "paused at PreRender" {
		t.Errorf("why %q", got)
	}
}
