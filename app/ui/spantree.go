//go:build cgo || !darwin

package ui

import (
	"fmt"
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"huygens/devserver/trace"
	"huygens/pages"
)

const (
	axisHeight  = 20
	axisLines   = 12 // most lines of the axis
	indent      = 14
	tookWidth   = 64
	leastBar    = 2
	timeMargin  = 44 // right of the axis: room for its last label
	leastAxis   = 120
	spanPadding = 8
	leastName   = 90 // of a name, however deep it stands
)

// A spanTree is the waterfall of one request: all its spans, nested and on one time axis. A tap on a span
// that has others inside folds it; the pointer shows name, detail and error.
type spanTree struct {
	rowList
	spans  []pages.Span
	number uint64 // of the request
	rows   []spanRow
	end    time.Duration
	turned map[spanKey]bool
	chosen spanKey // its span is -1: none

	onTip func(at fyne.Position, text string)

	labels [axisLines]*canvas.Text
	grid   [axisLines]*canvas.Rectangle
	axis   *fyne.Container
	words  *face
	small  *face
}

func newSpanTree() *spanTree {
	t := &spanTree{chosen: spanKey{span: -1}, end: time.Millisecond, words: newFace(textSize, fyne.TextStyle{}), small: newFace(captionSize, fyne.TextStyle{})}
	t.height = rowHeight
	t.count = func() int { return len(t.rows) }
	t.newRow = func() listRow { return newSpanLine(t) }
	t.selected = t.chosenRow
	t.choose = func(i int) { t.chosen = t.rows[i].key(); t.reveal(i) }
	t.onTap = func(i int, _ *fyne.PointEvent) { t.fold(i) }
	t.onHover = t.hover
	t.onKey = t.foldByKey
	t.onCopy = t.copySpan
	t.axis = container.NewWithoutLayout()
	t.rowList.init(t)
	for i := range t.grid {
		t.grid[i], t.labels[i] = &canvas.Rectangle{}, &canvas.Text{TextSize: 10}
		t.body.extra = append(t.body.extra, t.grid[i])
		t.axis.Add(t.labels[i])
	}
	return t
}

// set shows the spans of another request, or newer ones of the same.
func (t *spanTree) set(of *trace.Trace) {
	if of.Number != t.number {
		t.number, t.chosen, t.turned = of.Number, spanKey{span: -1}, map[spanKey]bool{}
		t.scroll.Offset.Y = 0
	}
	t.spans = of.Spans
	t.end = timeline(of.Took, t.spans)
	t.arrange()
}

func (t *spanTree) arrange() {
	t.rows = spanRows(t.spans, t.turned)
	t.drawAxis()
	t.reload()
}

func (t *spanTree) chosenRow() int {
	for i, r := range t.rows {
		if r.key() == t.chosen {
			return i
		}
	}
	return -1
}

func (t *spanTree) fold(i int) {
	if r := t.rows[i]; r.parent || r.members != nil {
		t.turned[r.key()] = !t.turned[r.key()]
		t.arrange()
	}
}

// foldByKey: left folds, right unfolds, Enter does either.
func (t *spanTree) foldByKey(e *fyne.KeyEvent) {
	i := t.chosenRow()
	if i < 0 {
		return
	}
	switch r := t.rows[i]; e.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		t.fold(i)
	case fyne.KeyLeft:
		if !r.folded {
			t.fold(i)
		}
	case fyne.KeyRight:
		if r.folded {
			t.fold(i)
		}
	}
}

func (t *spanTree) copySpan() string {
	i := t.chosenRow()
	if i < 0 {
		return ""
	}
	return t.rowTip(t.rows[i])
}

func (t *spanTree) hover(i int, e *desktop.MouseEvent) {
	switch {
	case t.onTip == nil:
	case i < 0 || i >= len(t.rows):
		t.onTip(fyne.Position{}, "")
	default:
		t.onTip(e.AbsolutePosition, t.rowTip(t.rows[i]))
	}
}

func (t *spanTree) rowTip(r spanRow) string {
	if r.members == nil {
		return spanTip(t.spans[r.span])
	}
	began, took := smallTook(t.spans, r)
	return fmt.Sprintf("%d small steps\n%s\n%s, from %s", len(r.members), wrapped(smallNames(t.spans, r), 90, 5), exact(took), exact(began))
}

