//go:build cgo || !darwin

package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// A part is a stretch of text in a line.
type part struct {
	text  string // printable
	color fyne.ThemeColorName
	bold  bool
	gives bool // cut first where there is no room
}

// A line is one line of text in several colours that never is wider than its place.
type line struct {
	widget.BaseWidget
	faces  [2]*face // plain, bold
	margin float32  // on the left
	parts  []part
	texts  []*canvas.Text
	objs   []fyne.CanvasObject
}

func newLine(size, margin float32) *line {
	l := &line{margin: margin, faces: [2]*face{newFace(size, fyne.TextStyle{}), newFace(size, fyne.TextStyle{Bold: true})}}
	l.ExtendBaseWidget(l)
	return l
}

// set replaces the text; parts without text are left out.
func (l *line) set(parts ...part) {
	l.parts = l.parts[:0]
	for _, p := range parts {
		if p.text != "" {
			l.parts = append(l.parts, p)
		}
	}
	for len(l.texts) < len(l.parts) {
		t := &canvas.Text{TextSize: l.faces[0].size}
		l.texts, l.objs = append(l.texts, t), append(l.objs, t)
	}
	l.Refresh()
}

const partGap = 14

func (l *line) draw() {
	widths := make([]float32, len(l.parts))
	room := l.BaseWidget.Size().Width - 2*l.margin
	for i, p := range l.parts {
		widths[i] = l.face(p).width(p.text) + 1
		room -= widths[i] + partGap
	}
	for _, giving := range []bool{true, false} {
		for i := len(l.parts) - 1; i >= 0 && room < -partGap; i-- {
			if l.parts[i].gives == giving {
				cut := min(widths[i], -room-partGap)
				widths[i] -= cut
				room += cut
			}
		}
	}
	x := l.margin
	for i, t := range l.texts {
		if i >= len(l.parts) {
			t.Text = ""
			continue
		}
		p := l.parts[i]
		t.Color, t.TextStyle = theme.Color(p.color), l.face(p).style
		t.Text = l.face(p).clip(p.text, widths[i])
		t.Move(fyne.NewPos(x, 0))
		t.Resize(fyne.NewSize(widths[i], l.BaseWidget.Size().Height))
		x += widths[i] + partGap
	}
}

func (l *line) face(p part) *face {
	if p.bold {
		return l.faces[1]
	}
	return l.faces[0]
}

func (l *line) CreateRenderer() fyne.WidgetRenderer { return lineRenderer{l} }

type lineRenderer struct{ l *line }

func (r lineRenderer) MinSize() fyne.Size           { return fyne.NewSize(40, r.l.faces[0].size+12) }
func (r lineRenderer) Layout(fyne.Size)             { r.l.draw() }
func (r lineRenderer) Refresh()                     { r.l.draw(); canvas.Refresh(r.l) }
func (r lineRenderer) Objects() []fyne.CanvasObject { return r.l.objs }
func (r lineRenderer) Destroy()                     {}

// A paint is a rectangle that follows the theme.
type paint struct {
	widget.BaseWidget
	name fyne.ThemeColorName
	min  fyne.Size
	rect *canvas.Rectangle
}

func newPaint(name fyne.ThemeColorName, width, height float32) *paint {
	p := &paint{name: name, min: fyne.NewSize(width, height), rect: &canvas.Rectangle{}}
	p.ExtendBaseWidget(p)
	return p
}

func (p *paint) CreateRenderer() fyne.WidgetRenderer { return paintRenderer{p} }

type paintRenderer struct{ p *paint }

func (r paintRenderer) MinSize() fyne.Size { return r.p.min }
func (r paintRenderer) Layout(s fyne.Size) {
	r.p.rect.FillColor = theme.Color(r.p.name)
	r.p.rect.Resize(s)
}
func (r paintRenderer) Refresh()                     { r.Layout(r.p.Size()); canvas.Refresh(r.p) }
func (r paintRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.p.rect} }
func (r paintRenderer) Destroy()                     {}
