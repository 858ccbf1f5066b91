//go:build cgo || !darwin

package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

const (
	headHeight = 26
	edgeReach  = 4 // how near the pointer must be to an edge to drag it
)

// A tableHead names the columns. A tap sorts by one, a second one turns the order round, a third goes back
// to arrival. Dragging an edge changes a column's width; the menu chooses the columns.
type tableHead struct {
	widget.BaseWidget
	t      *requestTable
	back   *canvas.Rectangle
	line   *canvas.Rectangle
	titles [columnCount]*canvas.Text
	objs   []fyne.CanvasObject
	face   *face
	edge   column // under the pointer; columnCount: none
	drag   column // being dragged; columnCount: none

	onMenu func(*fyne.PointEvent)
}

func newTableHead(t *requestTable) *tableHead {
	h := &tableHead{t: t, back: &canvas.Rectangle{}, line: &canvas.Rectangle{}, face: newFace(captionSize, fyne.TextStyle{}), edge: columnCount, drag: columnCount}
	h.objs = append(h.objs, h.back, h.line)
	for c := range h.titles {
		h.titles[c] = &canvas.Text{TextSize: captionSize}
		if columnInfos[c].right {
			h.titles[c].Alignment = fyne.TextAlignTrailing
		}
		h.objs = append(h.objs, h.titles[c])
	}
	h.ExtendBaseWidget(h)
	return h
}

func (h *tableHead) CreateRenderer() fyne.WidgetRenderer { return tableHeadRenderer{h} }

type tableHeadRenderer struct{ h *tableHead }

func (r tableHeadRenderer) MinSize() fyne.Size           { return fyne.NewSize(100, headHeight) }
func (r tableHeadRenderer) Objects() []fyne.CanvasObject { return r.h.objs }
func (r tableHeadRenderer) Destroy()                     {}
func (r tableHeadRenderer) Layout(fyne.Size)             { r.h.draw() }
func (r tableHeadRenderer) Refresh()                     { r.h.draw(); canvas.Refresh(r.h) }

func (h *tableHead) draw() {
	s := h.Size()
	h.back.FillColor, h.line.FillColor = theme.Color(colorPanel), theme.Color(theme.ColorNameSeparator)
	h.back.Resize(s)
	h.line.Move(fyne.NewPos(0, s.Height-1))
	h.line.Resize(fyne.NewSize(s.Width, 1))
	x := float32(0)
	for c, title := range h.titles {
		w := h.t.widths[c]
		title.Text, title.Color = h.title(column(c)), theme.Color(colorMuted)
		if column(c) == h.t.data.order && !h.t.data.arrival() {
			title.Color = theme.Color(theme.ColorNamePrimary)
		}
		title.Text = h.face.clip(title.Text, w-2*columnPadding)
		title.Move(fyne.NewPos(x+columnPadding, 0))
		title.Resize(fyne.NewSize(max(0, w-2*columnPadding), s.Height-1))
		x += w
	}
}

func (h *tableHead) title(c column) string {
	text := columnInfos[c].title
	if c == columnWaterfall {
		text += "  0 – " + exactScale(h.t)
	}
	switch {
	case c != h.t.data.order || h.t.data.arrival():
		return text
	case h.t.data.down:
		return text + " ▼"
	}
	return text + " ▲"
}

func exactScale(t *requestTable) string {
	if t.scale.Seconds() >= 1 {
		return t.scale.String()
	}
	return grouped(int(t.scale.Milliseconds())) + " ms"
}

// edgeAt is the column whose right edge is near x. The last one has none: it takes what is left.
func (h *tableHead) edgeAt(x float32) column {
	right := float32(0)
	for c := range columnWaterfall {
		right += h.t.widths[c]
		if h.t.widths[c] > 0 && x > right-edgeReach && x < right+edgeReach {
			return c
		}
	}
	return columnCount
}

// MouseIn and the others make it desktop.Hoverable.
func (h *tableHead) MouseIn(e *desktop.MouseEvent) { h.MouseMoved(e) }

// MouseMoved finds the edge that a drag would move.
func (h *tableHead) MouseMoved(e *desktop.MouseEvent) {
	h.edge = h.edgeAt(e.Position.X)
	c, _ := h.t.columnAt(e.Position.X)
	if h.t.onTip != nil && c < columnCount {
		h.t.onTip(e.AbsolutePosition, columnInfos[c].about)
	}
}

// MouseOut ends it.
func (h *tableHead) MouseOut() {
	h.edge = columnCount
	if h.t.onTip != nil {
		h.t.onTip(fyne.Position{}, "")
	}
}

// Cursor shows where an edge can be dragged.
func (h *tableHead) Cursor() desktop.Cursor {
	if h.edge < columnCount || h.drag < columnCount {
		return desktop.HResizeCursor
	}
	return desktop.DefaultCursor
}

// Dragged moves the edge that was under the pointer when the button went down.
func (h *tableHead) Dragged(e *fyne.DragEvent) {
	if h.drag == columnCount {
		if h.drag = h.edge; h.drag == columnCount {
			return
		}
		h.t.columns.width[h.drag] = h.t.widths[h.drag] // what is seen, also where it had given way
	}
	w := &h.t.columns.width[h.drag]
	*w = min(2000, max(narrowest, *w+e.Dragged.DX))
	h.t.layout()
}

// DragEnd lets the edge go.
func (h *tableHead) DragEnd() { h.drag = columnCount }

// Tapped sorts.
func (h *tableHead) Tapped(e *fyne.PointEvent) {
	c, _ := h.t.columnAt(e.Position.X)
	d := h.t.data
	switch {
	case c == columnCount || h.edgeAt(e.Position.X) < columnCount:
	case c != d.order:
		h.t.sort(c, false)
	case !d.down:
		h.t.sort(c, true)
	default:
		h.t.sort(columnNumber, false)
	}
}

// TappedSecondary opens the menu of the columns.
func (h *tableHead) TappedSecondary(e *fyne.PointEvent) {
	if h.onMenu != nil {
		h.onMenu(e)
	}
}
