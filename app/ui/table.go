//go:build cgo || !darwin

package ui

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// A requestTable is the list of requests. Rows are known by their number: the selection stays on a request
// whatever comes, goes or is sorted, and the rows in view stay under the eye. While the last row is in view
// and the order is that of arrival, the table follows; it lets go when the user scrolls up.
type requestTable struct {
	rowList
	data    *requestList
	columns columnSet
	widths  [columnCount]float32 // of this size
	chosen  uint64               // number of the selected request; 0: none
	follow  bool
	fresh   int // came since it let go
	scale   time.Duration
	digits  *face // monospaced
	words   *face

	onChosen func(*request) // nil: none is chosen any more
	onFollow func()         // follow or fresh changed
	onTip    func(at fyne.Position, text string)

	head *tableHead
	bars *barColumn
}

func newRequestTable(data *requestList, columns columnSet) *requestTable {
	t := &requestTable{data: data, columns: columns, follow: true, scale: time.Millisecond}
	t.digits, t.words = newFace(textSize, monospace), newFace(textSize, fyne.TextStyle{})
	t.height = rowHeight
	t.count = func() int { return len(data.view) }
	t.newRow = func() listRow { return newTableRow(t) }
	t.selected = func() int { return data.index(t.chosen) }
	t.choose = func(i int) { t.chooseRow(i) }
	t.onHover = t.hover
	t.onCopy = t.copyRow
	t.onScroll = t.letGo
	t.head = newTableHead(t)
	t.bars = newBarColumn(t)
	t.rowList.init(t)
	return t
}

var monospace = fyne.TextStyle{Monospace: true}

func (t *requestTable) CreateRenderer() fyne.WidgetRenderer {
	return &tableRenderer{WidgetRenderer: widget.NewSimpleRenderer(
		container.NewBorder(t.head, nil, nil, nil, container.NewWithoutLayout(t.scroll, t.bars.raster))), t: t}
}

// tableRenderer lays the bars over the column that is left free for them.
type tableRenderer struct {
	fyne.WidgetRenderer
	t *requestTable
}

func (r *tableRenderer) Layout(s fyne.Size) {
	r.WidgetRenderer.Layout(s)
	r.t.scroll.Resize(fyne.NewSize(s.Width, max(0, s.Height-headHeight)))
	r.t.layout()
}

func (r *tableRenderer) MinSize() fyne.Size { return fyne.NewSize(200, headHeight+2*rowHeight) }

// Resize keeps the last row in view while it follows.
func (t *requestTable) Resize(s fyne.Size) {
	t.rowList.Resize(s)
	t.reloaded()
}

// layout gives the columns their place.
func (t *requestTable) layout() {
	t.widths = t.columns.laidOut(t.Size().Width)
	t.bars.place()
	t.head.Refresh()
	t.reload()
}

// put takes new states of requests.
func (t *requestTable) put(fill func() (fresh int)) {
	number, below := t.anchor()
	fresh := fill()
	if !t.follow {
		t.fresh += fresh
	}
	t.rescale()
	t.restore(number, below)
	if t.chosen == 0 {
		return
	}
	r := t.data.get(t.chosen)
	if r == nil {
		t.chosen = 0
	}
	t.tellChosen(r)
}

// reloaded is called when other rows are shown than before: filter, order.
func (t *requestTable) reloaded() { t.put(func() int { return 0 }) }

// anchor is the request at the upper edge and how far it is cut off.
func (t *requestTable) anchor() (number uint64, below float32) {
	i := t.first()
	if i >= len(t.data.view) || t.scroll.Offset.Y <= 0 {
		return 0, 0
	}
	return t.data.view[i].trace.Number, t.scroll.Offset.Y - float32(i)*rowHeight
}

// restore scrolls to the end when following, else back to the anchor; where that is gone, to the next one.
func (t *requestTable) restore(number uint64, below float32) {
	t.body.Resize(t.body.MinSize().Max(t.scroll.Size()))
	y := t.scroll.Offset.Y
	switch {
	case t.follow && t.data.arrival():
		y = t.lowest()
	case number > 0:
		if i := t.data.index(number); i >= 0 {
			y = float32(i)*rowHeight + below
		} else if t.data.arrival() {
			y = float32(t.firstFrom(number)) * rowHeight
		}
	}
	t.scrollTo(y)
	t.letGo()
}

func (t *requestTable) firstFrom(number uint64) int {
	for i, r := range t.data.view {
		if r.trace.Number >= number {
			return i
		}
	}
	return len(t.data.view)
}

// letGo looks whether the end is in view: following is nothing else.
func (t *requestTable) letGo() {
	was, fresh := t.follow, t.fresh
	t.follow = t.data.arrival() && t.atEnd()
	if t.follow {
		t.fresh = 0
	}
	t.rescale()
	t.bars.refresh()
	if t.onTip != nil {
		t.onTip(fyne.Position{}, "")
	}
	if t.onFollow != nil && (was != t.follow || fresh != t.fresh) {
		t.onFollow()
	}
}

// toEnd follows again.
func (t *requestTable) toEnd() {
	if !t.data.arrival() {
		t.sort(columnNumber, false)
	}
	t.scrollTo(t.lowest())
	t.letGo()
}