// spanTip tells all about a span: name, detail, times, error.
func spanTip(s pages.Span) string {
	text := printable(s.Name)
	if s.Detail != "" {
		text += "\n" + wrapped(printable(s.Detail), 90, 3)
	}
	text += fmt.Sprintf("\n%s, from %s", exact(s.Took), exact(s.Begin))
	if s.Error != "" {
		text += "\n× " + wrapped(printable(s.Error), 90, 4)
	}
	return text
}

// timeAxis is where the bars begin, and how wide a whole request is.
func (t *spanTree) timeAxis() (left, width float32) {
	names := min(max(200, t.Size().Width*0.34), 440)
	left = names + tookWidth + 12
	return left, max(leastAxis, t.Size().Width-left-timeMargin)
}

func (t *spanTree) drawAxis() {
	left, width := t.timeAxis()
	distance := step(t.end, min(axisLines, max(2, int(width/90))))
	for i := range t.grid {
		at := distance * time.Duration(i)
		on := at <= t.end
		setVisible(on, t.grid[i], t.labels[i])
		if !on {
			continue
		}
		x := left + width*float32(at)/float32(t.end)
		t.grid[i].FillColor, t.labels[i].Color = theme.Color(theme.ColorNameSeparator), theme.Color(colorMuted)
		t.grid[i].Move(fyne.NewPos(float32(int(x)), 0))
		t.grid[i].Resize(fyne.NewSize(1, max(t.body.MinSize().Height, t.scroll.Size().Height)))
		t.labels[i].Text = axisLabel(at, distance)
		t.labels[i].Move(fyne.NewPos(x+3, 2))
	}
	t.axis.Refresh()
}

func axisLabel(at, distance time.Duration) string {
	switch {
	case distance < time.Millisecond:
		return fmt.Sprintf("%.*f ms", decimals(distance), float64(at)/float64(time.Millisecond))
	case distance >= time.Second:
		return fmt.Sprintf("%d s", at/time.Second)
	}
	return grouped(int(at/time.Millisecond)) + " ms"
}

func decimals(d time.Duration) int {
	switch {
	case d < 10*time.Microsecond:
		return 3
	case d < 100*time.Microsecond:
		return 2
	}
	return 1
}

func (t *spanTree) CreateRenderer() fyne.WidgetRenderer {
	return &spanTreeRenderer{WidgetRenderer: widget.NewSimpleRenderer(container.NewWithoutLayout(t.axis, t.scroll)), t: t}
}

type spanTreeRenderer struct {
	fyne.WidgetRenderer
	t *spanTree
}

func (r *spanTreeRenderer) MinSize() fyne.Size { return fyne.NewSize(200, axisHeight+2*rowHeight) }

func (r *spanTreeRenderer) Layout(s fyne.Size) {
	r.WidgetRenderer.Layout(s)
	r.t.axis.Resize(fyne.NewSize(s.Width, axisHeight))
	r.t.scroll.Move(fyne.NewPos(0, axisHeight))
	r.t.scroll.Resize(fyne.NewSize(s.Width, max(0, s.Height-axisHeight)))
	r.t.drawAxis()
	r.t.reload()
}

func (r *spanTreeRenderer) Refresh() {
	r.t.drawAxis()
	r.WidgetRenderer.Refresh()
}

// --- one row

type spanLine struct {
	t                       *spanTree
	back, mark, bar, edge   *canvas.Rectangle
	fold, name, extra, took *canvas.Text
	all                     []fyne.CanvasObject
}

func newSpanLine(t *spanTree) *spanLine {
	l := &spanLine{
		t: t, back: &canvas.Rectangle{}, mark: &canvas.Rectangle{}, bar: &canvas.Rectangle{CornerRadius: 2}, edge: &canvas.Rectangle{},
		fold: &canvas.Text{TextSize: 13}, name: &canvas.Text{TextSize: textSize}, extra: &canvas.Text{TextSize: captionSize},
		took: &canvas.Text{TextSize: textSize, TextStyle: monospace, Alignment: fyne.TextAlignTrailing},
	}
	l.all = []fyne.CanvasObject{l.back, l.mark, l.bar, l.edge, l.fold, l.name, l.extra, l.took}
	return l
}

