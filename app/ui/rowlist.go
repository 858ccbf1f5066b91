//go:build cgo || !darwin

package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// A listRow draws one row of a rowList. It is used for one row after another.
type listRow interface {
	objects() []fyne.CanvasObject
	// show draws row i with its upper edge at y.
	show(i int, y, width float32)
}

// A rowList is a scrolled list of rows of one height that has canvas objects for the visible ones only. It
// draws, scrolls and tells what happens to which row; its owner keeps the data and the selection, by a key of
// its own and never by position.
type rowList struct {
	widget.BaseWidget
	height float32 // of a row
	top    float32 // room above the first row

	count  func() int
	newRow func() listRow
	// selected is the position of the chosen row, -1: none. choose is asked to choose another one.
	selected func() int
	choose   func(i int)
	// What may be left nil:
	onTap    func(i int, e *fyne.PointEvent) // after choose
	onMenu   func(i int, e *fyne.PointEvent)
	onHover  func(i int, e *desktop.MouseEvent) // -1 and nil: the pointer left the rows
	onKey    func(*fyne.KeyEvent)               // keys that do not move the selection
	onRune   func(rune)
	onCopy   func() string
	onScroll func()

	self    fyne.Widget // the widget that embeds the list, or the list
	scroll  *container.Scroll
	body    *rowBody
	hovered int
	focused bool
}

// init makes the parts. self is the widget that embeds the list, or the list.
func (l *rowList) init(self fyne.Widget) {
	l.self, l.hovered = self, -1
	l.body = &rowBody{list: l}
	l.body.ExtendBaseWidget(l.body)
	l.scroll = container.NewVScroll(l.body)
	l.scroll.OnScrolled = func(fyne.Position) { l.scrolled() }
	l.ExtendBaseWidget(self)
}

func (l *rowList) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(l.scroll) }

// Resize also covers the rows that come into view.
func (l *rowList) Resize(s fyne.Size) {
	l.BaseWidget.Resize(s)
	l.reload()
}

// Refresh draws all visible rows anew, as after a change of theme.
func (l *rowList) Refresh() {
	l.BaseWidget.Refresh()
	l.update(true)
}

func (l *rowList) scrolled() {
	l.update(false)
	if l.onScroll != nil {
		l.onScroll()
	}
}

// reload is called when the number of rows, or what they show, has changed.
func (l *rowList) reload() {
	l.body.Resize(l.body.MinSize().Max(l.scroll.Size()))
	l.scrollTo(l.scroll.Offset.Y)
}

// scrollTo shows the rows from y on.
func (l *rowList) scrollTo(y float32) {
	l.scroll.ScrollToOffset(fyne.NewPos(0, min(max(0, y), l.lowest())))
	l.update(true)
}

// lowest is the offset at which the last row is seen whole.
func (l *rowList) lowest() float32 {
	return max(0, l.body.MinSize().Height-l.scroll.Size().Height)
}

// atEnd says whether the last row is in view.
func (l *rowList) atEnd() bool { return l.scroll.Offset.Y >= l.lowest()-1 }

// reveal scrolls row i into view, if need be, and draws the rows anew.
func (l *rowList) reveal(i int) {
	y := l.top + float32(i)*l.height
	switch h := l.scroll.Size().Height; {
	case y-l.top < l.scroll.Offset.Y:
		l.scrollTo(y - l.top)
	case y+l.height > l.scroll.Offset.Y+h:
		l.scrollTo(y + l.height - h)
	default:
		l.update(true)
	}
}

// first is the position of the first row that is at least partly visible.
func (l *rowList) first() int { return max(0, int((l.scroll.Offset.Y-l.top)/l.height)) }

// visible is how many rows fit.
func (l *rowList) visible() int { return int(l.scroll.Size().Height / l.height) }

func (l *rowList) update(all bool) { l.body.update(all) }

// FocusGained and the others make it fyne.Focusable.
func (l *rowList) FocusGained() { l.focused = true; l.update(true) }

// FocusLost is the other half.
func (l *rowList) FocusLost() { l.focused = false; l.update(true) }

// TypedRune hands letters on.
func (l *rowList) TypedRune(r rune) {
	if l.onRune != nil {
		l.onRune(r)
	}
}

// TypedKey moves the selection.
func (l *rowList) TypedKey(e *fyne.KeyEvent) {
	i, page := l.selected(), max(1, l.visible()-1)
	switch e.Name {
	case fyne.KeyDown:
		i++
	case fyne.KeyUp:
		if i < 0 {
			i = l.count()
		}
		i--
	case fyne.KeyPageDown:
		i = max(i, 0) + page
	case fyne.KeyPageUp:
		i -= page
	case fyne.KeyHome:
		i = 0
	case fyne.KeyEnd:
		i = l.count() - 1
	default:
		if l.onKey != nil {
			l.onKey(e)
		}
		return
	}
	if n := l.count(); n > 0 {
		l.choose(min(max(0, i), n-1))
	}
}

