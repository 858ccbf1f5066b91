//go:build cgo || !darwin

package ui

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"huygens/devserver/trace"
)

// statusBar tells, along the lower edge, where the chosen site is and how much is kept, and what the five
// colours mean.
type statusBar struct {
	content fyne.CanvasObject
	text    *line
	notice  string // of the last thing that went wrong; goes with the next command that works
}

func newStatusBar() *statusBar {
	b := &statusBar{text: newLine(captionSize, 8)}
	b.content = container.NewStack(newPaint(colorPanel, 0, 0), container.NewBorder(
		newPaint(theme.ColorNameSeparator, 1, 1), nil, nil, newLegend(), b.text))
	return b
}

func (b *statusBar) show(chosen Site, s Status) {
	muted := func(text string) part { return part{text: text, color: colorMuted} }
	parts := []part{}
	if b.notice != "" {
		parts = append(parts, part{text: printable(b.notice), color: theme.ColorNameError, gives: true})
	}
	if chosen.ID != "" {
		where := chosen.URL
		if where == "" {
			where = chosen.Name + " is " + string(chosen.State)
		}
		parts = append(parts, part{text: printable(where), color: theme.ColorNameForeground, gives: true})
	}
	if s.Problems > 0 {
		parts = append(parts, part{text: counted(s.Problems, "problem", "problems"), color: theme.ColorNameWarning})
	}
	if s.NotRecording {
		parts = append(parts, part{text: "not recording", color: theme.ColorNameWarning})
	}
	b.text.set(append(parts, muted(foldersText(s)), muted(keptText(s)), muted(memoryText(s)))...)
}

func foldersText(s Status) string {
	switch {
	case s.WatchedFolders == 0:
		return ""
	case s.Polled > 0:
		return fmt.Sprintf("%s watched, %s of them by polling", counted(s.WatchedFolders, "folder", "folders"), grouped(s.Polled))
	}
	return counted(s.WatchedFolders, "folder", "folders") + " watched"
}

func keptText(s Status) string {
	limit := s.TraceLimit
	if limit <= 0 {
		limit = defaultLimit
	}
	return fmt.Sprintf("%s of %s requests kept", grouped(s.TracesKept), grouped(limit))
}

func memoryText(s Status) string {
	if s.TraceByteLimit <= 0 {
		return ""
	}
	return byteText(s.TraceBytes) + " of " + byteText(s.TraceByteLimit)
}

// A legend names the five colours.
type legend struct {
	widget.BaseWidget
	boxes [5]*canvas.Rectangle
	names [5]*canvas.Text
	objs  []fyne.CanvasObject
}

func newLegend() *legend {
	l := &legend{}
	for i := range l.boxes {
		l.boxes[i], l.names[i] = &canvas.Rectangle{CornerRadius: 1}, &canvas.Text{Text: trace.Stage(i).String(), TextSize: captionSize}
		l.objs = append(l.objs, l.boxes[i], l.names[i])
	}
	l.ExtendBaseWidget(l)
	return l
}

func (l *legend) CreateRenderer() fyne.WidgetRenderer { return legendRenderer{l} }

type legendRenderer struct{ l *legend }

const legendBox = 9

func (r legendRenderer) MinSize() fyne.Size {
	w := float32(8)
	for _, n := range r.l.names {
		w += legendBox + 6 + n.MinSize().Width + 12
	}
	return fyne.NewSize(w, captionSize+12)
}

func (r legendRenderer) Layout(s fyne.Size) {
	x := float32(0)
	for i, n := range r.l.names {
		r.l.boxes[i].FillColor, n.Color = theme.Color(stageColors[i]), theme.Color(colorMuted)
		place(r.l.boxes[i], x, round((s.Height-legendBox)/2), legendBox, legendBox)
		x += legendBox + 6
		wide := n.MinSize().Width
		place(n, x, 0, wide, s.Height)
		x += wide + 12
	}
}
func (r legendRenderer) Refresh()                     { r.Layout(r.l.Size()); canvas.Refresh(r.l) }
func (r legendRenderer) Objects() []fyne.CanvasObject { return r.l.objs }
func (r legendRenderer) Destroy()                     {}