// stay stops following without waiting for the user to scroll.
func (t *requestTable) stay() {
	if t.follow && t.lowest() > 0 {
		t.scrollTo(t.lowest() - rowHeight)
		t.letGo()
	}
}

func (t *requestTable) sort(c column, down bool) {
	t.data.sortBy(c, down)
	t.head.Refresh()
	t.reloaded()
}

// rescale looks for the slowest request in view: the bars' measure.
func (t *requestTable) rescale() {
	slowest := time.Duration(0)
	view := t.data.view
	for i := t.first(); i < min(len(view), t.first()+t.visible()+1); i++ {
		slowest = max(slowest, view[i].trace.Took)
	}
	if s := roundUp(slowest); s != t.scale {
		t.scale = s
		t.head.Refresh()
	}
}

func (t *requestTable) chooseRow(i int) {
	r := t.data.view[i]
	t.chosen = r.trace.Number
	t.reveal(i)
	t.letGo()
	t.tellChosen(r)
}

func (t *requestTable) tellChosen(r *request) {
	if t.onChosen != nil {
		t.onChosen(r)
	}
}

// chosenRequest is nil if none is chosen.
func (t *requestTable) chosenRequest() *request {
	if t.chosen == 0 {
		return nil
	}
	return t.data.get(t.chosen)
}

func (t *requestTable) copyRow() string {
	r := t.chosenRequest()
	if r == nil {
		return ""
	}
	var cells []string
	for c := range columnWaterfall {
		if !t.columns.hidden[c] {
			cells = append(cells, r.cell(c))
		}
	}
	return strings.Join(cells, "\t")
}

// columnAt is the column at x and its left edge; columnCount: none.
func (t *requestTable) columnAt(x float32) (column, float32) {
	left := float32(0)
	for c, w := range t.widths {
		if x < left+w {
			return column(c), left
		}
		left += w
	}
	return columnCount, left
}

// left is where a column begins.
func (t *requestTable) left(c column) (x float32) {
	for _, w := range t.widths[:c] {
		x += w
	}
	return x
}

// hover tells what is cut off in a cell, and what the bars mean.
func (t *requestTable) hover(i int, e *desktop.MouseEvent) {
	if t.onTip == nil {
		return
	}
	if i < 0 || i >= len(t.data.view) {
		t.onTip(fyne.Position{}, "")
		return
	}
	r := t.data.view[i]
	c, _ := t.columnAt(e.Position.X)
	text := ""
	switch {
	case c == columnWaterfall, c >= columnTotal && c <= columnUnload:
		text = barsTip(r)
	case c == columnStatus:
		text = statusTip(r.trace)
	case c < columnWaterfall:
		if full := r.cell(c); t.clipped(r, c) != full {
			text = wrapped(full, 90, tipLines)
		}
	}
	t.onTip(e.AbsolutePosition, text)
}

// clipped is the text of a cell as far as it fits. Measuring words is dear, so what was found is kept.
func (t *requestTable) clipped(r *request, c column) string {
	text, width := r.cell(c), t.widths[c]-2*columnPadding
	if !columnInfos[c].words {
		return t.digits.clip(text, width)
	}
	if k := &r.cut[c]; k.width != width {
		*k = cutCell{width, t.words.clip(text, width)}
	}
	return r.cut[c].text
}

// --- one row

type tableRow struct {
	t     *requestTable
	back  *canvas.Rectangle
	mark  *canvas.Rectangle // of the chosen row, while the table has the keyboard
	texts [columnWaterfall]*canvas.Text
	all   []fyne.CanvasObject
}

func newTableRow(t *requestTable) *tableRow {
	r := &tableRow{t: t, back: &canvas.Rectangle{}, mark: &canvas.Rectangle{}}
	r.all = append(r.all, r.back, r.mark)
	for c := range r.texts {
		x := &canvas.Text{TextSize: textSize}
		x.TextStyle.Monospace = !columnInfos[c].words
		if columnInfos[c].right {
			x.Alignment = fyne.TextAlignTrailing
		}
		r.texts[c] = x
		r.all = append(r.all, x)
	}
	return r
}

func (r *tableRow) objects() []fyne.CanvasObject { return r.all }

func (r *tableRow) show(i int, y, width float32) {
	t := r.t
	q := t.data.view[i]
	chosen := q.trace.Number == t.chosen
	showBack(r.back, r.mark, rowLook{chosen: chosen, focused: t.focused, hovered: i == t.hovered, odd: i%2 == 1})
	r.back.Move(fyne.NewPos(0, y))
	r.back.Resize(fyne.NewSize(width, rowHeight))
	r.mark.Move(fyne.NewPos(0, y))
	r.mark.Resize(fyne.NewSize(3, rowHeight))
	x := float32(0)
	for c, text := range r.texts {
		w := t.widths[c]
		text.Text = t.clipped(q, column(c))
		text.Color = cellColor(column(c), q, chosen)
		text.Move(fyne.NewPos(x+columnPadding, y))
		text.Resize(fyne.NewSize(max(0, w-2*columnPadding), rowHeight))
		x += w
	}
}
