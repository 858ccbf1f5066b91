//go:build cgo || !darwin

package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// An emptyState stands where there is nothing to see, and says what to do about it.
type emptyState struct {
	widget.BaseWidget
	title  *widget.RichText
	text   *widget.RichText
	button *widget.Button
	box    *fyne.Container
}

func newEmptyState() *emptyState {
	e := &emptyState{title: heading(""), text: quiet("", fyne.TextAlignCenter), button: widget.NewButton("", nil)}
	e.button.Importance = widget.HighImportance
	e.box = container.NewCenter(container.NewVBox(container.NewHBox(spring(), e.title, spring()), e.text, container.NewHBox(spring(), e.button, spring())))
	e.ExtendBaseWidget(e)
	return e
}

func (e *emptyState) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(e.box) }

// MinSize is small: the text must not hold the window open.
func (e *emptyState) MinSize() fyne.Size { return fyne.NewSize(10, 10) }

func (e *emptyState) say(title, text, button string, f func()) {
	const longest = 110
	setRich(e.title, clipRunes(title, longest))
	setRich(e.text, clipRunes(text, longest))
	setVisible(button != "", e.button)
	e.button.OnTapped = f
	if button = clipRunes(button, 60); e.button.Text != button {
		e.button.SetText(button)
	}
	e.Show()
}

func clipRunes(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

func heading(text string) *widget.RichText {
	return widget.NewRichText(&widget.TextSegment{Text: text, Style: widget.RichTextStyle{
		Alignment: fyne.TextAlignCenter, SizeName: theme.SizeNameSubHeadingText, TextStyle: fyne.TextStyle{Bold: true},
	}})
}

// quiet is a text in the muted colour: a Label of low importance would be as pale as a disabled one.
func quiet(text string, align fyne.TextAlign) *widget.RichText {
	return widget.NewRichText(&widget.TextSegment{Text: text, Style: widget.RichTextStyle{Alignment: align, ColorName: colorMuted, SizeName: theme.SizeNameText}})
}

func setRich(h *widget.RichText, text string) {
	if s, is := h.Segments[0].(*widget.TextSegment); is && s.Text != text {
		s.Text = text
		h.Refresh()
	}
}

func spring() fyne.CanvasObject { return layout.NewSpacer() }

// newWelcome stands beside an empty list of sites.
func newWelcome(openFolder func(), starters []Starter, newSite func(starter string)) fyne.CanvasObject {
	text := quiet("Drop a folder here, or choose one. Its pages run at once; every request shows its stages here.", fyne.TextAlignCenter)
	open := widget.NewButtonWithIcon("Open folder…", theme.FolderOpenIcon(), openFolder)
	open.Importance = widget.HighImportance
	box := container.NewVBox(container.NewHBox(spring(), heading("Serve a folder"), spring()), text, container.NewHBox(spring(), open, spring()))
	if len(starters) > 0 {
		box.Add(quiet("Or begin with a starter:", fyne.TextAlignCenter))
		grid := container.New(layout.NewFormLayout())
		for _, s := range starters {
			grid.Add(widget.NewButton(printable(s.Name), func() { newSite(s.Name) }))
			grid.Add(widget.NewLabel(printable(s.Description)))
		}
		box.Add(container.NewHBox(spring(), grid, spring()))
	}
	return container.NewStack(newPaint(theme.ColorNameBackground, 0, 0), container.NewCenter(box))
}

// fixedWidth gives its object this width, so that a changing text moves nothing beside it.
type fixedWidth struct{ width float32 }

func (f fixedWidth) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(f.width, objects[0].MinSize().Height)
}

func (f fixedWidth) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	h := objects[0].MinSize().Height
	objects[0].Move(fyne.NewPos(0, (s.Height-h)/2))
	objects[0].Resize(fyne.NewSize(f.width, h))
}
