//go:build cgo || !darwin

package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// A tipper shows a tooltip near a place of the window; an empty text hides it.
type tipper func(at fyne.Position, text string)

// A toolButton is a flat button that says on hover what it does: Fyne's has no tooltip.
type toolButton struct {
	widget.Button
	about string
	tip   tipper
}

func newToolButton(icon fyne.Resource, text, about string, tip tipper, f func()) *toolButton {
	b := &toolButton{about: about, tip: tip}
	b.ExtendBaseWidget(b)
	b.Icon, b.Text, b.OnTapped, b.Importance = icon, text, f, widget.LowImportance
	return b
}

// MouseIn also shows the tooltip.
func (b *toolButton) MouseIn(e *desktop.MouseEvent) {
	b.Button.MouseIn(e)
	b.tip(e.AbsolutePosition, b.about)
}

// MouseOut also hides it.
func (b *toolButton) MouseOut() {
	b.Button.MouseOut()
	b.tip(fyne.Position{}, "")
}

// Tapped also hides it: the button may mean something else now.
func (b *toolButton) Tapped(e *fyne.PointEvent) {
	b.tip(fyne.Position{}, "")
	b.Button.Tapped(e)
}

// A chip is a small switch with a word on it.
type chip struct {
	widget.BaseWidget
	text     string
	about    string
	tip      tipper
	onTapped func()
	on       bool
	hovered  bool
	focused  bool
	back     *canvas.Rectangle
	label    *canvas.Text
}

func newChip(text, about string, tip tipper, f func()) *chip {
	c := &chip{text: text, about: about, tip: tip, onTapped: f, back: &canvas.Rectangle{CornerRadius: 9, StrokeWidth: 1}}
	c.label = &canvas.Text{Text: text, TextSize: textSize, Alignment: fyne.TextAlignCenter}
	c.ExtendBaseWidget(c)
	return c
}

func (c *chip) set(on bool) {
	if c.on != on {
		c.on = on
		c.Refresh()
	}
}

// Tapped switches it.
func (c *chip) Tapped(*fyne.PointEvent) { c.onTapped() }

// MouseIn and the others make it desktop.Hoverable.
func (c *chip) MouseIn(e *desktop.MouseEvent) {
	c.hovered = true
	c.tip(e.AbsolutePosition, c.about)
	c.Refresh()
}

// MouseMoved does nothing.
func (c *chip) MouseMoved(*desktop.MouseEvent) {}

// MouseOut ends it.
func (c *chip) MouseOut() {
	c.hovered = false
	c.tip(fyne.Position{}, "")
	c.Refresh()
}

// FocusGained and the others make it fyne.Focusable.
func (c *chip) FocusGained() { c.focused = true; c.Refresh() }

// FocusLost is the other half.
func (c *chip) FocusLost() { c.focused = false; c.Refresh() }

// TypedRune does nothing.
func (c *chip) TypedRune(rune) {}

// TypedKey switches it.
func (c *chip) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeySpace || e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter {
		c.onTapped()
	}
}

func (c *chip) draw() {
	c.back.FillColor, c.back.StrokeColor = theme.Color(theme.ColorNameBackground), theme.Color(theme.ColorNameInputBorder)
	c.label.Color = theme.Color(colorMuted)
	if c.hovered {
		c.back.FillColor = theme.Color(theme.ColorNameHover)
	}
	if c.on {
		c.back.FillColor, c.label.Color = theme.Color(colorSelected), theme.Color(theme.ColorNameForeground)
		c.back.StrokeColor = theme.Color(theme.ColorNamePrimary)
	}
	if c.focused {
		c.back.StrokeColor = theme.Color(theme.ColorNamePrimary)
	}
	const height = 20
	s := c.Size()
	place(c.back, 2, round((s.Height-height)/2), s.Width-4, height)
	place(c.label, 0, 0, s.Width, s.Height)
}

func (c *chip) CreateRenderer() fyne.WidgetRenderer { return chipRenderer{c} }

type chipRenderer struct{ c *chip }

func (r chipRenderer) MinSize() fyne.Size           { return fyne.NewSize(r.c.label.MinSize().Width+22, 26) }
func (r chipRenderer) Layout(fyne.Size)             { r.c.draw() }
func (r chipRenderer) Refresh()                     { r.c.draw(); canvas.Refresh(r.c) }
func (r chipRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.c.back, r.c.label} }
func (r chipRenderer) Destroy()                     {}
