//go:build cgo || !darwin

package ui

import (
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

const (
	tipLines  = 9
	tipHeight = 16
	tipWidest = 560
)

// A tip is the layer of the tooltip, the last object of the window's content. Fyne has none: a widget that
// can neither be tapped nor hovered lets every event through, unlike a pop-up.
type tip struct {
	widget.BaseWidget
	back  *canvas.Rectangle
	lines [tipLines]*canvas.Text
	objs  []fyne.CanvasObject
	text  string
	face  *face
}

func newTip() *tip {
	t := &tip{back: canvas.NewRectangle(color.Transparent), face: newFace(captionSize, fyne.TextStyle{})}
	t.back.CornerRadius, t.back.StrokeWidth = 4, 1
	t.objs = append(t.objs, t.back)
	for i := range t.lines {
		t.lines[i] = canvas.NewText("", color.Transparent)
		t.lines[i].TextSize = captionSize
		t.objs = append(t.objs, t.lines[i])
	}
	t.ExtendBaseWidget(t)
	t.Hide()
	return t
}

// show puts up to nine lines near a place of the window; no text hides it.
func (t *tip) show(at fyne.Position, text string) {
	if text == "" {
		t.dismiss()
		return
	}
	if text != t.text || t.Hidden {
		t.text = text
		t.write(strings.Split(text, "\n"))
	}
	size := t.back.Size()
	at = at.Subtract(fyne.CurrentApp().Driver().AbsolutePositionForObject(t)).AddXY(14, 18)
	if at.Y+size.Height > t.Size().Height { // no room below the pointer: above it
		at.Y = max(0, at.Y-size.Height-26)
	}
	at.X = max(0, min(at.X, t.Size().Width-size.Width-4))
	t.back.Move(at)
	for i, l := range t.lines {
		l.Move(at.AddXY(8, 4+float32(i)*tipHeight))
	}
	t.Show()
	canvas.Refresh(t)
}

func (t *tip) write(lines []string) {
	width, n := float32(0), 0
	for i, l := range t.lines {
		l.Text = ""
		if i < len(lines) {
			l.Color = theme.Color(theme.ColorNameForeground)
			l.Text = t.face.clip(lines[i], tipWidest)
			width, n = max(width, l.MinSize().Width), i+1
		}
		l.Resize(fyne.NewSize(width, tipHeight))
	}
	t.back.FillColor, t.back.StrokeColor = theme.Color(theme.ColorNameOverlayBackground), theme.Color(theme.ColorNameInputBorder)
	t.back.Resize(fyne.NewSize(width+16, float32(n)*tipHeight+8))
}

// dismiss hides it.
func (t *tip) dismiss() {
	if !t.Hidden {
		t.Hide()
	}
}

func (t *tip) CreateRenderer() fyne.WidgetRenderer { return tipRenderer{t} }

type tipRenderer struct{ t *tip }

func (r tipRenderer) Layout(fyne.Size)             {}
func (r tipRenderer) MinSize() fyne.Size           { return fyne.Size{} }
func (r tipRenderer) Objects() []fyne.CanvasObject { return r.t.objs }
func (r tipRenderer) Refresh()                     {}
func (r tipRenderer) Destroy()                     {}
