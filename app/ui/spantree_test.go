//go:build cgo || !darwin

package ui

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"huygens/pages"
)

func newTestTree(t *testing.T) (*spanTree, fyne.Window) {
	test.NewTempApp(t)
	fyne.CurrentApp().Settings().SetTheme(houseTheme{forced: themeLight})
	tree := newSpanTree()
	w := test.NewTempWindow(t, tree)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(900, 300))
	return tree, w
}

func (t *spanTree) names() (names []string) {
	for i := range t.rows {
		names = append(names, t.body.pool[i].listRow.(*spanLine).name.Text)
	}
	return names
}

func TestTreeShowsSpansOnOneAxis(t *testing.T) {
	tree, _ := newTestTree(t)
	tree.set(page(1)) // 11 ms
	if got := strings.Join(tree.names(), ","); got != "2 small steps,Hop,Init,Load,Query,Render" {
		t.Errorf("rows %s", got)
	}
	left, width := tree.timeAxis()
	bar := func(i int) (from, to float32) {
		b := tree.body.pool[i].listRow.(*spanLine).bar
		return b.Position().X, b.Position().X + b.Size().Width
	}
	at := func(d time.Duration) float32 { return round(left + width*float32(d)/float32(tree.end)) }
	ms := time.Millisecond
	for i, want := range map[int][2]time.Duration{1: {ms, 10 * ms}, 3: {2 * ms, 6 * ms}, 5: {6 * ms, 9 * ms}} {
		if from, to := bar(i); from != at(want[0]) || to != at(want[1]) {
			t.Errorf("row %d is drawn from %v to %v, want %v to %v", i, from, to, at(want[0]), at(want[1]))
		}
	}
	if tree.labels[0].Text != "0 ms" || tree.labels[1].Text == "" {
		t.Errorf("axis %q %q", tree.labels[0].Text, tree.labels[1].Text)
	}
}

func TestTreeHoverTellsNameDetailAndError(t *testing.T) {
	tree, w := newTestTree(t)
	said := ""
	tree.onTip = func(_ fyne.Position, text string) { said = text }
	p := page(1)
	p.Spans[5].Error = "no such table: cart"
	tree.set(p)
	row := func(i int) fyne.Position { return fyne.NewPos(400, axisHeight+(float32(i)+0.5)*rowHeight) }
	test.MoveMouse(w.Canvas(), row(4))
	if want := "Query\nselect * from cart\n2.00 ms, from 2.00 ms\n× no such table: cart"; said != want {
		t.Errorf("said %q, want %q", said, want)
	}
	test.MoveMouse(w.Canvas(), row(0))
	if want := "2 small steps\nGate, Resolve\n50 µs, from 0 µs"; said != want {
		t.Errorf("said %q, want %q", said, want)
	}
	test.MoveMouse(w.Canvas(), fyne.NewPos(400, axisHeight+12*rowHeight))
	if said != "" {
		t.Errorf("below the last row it says %q", said)
	}
}

func TestTreeFoldsAndRemembers(t *testing.T) {
	tree, w := newTestTree(t)
	tree.set(page(1))
	tap := func(i int) { test.TapCanvas(w.Canvas(), fyne.NewPos(60, axisHeight+(float32(i)+0.5)*rowHeight)) }
	tap(1)
	if got := strings.Join(tree.names(), ","); got != "2 small steps,Hop" {
		t.Errorf("folded: %s", got)
	}
	again := page(1) // a newer state of the same request
	again.Spans = append(again.Spans, pages.Span{Name: pages.SpanSend, Parent: -1, Took: time.Millisecond})
	tree.set(again)
	if got := strings.Join(tree.names(), ","); got != "2 small steps,Hop,Send" {
		t.Errorf("after news: %s", got)
	}
	tap(0)
	if got := strings.Join(tree.names(), ","); got != "2 small steps,Gate,Resolve,Hop,Send" {
		t.Errorf("opened: %s", got)
	}
	for range 3 {
		tree.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	}
	tree.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	if len(tree.rows) <= 5 || tree.rows[tree.chosenRow()].span != 2 {
		t.Errorf("the right arrow did not unfold: %v", tree.names())
	}
	clip := test.NewClipboard()
	tree.TypedShortcut(&fyne.ShortcutCopy{Clipboard: clip})
	if !strings.HasPrefix(clip.Content(), "Hop\n9.00 ms") {
		t.Errorf("copied %q", clip.Content())
	}
	tree.set(page(2))
	if len(tree.rows) != 6 || tree.chosenRow() != -1 {
		t.Error("another request begins folded or chosen as the last one was")
	}
}

func TestTreeShowsWhatStillRuns(t *testing.T) {
	tree, _ := newTestTree(t)
	p := page(1)
	p.Took = 0
	p.Spans = []pages.Span{{Name: pages.SpanLoad, Parent: -1, Begin: time.Millisecond, Took: -1}, {Name: pages.SpanQuery, Parent: 0, Begin: 2 * time.Millisecond, Took: -1}}
	tree.set(p)
	line := tree.body.pool[0].listRow.(*spanLine)
	if line.took.Text != "…" || line.bar.Size().Width < 10 {
		t.Errorf("took %q, bar %v", line.took.Text, line.bar.Size())
	}
}

// Ten thousand hostile spans cost no more objects than fit, and show as plain text inside their column.
func TestTreeOfHostileSpans(t *testing.T) {
	tree, w := newTestTree(t)
	p := page(1)
	p.Spans = nil
	for i := range 10000 {
		p.Spans = append(p.Spans, pages.Span{
			Name: "x\x1b[31m" + strings.Repeat("W", i%300), Detail: strings.Repeat("ü\u202e", i%200), Error: strings.Repeat("e\n", i%3),
			Parent: int32(i*7919%20000 - 5000), Begin: time.Duration(i) << 40, Took: time.Duration(1<<62) >> (i % 60),
		})
	}
	tree.set(p)
	if n := len(tree.body.pool); n > 16 {
		t.Errorf("%d rows are drawn", n)
	}
	left, _ := tree.timeAxis()
	for y := float32(0); y < 4000; y += 990 {
		test.Scroll(w.Canvas(), fyne.NewPos(100, 100), 0, -990)
		for _, row := range tree.body.pool {
			l := row.listRow.(*spanLine)
			if right := l.name.Position().X + fyne.MeasureText(l.name.Text, textSize, l.name.TextStyle).Width; l.name.Text != "" && right > left {
				t.Errorf("%.20q reaches %v, the axis begins at %v", l.name.Text, right, left)
			}
			if strings.ContainsFunc(l.name.Text+l.extra.Text, func(r rune) bool { return !shows(r) }) {
				t.Errorf("shows %q", l.name.Text+l.extra.Text)
			}
			if end := l.bar.Position().X + l.bar.Size().Width; end > 900+leastBar {
				t.Errorf("a bar ends at %v", end)
			}
		}
	}
}