func (l *spanLine) objects() []fyne.CanvasObject { return l.all }

func (l *spanLine) show(i int, y, width float32) {
	row := l.t.rows[i]
	s := l.t.spans[row.span]
	if row.members != nil {
		s = pages.Span{Name: fmt.Sprintf("%d small steps", len(row.members)), Detail: smallNames(l.t.spans, row)}
		s.Begin, s.Took = smallTook(l.t.spans, row)
	}
	// No stripes: the lines of the axis lie behind.
	showBack(l.back, l.mark, rowLook{chosen: row.key() == l.t.chosen, focused: l.t.focused, hovered: i == l.t.hovered})
	place(l.back, 0, y, width, rowHeight)
	place(l.mark, 0, y, 3, rowHeight)
	l.showText(row, s, y)
	l.showBar(row, s, y)
}

func (l *spanLine) showText(row spanRow, s pages.Span, y float32) {
	left, _ := l.t.timeAxis()
	right := left - 12 - tookWidth
	x := min(spanPadding+indent*float32(row.depth)+12, right-leastName)
	l.fold.Text, l.fold.Color = foldMark(row), theme.Color(colorMuted)
	place(l.fold, x-12, y, 12, rowHeight)

	name := printable(s.Name)
	l.name.Color = theme.Color(theme.ColorNameForeground)
	if row.members != nil {
		l.name.Color = theme.Color(colorMuted)
	}
	if row.failed {
		name, l.name.Color = "× "+name, theme.Color(theme.ColorNameError)
	}
	l.name.Text = l.t.words.clip(name, right-x)
	wide := l.t.words.width(l.name.Text)
	place(l.name, x, y, wide, rowHeight)

	detail := s.Detail
	if row.failed {
		detail = s.Error
	}
	l.extra.Color = theme.Color(colorMuted)
	l.extra.Text = l.t.small.clip(printable(detail), right-x-wide-8)
	place(l.extra, x+wide+8, y, max(0, right-x-wide-8), rowHeight)

	l.took.Text, l.took.Color = spanTook(s), theme.Color(theme.ColorNameForeground)
	if s.Took < 50*time.Microsecond {
		l.took.Color = theme.Color(colorMuted)
	}
	place(l.took, right, y, tookWidth, rowHeight)
}

func (l *spanLine) showBar(row spanRow, s pages.Span, y float32) {
	left, width := l.t.timeAxis()
	took := s.Took
	if took < 0 {
		took = l.t.end - s.Begin // it runs still
	}
	scale := width / float32(l.t.end)
	from := left + float32(min(max(s.Begin, 0), l.t.end))*scale
	to := left + float32(min(max(s.Begin+took, 0), l.t.end))*scale
	x, w := round(from), max(leastBar, round(to)-round(from))
	l.bar.FillColor = barColor(row, s.Took < 0)
	place(l.bar, x, y+6, w, rowHeight-12)
	l.edge.FillColor = color.Transparent
	if row.failed {
		l.edge.FillColor = theme.Color(theme.ColorNameError)
	}
	place(l.edge, x+w, y+4, 3, rowHeight-8)
}

// barColor: a stage has its hue, what is inside it the same, paler; the rest is grey.
func barColor(row spanRow, running bool) color.Color {
	name := colorRest
	if row.stage != noStage {
		name = stageColors[row.stage]
	}
	c := color.NRGBAModel.Convert(theme.Color(name)).(color.NRGBA)
	switch {
	case running:
		c.A = 110
	case row.stage != noStage && row.inner:
		c.A = 165
	}
	return c
}

func foldMark(r spanRow) string {
	switch {
	case !r.parent && r.members == nil:
		return ""
	case r.folded:
		return "+"
	}
	return "−"
}

func spanTook(s pages.Span) string {
	if s.Took < 0 {
		return "…"
	}
	return millis(s.Took)
}

func place(o fyne.CanvasObject, x, y, width, height float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(width, height))
}

func round(v float32) float32 { return float32(int(v + 0.5)) }