// TypedShortcut copies the chosen row.
func (l *rowList) TypedShortcut(s fyne.Shortcut) {
	if c, is := s.(*fyne.ShortcutCopy); is && l.onCopy != nil {
		if text := l.onCopy(); text != "" {
			c.Clipboard.SetContent(text)
		}
	}
}

// A rowBody is what is scrolled: as high as all rows, with objects for those in view. Row i is drawn by
// pool[i % len(pool)], so a step of scrolling draws only the rows that come into view.
type rowBody struct {
	widget.BaseWidget
	list *rowList
	pool []pooledRow
	objs []fyne.CanvasObject
	// extra are objects that lie behind the rows; laid out by their owner.
	extra []fyne.CanvasObject
}

type pooledRow struct {
	listRow
	shows int // position, -1: hidden
}

func (b *rowBody) CreateRenderer() fyne.WidgetRenderer { return rowBodyRenderer{b} }

type rowBodyRenderer struct{ b *rowBody }

func (r rowBodyRenderer) MinSize() fyne.Size {
	l := r.b.list
	return fyne.NewSize(60, l.top+l.height*float32(l.count()))
}
func (r rowBodyRenderer) Layout(fyne.Size)             { r.b.update(true) }
func (r rowBodyRenderer) Refresh()                     { r.b.update(true) }
func (r rowBodyRenderer) Objects() []fyne.CanvasObject { return r.b.objs }
func (r rowBodyRenderer) Destroy()                     {}

func (b *rowBody) update(all bool) {
	l := b.list
	for len(b.pool) < l.visible()+2 {
		row := l.newRow()
		b.pool = append(b.pool, pooledRow{row, -1})
		if len(b.objs) == 0 {
			b.objs = append(b.objs, b.extra...)
		}
		b.objs = append(b.objs, row.objects()...)
		all = true
	}
	width, n := b.Size().Width, l.count()
	for i := l.first(); i < l.first()+len(b.pool); i++ {
		p := &b.pool[i%len(b.pool)]
		if i >= n {
			p.hide()
			continue
		}
		if p.shows < 0 {
			setVisible(true, p.objects()...)
		}
		if all || p.shows != i {
			p.shows = i
			p.show(i, l.top+float32(i)*l.height, width)
		}
	}
	canvas.Refresh(b) // once for all: refreshing single texts would cost as much each
}

func (p *pooledRow) hide() {
	if p.shows >= 0 {
		setVisible(false, p.objects()...)
	}
	p.shows = -1
}

func setVisible(on bool, objects ...fyne.CanvasObject) {
	for _, o := range objects {
		if on {
			o.Show()
		} else {
			o.Hide()
		}
	}
}

// at is the row at a place of the body, -1: none.
func (b *rowBody) at(p fyne.Position) int {
	if p.Y < b.list.top {
		return -1
	}
	if i := int((p.Y - b.list.top) / b.list.height); i < b.list.count() {
		return i
	}
	return -1
}

// Tapped chooses a row and gives the keyboard to the list.
func (b *rowBody) Tapped(e *fyne.PointEvent) { b.focus(); b.tapped(b.at(e.Position), e, b.list.onTap) }

// TappedSecondary opens the menu of a row.
func (b *rowBody) TappedSecondary(e *fyne.PointEvent) {
	b.focus()
	b.tapped(b.at(e.Position), e, b.list.onMenu)
}

func (b *rowBody) tapped(i int, e *fyne.PointEvent, then func(int, *fyne.PointEvent)) {
	if i < 0 {
		return
	}
	b.list.choose(i)
	if then != nil {
		then(i, e)
	}
}

func (b *rowBody) focus() {
	c := fyne.CurrentApp().Driver().CanvasForObject(b)
	if f, is := b.list.self.(fyne.Focusable); is && c != nil {
		c.Focus(f)
	}
}

// MouseIn and the others make it desktop.Hoverable.
func (b *rowBody) MouseIn(e *desktop.MouseEvent) { b.MouseMoved(e) }

// MouseMoved lights the row up.
func (b *rowBody) MouseMoved(e *desktop.MouseEvent) { b.hover(b.at(e.Position), e) }

// MouseOut ends it.
func (b *rowBody) MouseOut() { b.hover(-1, nil) }

func (b *rowBody) hover(i int, e *desktop.MouseEvent) {
	if i != b.list.hovered {
		b.list.hovered = i
		b.update(true)
	}
	if b.list.onHover != nil {
		b.list.onHover(i, e)
	}
}
