//go:build cgo || !darwin

package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"huygens/pages"
)

// drawn writes rows as text: an indented name each, "n small" where spans share one.
func drawn(spans []pages.Span, rows []spanRow) string {
	var b strings.Builder
	for _, r := range rows {
		b.WriteString(strings.Repeat("  ", r.depth))
		if r.members != nil {
			fmt.Fprintf(&b, "%d small: %s", len(r.members), smallNames(spans, r))
		} else {
			b.WriteString(spans[r.span].Name)
		}
		if r.failed {
			b.WriteString(" !")
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func TestSpanRows(t *testing.T) {
	ms := time.Millisecond
	spans := []pages.Span{
		{Name: "Gate", Parent: -1},
		{Name: "Resolve", Parent: -1},
		{Name: "Hop", Parent: -1, Took: 9 * ms},
		{Name: "BeginRequest", Parent: 2},
		{Name: "AuthenticateRequest", Parent: 2},
		{Name: "Handler", Parent: 2, Took: 8 * ms},
		{Name: "PreInit", Parent: 5},
		{Name: "Init", Parent: 5},
		{Name: "Load", Parent: 5, Took: 4 * ms},
		{Name: "Query", Parent: 8, Error: "no such table"},
		{Name: "Unload", Parent: 5},
		{Name: "EndRequest", Parent: 2},
		{Name: "Send", Parent: -1, Took: ms},
	}
	for _, c := range []struct {
		name   string
		turned map[spanKey]bool
		want   string
	}{
		{"as it comes", nil, `
2 small: Gate, Resolve
Hop
  2 small: BeginRequest, AuthenticateRequest
  Handler
    PreInit
    Init
    Load
      Query !
    Unload
  EndRequest
Send
`},
		{"a fold and an opened group", map[spanKey]bool{{5, false}: true, {0, true}: true}, `
2 small: Gate, Resolve
  Gate
  Resolve
Hop
  2 small: BeginRequest, AuthenticateRequest
  Handler
  EndRequest
Send
`},
	} {
		if got := "\n" + drawn(spans, spanRows(spans, c.turned)); got != c.want {
			t.Errorf("%s:%s", c.name, got)
		}
	}
}

func TestSpanRowsInheritTheStage(t *testing.T) {
	rows := spanRows([]pages.Span{
		{Name: pages.SpanHop, Parent: -1, Took: time.Second},
		{Name: pages.SpanLoad, Parent: 0, Took: time.Second},
		{Name: pages.SpanQuery, Parent: 1, Took: time.Second},
	}, nil)
	for i, want := range []spanRow{{stage: noStage}, {stage: 1}, {stage: 1, inner: true}} {
		if rows[i].stage != want.stage || rows[i].inner != want.inner {
			t.Errorf("row %d: stage %d inner %v", i, rows[i].stage, rows[i].inner)
		}
	}
}

func TestAxis(t *testing.T) {
	for end, want := range map[time.Duration]time.Duration{
		10 * time.Microsecond: 2 * time.Microsecond,
		20 * time.Millisecond: 5 * time.Millisecond,
		73 * time.Second:      20 * time.Second,
		longest:               1e9 * time.Microsecond * 1000,
	} {
		if got := step(end, 6); int64(end/got) >= 6 || end < longest && got != want {
			t.Errorf("step(%v) = %v, want %v", end, got, want)
		}
	}
	if got := roundUp(1<<63 - 1); got < longest {
		t.Errorf("roundUp(most) = %v", got)
	}
	if got := timeline(0, []pages.Span{{Begin: 1<<63 - 1, Took: 1<<63 - 1}}); got <= 0 || got > longest {
		t.Errorf("timeline of an impossible span = %v", got)
	}
}

// Whatever a worker sends as spans: every span is shown once, none moves the depth beyond bounds.
func FuzzSpanRows(f *testing.F) {
	f.Add([]byte{255, 0, 1, 1}, true)
	f.Add([]byte{0, 1, 2, 3, 9, 9, 250}, false)
	f.Fuzz(func(t *testing.T, parents []byte, small bool) {
		spans := make([]pages.Span, len(parents))
		turned := map[spanKey]bool{}
		for i, p := range parents {
			spans[i] = pages.Span{Name: "x", Parent: int32(int8(p)), Took: time.Second}
			if small && p%2 == 0 {
				spans[i].Took = 0
				turned[spanKey{i, true}] = p%4 == 0
			}
		}
		seen := map[int]bool{}
		hidden := 0
		for _, r := range spanRows(spans, turned) {
			if r.depth < 0 || r.depth > deepest {
				t.Fatalf("depth %d", r.depth)
			}
			if r.members != nil {
				if r.folded {
					hidden++
				}
				continue
			}
			if seen[r.span] {
				t.Fatalf("span %d is shown twice", r.span)
			}
			seen[r.span] = true
		}
		if hidden == 0 && len(seen) != len(spans) {
			t.Fatalf("%d of %d spans are shown", len(seen), len(spans))
		}
	})
}
